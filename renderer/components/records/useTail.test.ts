import { expect, it } from 'vitest'
import { tailKept, withBatch } from './useTail.ts'

const empty = { items: [], numbers: null, pushedOut: 0, problem: null }
const batch = (items: number[]) => ({ items, seen: items.length, dropped: 0, rate: 1 })

it('keeps the newest on top and counts what it pushes out', () => {
  const first = withBatch<number>(empty, batch([1, 2, 3]))
  expect(withBatch(first, batch([4])).items).toEqual([4, 3, 2, 1])
  const many = Array.from({ length: tailKept }, (_, n) => n + 10)
  const full = withBatch(first, batch(many))
  expect(full.items).toHaveLength(tailKept)
  expect(full.items[0]).toBe(many.at(-1))
  expect(full.pushedOut).toBe(3)
})
