/** Sizes in bytes, summed up in bounded memory. */
import { build } from 'hdr-histogram-js'

export interface Sizes {
  add(bytes: number): void
  read(): {
    readonly mean: number | null
    readonly p50: number | null
    readonly p99: number | null
    readonly max: number | null
  }
}

/** Larger than any record a broker takes; `max` says the truth all the same. */
const highest = 2 ** 31

export function sizes(): Sizes {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highest,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  })
  let sum = 0
  let max = 0
  let count = 0
  return {
    add(bytes) {
      sum += bytes
      count += 1
      max = Math.max(max, bytes)
      histogram.recordValue(Math.min(highest, bytes))
    },
    read: () =>
      count === 0
        ? { mean: null, p50: null, p99: null, max: null }
        : {
            mean: sum / count,
            p50: Math.min(max, histogram.getValueAtPercentile(50)),
            p99: Math.min(max, histogram.getValueAtPercentile(99)),
            max,
          },
  }
}
