import { describe, expect, it } from 'vitest'
import { mergedHistograms } from '../../shared/histogram.ts'
import { timeCounter } from './histogram.ts'

/** The same by counting each time anew, at the width that came out. */
function counted(times: readonly number[], wanted: (time: number) => boolean) {
  const counter = timeCounter()
  for (const time of times) counter.add(time, wanted(time))
  const read = counter.read()
  if (read === null) throw new Error('nothing')
  const { start, stepMs } = read
  const count = (some: readonly number[]) =>
    read.scanned.map((_, at) => some.filter((time) => Math.floor((time - start) / stepMs) === at).length)
  return { read, expected: { scanned: count(times), matched: count(times.filter(wanted)) } }
}

describe('a histogram by time', () => {
  it('counts every message once, wherever the times go', () => {
    let seed = 42
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed / 2 ** 31
    }
    for (const spread of [0, 500, 90_000, 10_000_000, 10 ** 11]) {
      const times = Array.from({ length: 500 }, () => Math.floor(1.7e12 + (random() - 0.5) * spread))
      const { read, expected } = counted(times, (time) => time % 3 === 0)
      expect({ scanned: read.scanned, matched: read.matched }).toEqual(expected)
      expect(read.scanned.length).toBeLessThanOrEqual(120)
      expect(read.scanned.reduce((a, b) => a + b)).toBe(500)
      expect(read.start % read.stepMs).toBe(0)
    }
  })

  it('takes a time of zero, and leaves out what is no time: it would make one bucket of all others', () => {
    const { read, expected } = counted([0, 3, 5_000], () => true)
    expect(read.scanned).toEqual(expected.scanned)
    const strange = counted([0, -1, 3, 1.7e18, 5_000], () => true)
    expect(strange.read).toEqual(read)
  })

  it('is put together of parts as if it had been counted at once', () => {
    let seed = 7
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed / 2 ** 31
    }
    for (const [one, other] of [
      [10_000, 10_000],
      [1_000, 10 ** 9],
      [10 ** 10, 50_000],
    ] as const) {
      const some = Array.from({ length: 300 }, () => Math.floor(1.7e12 - random() * one))
      const more = Array.from({ length: 200 }, () => Math.floor(1.7e12 + random() * other))
      const counted = (times: readonly number[]) => {
        const counter = timeCounter()
        for (const time of times) counter.add(time, time % 5 === 0)
        return counter.read()
      }
      const merged = mergedHistograms(counted(some), counted(more))
      if (merged === null) throw new Error('nothing')
      const { start, stepMs, scanned, matched } = merged
      const all = [...some, ...more]
      const inBucket = (times: readonly number[]) =>
        scanned.map((_, at) => times.filter((time) => Math.floor((time - start) / stepMs) === at).length)
      expect(scanned).toEqual(inBucket(all))
      expect(matched).toEqual(inBucket(all.filter((time) => time % 5 === 0)))
      expect(scanned.length).toBeLessThanOrEqual(120)
      expect(mergedHistograms(null, merged)).toEqual(merged)
    }
  })

  it('is nothing before the first', () => {
    expect(timeCounter().read()).toBeNull()
  })
})
