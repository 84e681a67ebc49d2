/** Notices that limits refuse records all along, so that a run that asks for too much can end by itself. */
import type { ErrorDetail } from '../../../shared/errors.ts'

/** So long without a refusal is peace, ms: a refused batch is sent again after at most that. */
const peaceMs = 3_000

export interface Throttling {
  /** `refused`: records refused for a limit so far. True once it has lasted as long as the run allows. */
  look(now: number, refused: number): boolean
  reason(): ErrorDetail
}

export function createThrottling(forMs: number | undefined): Throttling {
  let last = 0
  let lastAt = Number.NEGATIVE_INFINITY
  let since = 0
  return {
    look(now, refused) {
      if (forMs === undefined || refused <= last) return false
      if (now - lastAt > peaceMs) since = now
      lastAt = now
      last = refused
      return now - since >= forMs
    },
    reason: () => ({
      code: 'RUN_THROTTLED',
      message: `The run was ended: limits refused records for ${Math.round((forMs ?? 0) / 1_000)} s without a pause.`,
      hint: 'Add shards, spread the partition keys, or lower the rate. What was acknowledged can be verified.',
    }),
  }
}
