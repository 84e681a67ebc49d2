/** What the charts of a run draw: the last snapshots, one point each, bounded. */
import { useEffect, useState } from 'react'
import type { RunSnapshot } from '../../../shared/emulation.ts'

export interface Point {
  /** Seconds since the run began. */
  readonly at: number
  readonly rate: number
  readonly p50: number | null
  readonly p99: number | null
}

/** Ten minutes at two points a second. */
export const pointsKept = 1_200

/** At most two points a second; a chart cannot show more. */
export function withSnapshot(
  points: readonly Point[],
  { startedAt, sinks }: RunSnapshot,
  now: number,
): readonly Point[] {
  const at = (now - startedAt) / 1_000
  if (at - (points.at(-1)?.at ?? Number.NEGATIVE_INFINITY) < 0.5) return points
  const worst = (of: 'p50' | 'p99') => {
    const known = sinks.flatMap(({ latency }) => (latency === null ? [] : [latency[of]]))
    return known.length === 0 ? null : Math.max(...known)
  }
  const rate = sinks.reduce((sum, sink) => sum + sink.rate, 0)
  return [...points, { at, rate, p50: worst('p50'), p99: worst('p99') }].slice(-pointsKept)
}

/** The points of a run since this page has watched it. */
export function useRunPoints(snapshot: RunSnapshot | undefined): readonly Point[] {
  const [state, setState] = useState<{ readonly runId: string; readonly points: readonly Point[] }>({
    runId: '',
    points: [],
  })
  useEffect(() => {
    if (snapshot === undefined || snapshot.endedAt !== null) return
    setState((now) => {
      const points = now.runId === snapshot.runId ? now.points : []
      const next = withSnapshot(points, snapshot, Date.now())
      return next === now.points ? now : { runId: snapshot.runId, points: next }
    })
  }, [snapshot])
  return state.runId === snapshot?.runId ? state.points : []
}
