/** A slow view never makes the buffer grow, and what it missed is counted exactly. */
import { expect, it } from 'vitest'
import { tailBuffer } from './tailBuffer.ts'

const buffer = (maxItems: number, maxBytes: number, now = () => 0) =>
  tailBuffer<string>({ maxItems, maxBytes, sizeOf: (item) => item.length, now })

const load = <T>(items: readonly T[], sizeOf: (item: T) => number = (item) => String(item).length) => ({
  count: items.length,
  bytes: items.reduce((sum, item) => sum + sizeOf(item), 0),
  items: () => items,
})

it('drops the oldest beyond its size and counts them', () => {
  const tail = buffer(3, 1_000)
  tail.push(load(['a', 'b']))
  tail.push(load(['c', 'd', 'e']))
  expect(tail.take()).toEqual({ items: ['c', 'd', 'e'], seen: 5, dropped: 2 })
  tail.push(load(['f']))
  expect(tail.take()).toEqual({ items: ['f'], seen: 6, dropped: 2 })
})

it('drops by bytes too, but keeps one item however large', () => {
  const tail = buffer(100, 5)
  tail.push(load(['aaa', 'bbb']))
  expect(tail.take()).toEqual({ items: ['bbb'], seen: 2, dropped: 1 })
  tail.push(load(['far too large']))
  expect(tail.take()).toEqual({ items: ['far too large'], seen: 3, dropped: 1 })
})

it('hands out a burst in batches, oldest first, and counts as seen only what was handed out or dropped', () => {
  const tail = tailBuffer<number>({ maxItems: 2_000, maxBytes: 1e9, sizeOf: () => 1 })
  tail.push(
    load(
      Array.from({ length: 2_100 }, (_, n) => n),
      () => 1,
    ),
  )
  const taken: number[] = []
  for (let batch = tail.take(); batch.items.length > 0; batch = tail.take()) {
    expect(batch.items.length).toBeLessThanOrEqual(400)
    taken.push(...batch.items)
    expect(batch.seen).toBe(taken.length + 100)
  }
  expect(taken).toEqual(Array.from({ length: 2_000 }, (_, n) => n + 100))
  const large = tailBuffer<number>({
    maxItems: 9,
    maxBytes: 1e9,
    sizeOf: (n) => n,
    shownSizeOf: () => 100_000,
  })
  large.push(load([300_000, 300_000, 1], (n) => n))
  expect(large.take().items).toEqual([300_000, 300_000])
  expect(large.take().items).toEqual([1])
})

it('never makes the items of what a fast stream drops', () => {
  const tail = tailBuffer<number>({ maxItems: 2_000, maxBytes: 1e9, sizeOf: () => 1 })
  let made = 0
  for (let n = 0; n < 1_000; n += 1)
    tail.push({
      count: 500,
      bytes: 500,
      items: () => {
        made += 1
        return Array.from({ length: 500 }, (_, nth) => n * 500 + nth)
      },
    })
  expect(made).toBe(0)
  const taken: number[] = []
  for (let batch = tail.take(); batch.items.length > 0; batch = tail.take()) taken.push(...batch.items)
  expect(taken).toEqual(Array.from({ length: 2_000 }, (_, n) => 498_000 + n))
  expect(made).toBe(4)
  expect(tail.take()).toEqual({ items: [], seen: 500_000, dropped: 498_000 })
})

it('takes the rate over the last seconds', () => {
  let time = 0
  const tail = buffer(100, 1_000, () => time)
  time = 2_000
  tail.push(load(['a', 'b', 'c', 'd']))
  expect(tail.rate()).toBe(2)
  time = 60_000
  expect(tail.rate()).toBe(0)
})

it('wakes when something arrives, fails or is cancelled', async () => {
  const tail = buffer(10, 1_000)
  const never = new AbortController().signal
  const arrived = tail.wait(60_000, never)
  tail.push(load(['a']))
  await arrived
  tail.take()
  const cancelled = new AbortController()
  const waiting = tail.wait(60_000, cancelled.signal)
  cancelled.abort()
  await waiting
  const failed = tail.wait(60_000, never)
  tail.fail(new Error('the stream is gone'))
  await expect(failed).rejects.toThrow('the stream is gone')
})
