/** Rows in the order of one column: numbers as numbers, texts as a person counts ("part 2" before "part 10"), what is unknown last. */
import { useMemo, useRef } from 'react'

/** What a column is sorted by; null is unknown. */
export type SortValue = number | bigint | string | null

export interface Sort {
  /** Of the column. */
  readonly key: string
  readonly order: 'ascending' | 'descending'
}

/** One press on a header after the other: ascending, descending, as the rows come. */
export function nextSort(sort: Sort | null, key: string): Sort | null {
  if (sort?.key !== key) return { key, order: 'ascending' }
  return sort.order === 'ascending' ? { key, order: 'descending' } : null
}

/** More digits than any number of ours has. */
const digits = 20

/** Comparing these by code unit is many times faster than a collator, which 39,000 rows feel. */
function comparable(text: string): string {
  const lower = text.toLowerCase()
  return /\d/.test(lower) ? lower.replace(/\d+/g, (number) => number.padStart(digits, '0')) : lower
}

interface Placed {
  readonly by: NonNullable<SortValue>
  readonly place: number
}

/**
 * The places of the values in their order. Equal ones stay as they came; null is last in either direction. `before`: the order a
 * moment ago; what is nearly in order is sorted in one pass, so that a live table of 39,000 rows stays quick.
 */
export function orderOf(
  values: readonly SortValue[],
  order: Sort['order'],
  before: readonly number[] = [],
): number[] {
  const known: Placed[] = []
  const unknown: number[] = []
  for (const place of before.length === values.length ? before : values.keys()) {
    const value = values[place] ?? null
    if (value === null || Number.isNaN(value)) unknown.push(place)
    else known.push({ by: typeof value === 'string' ? comparable(value) : value, place })
  }
  const sign = order === 'ascending' ? 1 : -1
  known.sort((a, b) => (a.by < b.by ? -sign : a.by > b.by ? sign : a.place - b.place))
  unknown.sort((a, b) => a - b)
  return [...known.map(({ place }) => place), ...unknown]
}

interface Sorted extends Sort {
  readonly values: readonly SortValue[]
  readonly places: readonly number[]
}

const same = (a: readonly SortValue[], b: readonly SortValue[]) =>
  a.length === b.length && a.every((value, at) => value === b[at])

/** `by` is the value of the sorted column; its key stands for it. Rows that come anew with the same values are not sorted again. */
export function useSorted<T>(
  rows: readonly T[],
  sort: Sort | null,
  by: ((row: T) => SortValue) | undefined,
): readonly T[] {
  const last = useRef<Sorted | null>(null)
  const { key, order } = sort ?? {}
  // biome-ignore lint/correctness/useExhaustiveDependencies: a column made anew sorts as before
  return useMemo(() => {
    if (key === undefined || order === undefined || by === undefined) return rows
    const values = rows.map(by)
    const before = last.current
    const alike = before?.key === key && before.order === order
    const places =
      alike && same(before.values, values)
        ? before.places
        : orderOf(values, order, alike ? before.places : [])
    last.current = { key, order, values, places }
    return places.map((place) => rows[place] as T)
  }, [rows, key, order, by === undefined])
}
