import { expect, it } from 'vitest'
import { comeAbove, movedTo } from './tableLayout.ts'

it('moves by keys and stays inside', () => {
  expect(movedTo('ArrowDown', 3, 5)).toBe(4)
  expect(movedTo('ArrowDown', 4, 5)).toBe(4)
  expect(movedTo('PageUp', 3, 5)).toBe(0)
  expect(movedTo('End', 0, 5)).toBe(4)
  expect(movedTo('Home', 4, 5)).toBe(0)
  expect(movedTo('x', 4, 5)).toBeUndefined()
})

it('counts what came in above', () => {
  const key = (row: number) => String(row)
  expect(comeAbove([5, 4, 3, 2], key, '3')).toBe(2)
  expect(comeAbove([3, 2], key, '3')).toBe(0)
  expect(comeAbove([9, 8], key, '3')).toBe(0)
  expect(comeAbove([9, 8], key, null)).toBe(0)
})
