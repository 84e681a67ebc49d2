/** When each post is meant to go out: the times from which latency counts. */
import type { RateOptions } from '../../../shared/emulation.ts'
import { createCurveSchedule } from './curve.ts'

/**
 * Answers the intended time of each next post in ms after the start of the run, null for "as soon as there is room", and
 * infinity where no more are meant to come.
 * Times never depend on how the sinks do: a slow sink makes posts late, and their latency says so.
 */
export function createSchedule(rate: RateOptions): (sleepMs: number) => number | null {
  if (rate.kind === 'max') return () => null
  if (rate.kind === 'constant') {
    let count = 0
    return () => (count++ * 1_000) / rate.postsPerSecond
  }
  if (rate.kind === 'curve') return createCurveSchedule(rate)
  let time = 0
  return (sleepMs) => {
    time += sleepMs
    return time
  }
}
