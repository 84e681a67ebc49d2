/** How a group's lag moves, and when it will be gone if it goes on like this. */
import type { GroupDetail } from '../../../shared/contract/groups.ts'

/** One look: everything summed over the partitions that have a commit. */
export interface LagPoint {
  /** ms since 1970 */
  readonly at: number
  readonly lag: number
  readonly committed: number
  readonly high: number
}

/** What is kept for the chart: ten minutes at one look a second. */
const kept = 600
/** Over so many ms a speed is taken. */
const speedOverMs = 30_000

/** Adds a look; one without any commit says nothing about lag. */
export function withLook(points: readonly LagPoint[], { at, partitions }: GroupDetail): readonly LagPoint[] {
  const known = partitions.filter((each) => each.committed !== null)
  if (known.length === 0 || points.at(-1)?.at === at) return points
  const sum = (of: (each: (typeof known)[number]) => number) =>
    known.reduce((total, each) => total + of(each), 0)
  const point = {
    at,
    lag: sum((each) => each.lag ?? 0),
    committed: sum((each) => Number(each.committed ?? 0)),
    high: sum((each) => Number(each.high)),
  }
  return [...points, point].slice(-kept)
}

export interface Drain {
  /** Records a second that were committed, and that were added. */
  readonly read: number
  readonly added: number
  /** ms until nothing is left; 0 where nothing is, null where it does not fall. */
  readonly ms: number | null
}

/** Null before there are two looks to compare. */
export function drainOf(points: readonly LagPoint[]): Drain | null {
  const last = points.at(-1)
  const first = points.find(({ at }) => last !== undefined && last.at - at <= speedOverMs)
  if (last === undefined || first === undefined || last.at === first.at) return null
  const seconds = (last.at - first.at) / 1_000
  // A reset moves backwards: that is no reading.
  const read = Math.max(0, last.committed - first.committed) / seconds
  const added = Math.max(0, last.high - first.high) / seconds
  if (last.lag === 0) return { read, added, ms: 0 }
  return { read, added, ms: read > added ? (last.lag / (read - added)) * 1_000 : null }
}
