import { expect, it } from 'vitest'
import { chartOf, yearsOf } from './chartOf.ts'

it('countries: bars of the largest, and how many are left for the table', () => {
  const rows = Array.from({ length: 15 }, (_, nth) => [`country ${nth}`, 'art', nth])
  const chart = chartOf('category_by_country', { rows })
  expect(chart).toMatchObject({ kind: 'bars', left: 3 })
  if (chart?.kind === 'bars') {
    expect(chart.bars).toHaveLength(12)
    expect(chart.bars[0]).toEqual({ label: 'country 14', note: 'art', value: 14 })
  }
})

it('age groups: from the youngest on, whatever order the table has', () => {
  const rows = [
    ['+50', 92.5],
    ['18-24', 92_000],
    ['25-35', 7_000],
  ]
  const chart = chartOf('followers_by_age', { rows })
  expect(chart?.kind === 'bars' && chart.bars.map(({ label }) => label)).toEqual(['18-24', '25-35', '+50'])
  const lines = chartOf('followers_by_year_and_age', {
    rows: [
      ['+50', 2015, 1],
      ['18-24', 2015, 2],
      ['18-24', 2017, 3],
    ],
  })
  expect(lines).toEqual({
    kind: 'years',
    lines: [
      {
        label: '18-24',
        points: [
          { year: 2015, value: 2 },
          { year: 2017, value: 3 },
        ],
      },
      { label: '+50', points: [{ year: 2015, value: 1 }] },
    ],
  })
  if (lines?.kind === 'years') expect(yearsOf(lines.lines)).toEqual([2015, 2016, 2017])
})

it('one figure where the answer is one; nothing where nothing came, or no number', () => {
  expect(chartOf('top_country', { rows: [['American Samoa', 8_000_000]] })).toEqual({
    kind: 'figure',
    value: 8_000_000,
    of: ['American Samoa'],
  })
  expect(chartOf('joined_by_year', { rows: [] })).toBeNull()
  expect(chartOf('joined_by_year', { rows: [[2015, null]] })).toBeNull()
  expect(yearsOf([])).toEqual([])
})
