/** Counts messages by time: few buckets that grow wider as the range does. */
import { mostBuckets, type TimeHistogram } from '../../shared/histogram.ts'
import { isTime } from '../../shared/time.ts'

export interface TimeCounter {
  /** A message without a time, or with one that is none, is left out: it would make one bucket of all others. */
  add(timestamp: number, matched: boolean): void
  /** Null before the first message with a time. */
  read(): TimeHistogram | null
}

/** Begins with buckets of one second and doubles their width whenever the times need more than 120 of them. */
export function timeCounter(): TimeCounter {
  let stepMs = 1_000
  /** Number of the first bucket since 1970, in units of `stepMs`. */
  let first = 0
  let scanned: number[] = []
  let matched: number[] = []

  const halve = (counts: readonly number[]): number[] => {
    // A bucket of the wider kind begins at an even number, so an odd first one stands alone.
    const odd = Math.abs(first % 2)
    const merged: number[] = []
    for (let at = -odd; at < counts.length; at += 2) merged.push((counts[at] ?? 0) + (counts[at + 1] ?? 0))
    return merged
  }
  const widen = () => {
    scanned = halve(scanned)
    matched = halve(matched)
    first = Math.floor(first / 2)
    stepMs *= 2
  }

  return {
    add(timestamp, isMatch) {
      if (!isTime(timestamp)) return
      let bucket = Math.floor(timestamp / stepMs)
      if (scanned.length === 0) first = bucket
      while (Math.max(bucket, first + scanned.length - 1) - Math.min(bucket, first) + 1 > mostBuckets) {
        widen()
        bucket = Math.floor(timestamp / stepMs)
      }
      for (; bucket < first; first -= 1) {
        scanned.unshift(0)
        matched.unshift(0)
      }
      while (first + scanned.length <= bucket) {
        scanned.push(0)
        matched.push(0)
      }
      const at = bucket - first
      scanned[at] = (scanned[at] ?? 0) + 1
      if (isMatch) matched[at] = (matched[at] ?? 0) + 1
    },
    read: () =>
      scanned.length === 0
        ? null
        : { start: first * stepMs, stepMs, scanned: [...scanned], matched: [...matched] },
  }
}
