import { expect, it } from 'vitest'
import { compareAnswers, comparisonText, isSame } from './compareAnswers.ts'
import type { Answer, Value } from './notebooks.ts'

const answer = (rows: Value[][]): Answer => ({
  columns: ['country', 'category', 'category_count'],
  rows,
  truncated: false,
})

it('equal answers are the same, whatever the order of their rows', () => {
  const a = answer([
    ['Albania', 'art', 5],
    ['Peru', 'travel', 2],
  ])
  const b = answer([...a.rows].reverse())
  const comparison = compareAnswers(a, b, 1)
  expect(isSame(comparison)).toBe(true)
  expect(comparisonText(comparison)).toBe('The same.')
  expect(comparison.rows.map(({ key, difference }) => [key[0], difference])).toEqual([
    ['Albania', 0],
    ['Peru', 0],
  ])
})

it('rows about the same stand side by side: another number, another category, only in one', () => {
  const comparison = compareAnswers(
    answer([
      ['Albania', 'art', 5],
      ['Peru', 'travel', 2],
      ['Chad', 'home', 1],
    ]),
    answer([
      ['Albania', 'art', 7],
      ['Peru', 'education', 3],
      ['Mali', 'home', 1],
    ]),
    1,
  )
  expect(comparison.keys).toEqual(['country'])
  expect(comparison.values).toEqual(['category', 'category_count'])
  expect(comparison.rows).toEqual([
    { key: ['Albania'], a: ['art', 5], b: ['art', 7], same: false, difference: 2 },
    { key: ['Peru'], a: ['travel', 2], b: ['education', 3], same: false, difference: 1 },
    { key: ['Chad'], a: ['home', 1], b: null, same: false, difference: null },
    { key: ['Mali'], a: null, b: ['home', 1], same: false, difference: null },
  ])
  expect(comparisonText(comparison)).toBe('2 rows differ, 1 only in the first, 1 only in the second.')
})

it('ties: those that say the same belong together, then those of the same category', () => {
  const comparison = compareAnswers(
    answer([
      ['Peru', 'art', 2],
      ['Peru', 'beauty', 2],
      ['Peru', 'travel', 2],
    ]),
    answer([
      ['Peru', 'travel', 2],
      ['Peru', 'beauty', 3],
    ]),
    1,
  )
  expect(comparison.rows.map(({ a, b }) => [a?.[0], b?.[0]])).toEqual([
    ['art', undefined],
    ['beauty', 'beauty'],
    ['travel', 'travel'],
  ])
  expect(comparisonText(comparison)).toBe('1 row differs, 1 only in the first.')
})

it('where the whole row is the answer, rows stand side by side in their order; nothing against nothing is the same', () => {
  const one = (rows: Value[][]): Answer => ({
    columns: ['country', 'follower_count'],
    rows,
    truncated: false,
  })
  expect(compareAnswers(one([['Samoa', 8_000_000]]), one([['Mali', 5_000_000]]), 0).rows).toEqual([
    { key: [], a: ['Samoa', 8_000_000], b: ['Mali', 5_000_000], same: false, difference: -3_000_000 },
  ])
  expect(isSame(compareAnswers(one([]), one([]), 0))).toBe(true)
  expect(compareAnswers(one([]), one([['Mali', null]]), 0)).toMatchObject({
    onlyB: 1,
    values: ['country', 'follower_count'],
    rows: [{ difference: null }],
  })
})
