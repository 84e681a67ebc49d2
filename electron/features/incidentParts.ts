/** What every incident is made of, and how what happens meanwhile is counted. */
import type { BadPlace, Fact } from '../../shared/contract/incidents.ts'
import type { Pipeline } from '../../shared/contract/settings.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import type { LocalStack } from '../local/stack.ts'

export interface PracticeContext {
  readonly pipeline: Pipeline
  readonly stack: LocalStack
  /** When it is over, ms since 1970. */
  readonly until: number
  /** Aborted when it is over or ended. */
  readonly signal: AbortSignal
}

/** An incident that can be begun once. */
export interface Practice {
  /** In one sentence with its numbers. */
  readonly text: string
  /** The group made for it; it is deleted afterwards, also by the next start of the app. */
  readonly group: string | null
  /** Really does it. Throws AppError where it cannot; `heal` is called all the same. */
  begin(): Promise<void>
  /** Twice a second while it is on: puts right what a restarted part has forgotten. */
  look(): Promise<void>
  /** True once its part was stopped on purpose: then there is nothing left to practise with. */
  gone(): boolean
  facts(): Fact[]
  places(): readonly BadPlace[]
  /** `closing`: the app ends, and with it every child; nothing is started any more. */
  heal(closing: boolean): Promise<void>
}

export interface Reading {
  /** Who counts, such as a process or a run; another one begins at 0. */
  readonly by: string
  readonly value: number
}

/** Counts what is added to a counter from now on, over restarts of who counts it. */
export function countSince(read: () => Reading | null): () => number {
  let last = read()
  let total = 0
  return () => {
    const now = read()
    if (now === null) return total
    const before = last !== null && last.by === now.by && last.value <= now.value ? last.value : 0
    total += now.value - before
    last = now
    return total
  }
}

/** The newest counter of a child by its name. */
export function childNumber(
  stack: LocalStack,
  part: 'kinesis' | 'stack',
  name: string,
): () => Reading | null {
  return () => {
    const running = stack[part].running()
    const value = stack.numbers()[name]
    return running === null || value === undefined ? null : { by: String(running.pid), value }
  }
}

/** What the emulation that runs meanwhile counts; nothing where none has run since. */
export function runFacts(since: number, latest: () => RunSnapshot | null): () => Fact[] {
  const reading = (name: 'acknowledged' | 'failed' | 'retried') => () => {
    const run = latest()
    return run === null ? null : { by: run.runId, value: run.counters[name] }
  }
  const counts = {
    acknowledged: countSince(reading('acknowledged')),
    retried: countSince(reading('retried')),
    failed: countSince(reading('failed')),
  }
  return () => {
    const run = latest()
    if (run === null || (run.endedAt !== null && run.endedAt < since)) return []
    return [
      { label: 'records of the emulation acknowledged', value: counts.acknowledged(), unit: '' },
      { label: 'records sent again', value: counts.retried(), unit: '' },
      { label: 'records failed', value: counts.failed(), unit: '' },
    ]
  }
}
