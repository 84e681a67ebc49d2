import { expect, it } from 'vitest'
import { arrivedSince, emptyTail, tailKept, withBatch } from './tail.ts'

const batch = (from: number, count: number) => ({
  items: Array.from({ length: count }, (_, n) => from + n),
  seen: from + count,
  dropped: 0,
  rate: 1,
})

it('keeps the newest, newest first, and counts what it lets go', () => {
  const one = withBatch<number>(emptyTail, batch(0, 3))
  expect(one.items).toEqual([2, 1, 0])
  const full = withBatch(one, batch(3, tailKept))
  expect(full.items).toHaveLength(tailKept)
  expect(full.items[0]).toBe(tailKept + 2)
  expect(full.pushedOut).toBe(3)
})

it('says how many arrived while it was held still, also past its bound', () => {
  const held = withBatch<number>(emptyTail, batch(0, 5))
  expect(arrivedSince(held, held)).toBe(0)
  const later = withBatch(withBatch(held, batch(5, tailKept)), batch(5 + tailKept, 7))
  expect(arrivedSince(held, later)).toBe(tailKept + 7)
})
