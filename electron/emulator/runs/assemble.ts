/** How a run's snapshot comes about: from what the worker tells and what the back end knows. Pure. */
import type { EmulationOptions, Report, RunSnapshot } from '../../../shared/emulation.ts'
import type { ErrorDetail } from '../../../shared/errors.ts'
import { type Kind, kinds } from '../../../shared/names.ts'
import type { JournalCounts } from '../protocol.ts'
import type { PumpSnapshot } from '../pump/snapshot.ts'

const none = { sent: 0, acknowledged: 0, failed: 0, retried: 0, inFlight: 0 }

export function emptySnapshot(
  runId: string,
  pipeline: string,
  options: EmulationOptions,
  startedAt: number,
): RunSnapshot {
  return {
    runId,
    pipeline,
    state: 'starting',
    startedAt,
    endedAt: null,
    activeMs: 0,
    options,
    posts: 0,
    postsPerSecond: 0,
    counters: none,
    sinks: [...new Set(options.sinks)].map((sink) => ({ sink, counters: none, rate: 0, latency: null })),
    perKind: Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>,
    errors: [],
    warnings: [],
    problem: null,
    report: null,
    verifying: null,
    resumes: [],
  }
}

/** As it begins to go on after an interruption: what it was for, without how it had ended. */
export function asResumed(run: RunSnapshot): RunSnapshot {
  return { ...run, state: 'starting', endedAt: null, postsPerSecond: 0, problem: null, report: null }
}

/** With what the pump tells; `why` is the reason where the back end itself stopped it. */
export function withPump(run: RunSnapshot, pump: PumpSnapshot, why: ErrorDetail | null): RunSnapshot {
  const { problem, ...numbers } = pump
  return { ...run, ...numbers, problem: problem ?? why ?? null }
}

/** States in which a worker is at work; found in a file, they mean that the app was ended in the middle. */
const working: readonly RunSnapshot['state'][] = ['starting', 'running', 'pausing', 'paused', 'stopping']

/** Nothing more will come of it by itself. */
export const isOver = (run: RunSnapshot) => !working.includes(run.state) && run.state !== 'verifying'

/** A run of an earlier session: what was at work then is interrupted now. */
export function asFound(run: RunSnapshot): RunSnapshot {
  if (!working.includes(run.state)) return run
  return { ...run, state: 'interrupted', endedAt: run.endedAt ?? run.startedAt + Math.round(run.activeMs) }
}

/** With its report; an interrupted run's counters become those of the journal, which saw the last instant. */
export function withReport(run: RunSnapshot, report: Report, journal: JournalCounts): RunSnapshot {
  const done = { ...run, report }
  if (run.state !== 'interrupted') return done
  const sinks = run.sinks.map((sink) => {
    const { sent, acknowledged } = journal[sink.sink] ?? none
    const { retried } = sink.counters
    // Nobody will answer any more: what was in flight has failed, and the report says what arrived all the same.
    return { ...sink, counters: { sent, acknowledged, failed: sent - acknowledged, retried, inFlight: 0 } }
  })
  const sum = (pick: (counters: typeof none) => number) =>
    sinks.reduce((total, sink) => total + pick(sink.counters), 0)
  return {
    ...done,
    posts: report.posts,
    sinks,
    counters: {
      sent: sum((counters) => counters.sent),
      acknowledged: sum((counters) => counters.acknowledged),
      failed: sum((counters) => counters.failed),
      retried: sum((counters) => counters.retried),
      inFlight: 0,
    },
  }
}
