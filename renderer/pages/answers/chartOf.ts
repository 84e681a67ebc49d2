/** What is drawn of an answer: bars of its largest rows, lines over the years, or the one figure it comes to. */
import { type Answer, type AnswerId, ageGroups } from '../../../shared/notebooks.ts'

export interface Bar {
  readonly label: string
  /** What else the row says: the category, the user's name. */
  readonly note: string
  readonly value: number
}

export interface YearLine {
  /** The age group; empty where there is one line only. */
  readonly label: string
  readonly points: readonly { readonly year: number; readonly value: number }[]
}

export type ChartModel =
  | { readonly kind: 'bars'; readonly bars: readonly Bar[]; readonly left: number }
  | { readonly kind: 'years'; readonly lines: readonly YearLine[] }
  /** Several where they tie. */
  | { readonly kind: 'figure'; readonly value: number; readonly of: readonly string[] }

/** More bars than these say no more than the table. */
const mostBars = 12

const text = (value: unknown) => (value === null || value === undefined ? '' : String(value))
const ageOf = (group: string) => {
  const at = (ageGroups as readonly string[]).indexOf(group)
  return at < 0 ? ageGroups.length : at
}

/** Null where there is nothing to draw. */
export function chartOf(id: AnswerId, { rows }: Pick<Answer, 'rows'>): ChartModel | null {
  const told = rows.filter((row) => typeof row.at(-1) === 'number')
  if (told.length === 0) return null
  const number = (row: Answer['rows'][number]) => Number(row.at(-1))
  const bars = told.map((row) => ({
    label: text(row[0]),
    note: row.length > 2 ? text(row[1]) : '',
    value: number(row),
  }))
  switch (id) {
    case 'top_country':
      return { kind: 'figure', value: bars[0]?.value ?? 0, of: bars.map(({ label }) => label) }
    case 'joined_by_year':
    case 'followers_by_year':
      return {
        kind: 'years',
        lines: [{ label: '', points: told.map((row) => ({ year: Number(row[0]), value: number(row) })) }],
      }
    case 'followers_by_year_and_age': {
      const groups = [...new Set(told.map((row) => text(row[0])))].sort((a, b) => ageOf(a) - ageOf(b))
      const points = (group: string) =>
        told
          .filter((row) => text(row[0]) === group)
          .map((row) => ({ year: Number(row[1]), value: number(row) }))
      return { kind: 'years', lines: groups.map((label) => ({ label, points: points(label) })) }
    }
    case 'category_by_age':
    case 'followers_by_age':
      return { kind: 'bars', bars: bars.sort((a, b) => ageOf(a.label) - ageOf(b.label)), left: 0 }
    case 'category_by_year':
      return { kind: 'bars', bars: bars.slice(0, mostBars), left: Math.max(0, bars.length - mostBars) }
    case 'category_by_country':
    case 'top_user_by_country':
      return {
        kind: 'bars',
        bars: bars.sort((a, b) => b.value - a.value).slice(0, mostBars),
        left: Math.max(0, bars.length - mostBars),
      }
  }
}

/** The years of all lines, without a gap. */
export function yearsOf(lines: readonly YearLine[]): number[] {
  const all = lines.flatMap(({ points }) => points.map(({ year }) => year))
  const first = Math.min(...all)
  return all.length === 0 ? [] : Array.from({ length: Math.max(...all) - first + 1 }, (_, nth) => first + nth)
}
