/** How many messages were looked at and how many matched, by time; two of them can be put together. */

export interface TimeHistogram {
  /** Start of the first bucket, ms since 1970; a multiple of `stepMs`. */
  readonly start: number
  /** Width of a bucket, ms: one second times a power of two. */
  readonly stepMs: number
  readonly scanned: number[]
  readonly matched: number[]
}

/** Buckets at most; twice as many bars as fit would only be merged by the eye. */
export const mostBuckets = 120

/** Both together, in buckets of the wider kind: a bucket of the narrower lies in one of them. */
export function mergedHistograms(a: TimeHistogram | null, b: TimeHistogram | null): TimeHistogram | null {
  if (a === null || b === null) return a ?? b
  const first = Math.min(a.start, b.start)
  const last = Math.max(...[a, b].map(({ start, stepMs, scanned }) => start + stepMs * scanned.length - 1))
  let stepMs = Math.max(a.stepMs, b.stepMs)
  const length = () => Math.floor(last / stepMs) - Math.floor(first / stepMs) + 1
  while (length() > mostBuckets) stepMs *= 2
  const start = Math.floor(first / stepMs) * stepMs
  const summed = (which: 'scanned' | 'matched') => {
    const counts = Array.from({ length: length() }, () => 0)
    for (const each of [a, b])
      for (const [nth, count] of each[which].entries()) {
        const at = Math.floor((each.start + nth * each.stepMs - start) / stepMs)
        counts[at] = (counts[at] ?? 0) + count
      }
    return counts
  }
  return { start, stepMs, scanned: summed('scanned'), matched: summed('matched') }
}
