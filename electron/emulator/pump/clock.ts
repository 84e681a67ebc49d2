/** The run's clock: it stands still while the computer sleeps, so that a lid closed for an hour is no hour of latency. */

/** A jump of more than this between two looks means the computer slept: nothing of ours blocks a worker that long. */
const sleepMs = 10_000

export interface RunClock {
  /** ms; only differences mean something. */
  now(): number
}

/**
 * A clock over a monotonic one (`monotonic`, ms) and the wall clock (`wall`, ms since 1970). Where the monotonic clock
 * goes on during sleep (Windows, macOS) the gap is left out; where it stands still (Linux) it is only reported. Look at
 * least once a second. `onSleep` gets the length of each gap, ms.
 */
export function createRunClock(options: {
  readonly monotonic: () => number
  readonly wall: () => number
  readonly onSleep: (ms: number) => void
}): RunClock {
  const { monotonic, wall, onSleep } = options
  let skipped = 0
  let lastMonotonic = monotonic()
  let lastWall = wall()
  return {
    now: () => {
      const time = monotonic()
      const wallTime = wall()
      const gap = time - lastMonotonic
      const wallGap = wallTime - lastWall
      lastMonotonic = time
      lastWall = wallTime
      if (gap > sleepMs) skipped += gap
      if (gap > sleepMs || wallGap - gap > sleepMs) onSleep(Math.max(gap, wallGap))
      return time - skipped
    },
  }
}
