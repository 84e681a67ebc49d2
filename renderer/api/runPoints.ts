/** What the charts of a run draw: a point of each snapshot, kept while the page is open and bounded. */
import type { RunSnapshot } from '../../shared/emulation.ts'
import { kinds } from '../../shared/names.ts'
import { rateAt } from '../../shared/rateCurve.ts'

export interface Point {
  /** Seconds since the run began. */
  readonly at: number
  /** Null where nobody watched: the line has a gap there. */
  readonly rate: number | null
  /** What the settings ask for, records a second; null where they ask for no certain rate. */
  readonly wanted: number | null
  readonly p50: number | null
  readonly p99: number | null
}

/** Ten minutes at two points a second. */
export const pointsKept = 1_200
/** Runs whose points are kept; older ones are forgotten. */
const runsKept = 8
/** Without a snapshot for this long, s, the line is not drawn through: what happened there is not known. */
const gap = 5

const gapAt = (at: number): Point => ({ at, rate: null, wanted: null, p50: null, p99: null })

/** At most two points a second; a chart cannot show more. */
export function withSnapshot(
  points: readonly Point[],
  { startedAt, sinks, options, activeMs }: RunSnapshot,
  now: number,
): readonly Point[] {
  const at = (now - startedAt) / 1_000
  const since = at - (points.at(-1)?.at ?? Number.NEGATIVE_INFINITY)
  if (since < 0.5) return points
  const worst = (of: 'p50' | 'p99') => {
    const known = sinks.flatMap(({ latency }) => (latency === null ? [] : [latency[of]]))
    return known.length === 0 ? null : Math.max(...known)
  }
  const rate = sinks.reduce((sum, sink) => sum + sink.rate, 0)
  const before = points.length > 0 && since > gap ? [...points, gapAt(at - 0.5)] : points
  return [
    ...before,
    { at, rate, wanted: wantedAt(options, activeMs), p50: worst('p50'), p99: worst('p99') },
  ].slice(-pointsKept)
}

/** Each post is three records for each sink. */
function wantedAt({ rate, sinks }: RunSnapshot['options'], activeMs: number): number | null {
  const posts =
    rate.kind === 'constant' ? rate.postsPerSecond : rate.kind === 'curve' ? rateAt(rate, activeMs) : null
  return posts === null ? null : posts * kinds.length * sinks.length
}

const runs = new Map<string, readonly Point[]>()

/** Notes a snapshot of a run that goes on. */
export function noteRun(snapshot: RunSnapshot): void {
  const { runId, endedAt } = snapshot
  if (endedAt !== null) return
  const points = runs.get(runId) ?? []
  runs.delete(runId)
  runs.set(runId, withSnapshot(points, snapshot, Date.now()))
  const oldest = runs.keys().next().value
  if (runs.size > runsKept && oldest !== undefined) runs.delete(oldest)
}

/** Oldest first; the same array until a new point comes. */
export function pointsOf(runId: string): readonly Point[] {
  return runs.get(runId) ?? none
}
const none: readonly Point[] = []
