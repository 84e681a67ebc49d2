/** The same question answered by two runs: which rows belong together, and what differs. */
import type { Answer, Value } from './notebooks.ts'

export interface ComparedRow {
  /** What the row is about. */
  readonly key: readonly Value[]
  /** The other columns, as each run has them; null where it has no such row. */
  readonly a: readonly Value[] | null
  readonly b: readonly Value[] | null
  readonly same: boolean
  /** Of the last column, `b` less `a`; null where one of them has no number there. */
  readonly difference: number | null
}

export interface Comparison {
  readonly keys: readonly string[]
  readonly values: readonly string[]
  readonly rows: readonly ComparedRow[]
  /** Rows of both that say something else. */
  readonly changed: number
  readonly onlyA: number
  readonly onlyB: number
}

type Row = readonly Value[]

const textOf = (row: Row) => JSON.stringify(row)

/**
 * `keys` columns at the left say what a row is about. Several rows may be about the same thing (a tie): those that say the same
 * belong together, then those that differ in their number only, then the rest in their order.
 */
export function compareAnswers(a: Answer, b: Answer, keys: number): Comparison {
  const about = (row: Row) => textOf(row.slice(0, keys))
  const groups = new Map<string, { a: Row[]; b: Row[] }>()
  const group = (row: Row) => {
    const found = groups.get(about(row)) ?? { a: [], b: [] }
    groups.set(about(row), found)
    return found
  }
  for (const row of a.rows) group(row).a.push(row)
  for (const row of b.rows) group(row).b.push(row)
  const rows = [...groups.values()]
    .flatMap((each) => pairs(each.a, each.b))
    .map(([left, right]) => compared(left, right, keys))
  const { columns } = a.rows.length === 0 ? b : a
  return {
    keys: columns.slice(0, keys),
    values: columns.slice(keys),
    rows,
    changed: rows.filter((row) => !row.same && row.a !== null && row.b !== null).length,
    onlyA: rows.filter((row) => row.b === null).length,
    onlyB: rows.filter((row) => row.a === null).length,
  }
}

export const isSame = ({ changed, onlyA, onlyB }: Comparison): boolean => changed + onlyA + onlyB === 0

function pairs(a: readonly Row[], b: readonly Row[]): (readonly [Row | null, Row | null])[] {
  const found = new Map<Row, Row>()
  const left = [...b]
  const match = (alike: (x: Row, y: Row) => boolean) => {
    for (const row of a) {
      if (found.has(row)) continue
      const at = left.findIndex((other) => alike(row, other))
      if (at >= 0) found.set(row, ...(left.splice(at, 1) as [Row]))
    }
  }
  match((x, y) => textOf(x) === textOf(y))
  match((x, y) => textOf(x.slice(0, -1)) === textOf(y.slice(0, -1)))
  match(() => true)
  return [
    ...a.map((row) => [row, found.get(row) ?? null] as const),
    ...left.map((row) => [null, row] as const),
  ]
}

function compared(a: Row | null, b: Row | null, keys: number): ComparedRow {
  const [from, to] = [a?.at(-1), b?.at(-1)]
  return {
    key: (a ?? b ?? []).slice(0, keys),
    a: a?.slice(keys) ?? null,
    b: b?.slice(keys) ?? null,
    same: a !== null && b !== null && textOf(a) === textOf(b),
    difference: typeof from === 'number' && typeof to === 'number' ? to - from : null,
  }
}

/** "The same.", "2 rows differ, 1 only in the first." */
export function comparisonText(comparison: Comparison): string {
  if (isSame(comparison)) return 'The same.'
  const { changed, onlyA, onlyB } = comparison
  const parts = [
    changed > 0 ? `${changed} ${changed === 1 ? 'row differs' : 'rows differ'}` : null,
    onlyA > 0 ? `${onlyA} only in the first` : null,
    onlyB > 0 ? `${onlyB} only in the second` : null,
  ]
  return `${parts.filter((part) => part !== null).join(', ')}.`
}
