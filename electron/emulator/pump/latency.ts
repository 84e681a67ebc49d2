/** Latency of one sink: an HDR histogram, bounded in memory whatever the length of the run. */
import { build } from 'hdr-histogram-js'
import type { Latency } from '../../../shared/emulation.ts'

/** Microseconds of one hour; what is later is counted as one hour, and `max` still says the truth. */
const highest = 3_600_000_000

export interface LatencyRecorder {
  /** ms from the intended send time to the acknowledgement. */
  record(ms: number): void
  snapshot(): Latency | null
}

export function createLatency(): LatencyRecorder {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highest,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  })
  let max = 0
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1_000
  return {
    record: (ms) => {
      max = Math.max(max, ms)
      histogram.recordValue(Math.min(highest, Math.max(1, Math.round(ms * 1_000))))
    },
    snapshot: () => {
      if (histogram.totalCount === 0) return null
      // A percentile is the upper end of its bucket and would otherwise exceed the largest value by a hair.
      const upTo = (percentile: number) => Math.min(max, at(percentile))
      return { p50: upTo(50), p90: upTo(90), p99: upTo(99), p999: upTo(99.9), max }
    },
  }
}
