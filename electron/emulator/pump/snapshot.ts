/** What a pump tells about itself: everything of a run's snapshot that it knows. */
import type { RunSnapshot } from '../../../shared/emulation.ts'
import type { ErrorDetail } from '../../../shared/errors.ts'
import { kinds } from '../../../shared/names.ts'
import { createRate } from './rate.ts'
import { perSecond, type SinkStats, sumCounters } from './stats.ts'

export type PumpSnapshot = Pick<
  RunSnapshot,
  'activeMs' | 'posts' | 'postsPerSecond' | 'counters' | 'sinks' | 'perKind' | 'errors' | 'warnings'
> & {
  readonly state: 'running' | 'pausing' | 'paused' | 'stopping' | 'done' | 'stopped' | 'failed'
  readonly problem: ErrorDetail | null
}

/** What the pump's loop knows; times on the run's clock. */
export interface Progress {
  state: PumpSnapshot['state']
  /** Posts whose every record has been handed to every sink. */
  posts: number
  /** Time it ran before it was interrupted. */
  readonly beforeMs: number
  pausedMs: number
  pausedSince: number | null
  endedAt: number | null
  problem: ErrorDetail | null
}

/** All numbers are taken in one turn, so that they agree with each other. */
export function createSnapshots(progress: Progress, startedAt: number, stats: readonly SinkStats[]) {
  const postRate = createRate()
  const activeMs = (now: number) =>
    (progress.pausedSince ?? progress.endedAt ?? now) - startedAt - progress.pausedMs + progress.beforeMs
  const snapshot = (now: number, warnings: readonly string[]): PumpSnapshot => {
    const active = activeMs(now)
    const overall = progress.endedAt === null ? undefined : active
    const sinks = stats.map((sink) => sink.snapshot(now, overall))
    const sampled = postRate.sample(now, progress.posts)
    return {
      state: progress.state,
      problem: progress.problem,
      activeMs: active,
      posts: progress.posts,
      postsPerSecond: overall === undefined ? sampled : perSecond(progress.posts, overall),
      counters: sumCounters(sinks.map((sink) => sink.counters)),
      sinks,
      perKind: sumKinds(stats),
      errors: stats.flatMap((sink) => sink.errors()),
      warnings: [...warnings],
    }
  }
  return { activeMs, snapshot }
}

function sumKinds(stats: readonly SinkStats[]): PumpSnapshot['perKind'] {
  const entries = kinds.map((kind) => [kind, stats.reduce((sum, sink) => sum + sink.perKind[kind], 0)])
  return Object.fromEntries(entries)
}
