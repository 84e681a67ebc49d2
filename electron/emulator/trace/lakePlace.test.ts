import { expect, it } from 'vitest'
import { lineOf } from './lakePlace.ts'

it('counts the lines of the offsets before it, without what the file leaves out', () => {
  const ranges = [
    [10n, 12n],
    [20n, 20n],
    [30n, 39n],
  ] as const
  expect([10n, 12n, 20n, 30n, 39n].map((offset) => lineOf({ ranges }, offset))).toEqual([1, 3, 4, 5, 14])
  expect([9n, 13n, 21n, 40n].map((offset) => lineOf({ ranges }, offset))).toEqual([null, null, null, null])
})
