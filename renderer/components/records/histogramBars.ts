/** Bars of a histogram in a box of 1,000 × 60, and the time that a part of the box stands for. */
import type { SearchEvent } from '../../../shared/contract/search.ts'

type Histogram = NonNullable<SearchEvent['histogram']>

export interface Bar {
  readonly x: number
  readonly width: number
  readonly looked: number
  readonly found: number
}

const height = 60
/** One found among a million must still be seen. */
const least = 1.5

export function barsOf({ scanned, matched }: Histogram): Bar[] {
  const top = Math.max(1, ...scanned)
  const width = 1_000 / Math.max(1, scanned.length)
  const tall = (value: number) => (value === 0 ? 0 : Math.max(least, (value / top) * height))
  return scanned.map((value, at) => ({
    x: at * width,
    width: Math.max(0.5, width - 0.6),
    looked: tall(value),
    found: tall(matched[at] ?? 0),
  }))
}

/** Whole buckets between two places (0 to 1); null where it was a press rather than a drag. */
export function rangeOf(
  { start, stepMs, scanned }: Histogram,
  a: number,
  b: number,
): { readonly from: number; readonly to: number } | null {
  if (Math.abs(a - b) < 0.01) return null
  const first = Math.floor(Math.min(a, b) * scanned.length)
  const last = Math.ceil(Math.max(a, b) * scanned.length)
  return { from: start + first * stepMs, to: start + last * stepMs }
}
