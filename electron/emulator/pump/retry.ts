/** When a record that certainly did not arrive is sent again, and when we give up. */

/** First and longest pause between two attempts, ms. */
const firstPauseMs = 50
const longestPauseMs = 2_000

/** A record is given up this long after its first attempt: longer than a broker needs to come back after `kill -9`. */
export const retryForMs = 60_000

/** After a stop by hand, what has not arrived is tried for this long, ms. */
export const retryAfterStopMs = 5_000

/**
 * Exponential back-off with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): any time up to a limit
 * that doubles with each attempt. `attempt` counts from 0, `random` is 0 to 1. Answers ms.
 */
export function backOff(attempt: number, random: number): number {
  const limit = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 10))
  return Math.ceil(limit * random)
}
