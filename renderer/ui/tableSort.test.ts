import { describe, expect, it } from 'vitest'
import { nextSort, orderOf, type SortValue } from './tableSort.ts'

const sorted = (values: readonly SortValue[], order: 'ascending' | 'descending' = 'ascending') =>
  orderOf(values, order).map((at) => values[at])

describe('the order of a column', () => {
  it('goes by number, however long, and never by digits', () => {
    expect(sorted([9, 100, -1, 20])).toEqual([-1, 9, 20, 100])
    expect(sorted([9n, 10n ** 18n + 1n, 10n ** 18n])).toEqual([9n, 10n ** 18n, 10n ** 18n + 1n])
  })

  it('counts in texts as a person does, whatever their case', () => {
    expect(sorted(['part 10', 'Part 2', 'part 1', 'alone'])).toEqual(['alone', 'part 1', 'Part 2', 'part 10'])
  })

  it('has what is unknown last in either direction', () => {
    expect(sorted([null, 2, Number.NaN, 1])).toEqual([1, 2, null, Number.NaN])
    expect(sorted([null, 1, 2], 'descending')).toEqual([2, 1, null])
  })

  it('leaves equal ones as they came, in either direction', () => {
    const values = [1, 0, 1, 0]
    expect(orderOf(values, 'ascending')).toEqual([1, 3, 0, 2])
    expect(orderOf(values, 'descending')).toEqual([0, 2, 1, 3])
  })

  it('is the same from the order of a moment ago', () => {
    const before = orderOf([5, 5, null, 1, 9, null], 'descending')
    const now = [5, 5, 3, null, 9, null]
    expect(orderOf(now, 'descending', before)).toEqual(orderOf(now, 'descending'))
    expect(orderOf([2, 1], 'ascending', before)).toEqual([1, 0])
  })
})

it('goes from ascending over descending to none, and begins anew at another column', () => {
  const first = nextSort(null, 'a')
  expect(first).toEqual({ key: 'a', order: 'ascending' })
  expect(nextSort(first, 'b')).toEqual({ key: 'b', order: 'ascending' })
  const second = nextSort(first, 'a')
  expect(second).toEqual({ key: 'a', order: 'descending' })
  expect(nextSort(second, 'a')).toBeNull()
})
