/** What a run counts: five honest numbers for each sink, latency, rates, and each kind of error with one example. */
import type { Counters, SinkError, SinkId, SinkSnapshot } from '../../../shared/emulation.ts'
import { type Kind, kinds } from '../../../shared/names.ts'
import type { Outcome } from '../types.ts'
import { createLatency } from './latency.ts'
import { createRate } from './rate.ts'

/** Different error codes kept for one sink; an answer could carry anything in its code. */
const mostCodes = 50

/** What sinks call an answer that a limit was reached. */
const limits = new Set(['KINESIS_THROTTLED', 'THROUGHPUT_EXCEEDED', 'KINESIS_LIMIT'])

type Failure = Extract<Outcome, { readonly ok: false }>

export interface SinkStats {
  /** Records handed to the sink for the first time. */
  sent(count: number): void
  /** `ms` from the intended send time. */
  acknowledged(kind: Kind, ms: number): void
  failed(): void
  /** The run is over: what is still in flight will not be answered any more. */
  over(): void
  /** Records about to be sent again. */
  retried(count: number): void
  /** One record's error answer, whether it will be repeated or not. */
  refused(failure: Failure): void
  /** Answers so far that said a limit was reached; those of records that were sent again count each time. */
  throttled(): number
  readonly perKind: Readonly<Record<Kind, number>>
  counters(): Counters
  errors(): SinkError[]
  /** `now` as `RunClock`; with `overallMs` the rate is over that time instead of the last seconds. */
  snapshot(now: number, overallMs?: number): SinkSnapshot
}

/** What an interrupted run had counted when it goes on; what waits to be repeated is in flight. */
export interface Counted {
  readonly counters: Counters
  readonly perKind: Readonly<Record<Kind, number>>
  readonly errors: readonly SinkError[]
}

export function createSinkStats(sink: SinkId, before?: Counted): SinkStats {
  const counters = { sent: 0, acknowledged: 0, failed: 0, retried: 0, inFlight: 0, ...before?.counters }
  const perKind = before
    ? { ...before.perKind }
    : (Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>)
  const latency = createLatency()
  const rate = createRate()
  const errors = new Map<string, SinkError>(before?.errors.map((error) => [error.code, { ...error }]))
  let throttled = 0

  return {
    sent: (count) => {
      counters.sent += count
      counters.inFlight += count
    },
    acknowledged: (kind, ms) => {
      counters.acknowledged += 1
      counters.inFlight -= 1
      perKind[kind] += 1
      latency.record(ms)
    },
    failed: () => {
      counters.failed += 1
      counters.inFlight -= 1
    },
    over: () => {
      counters.failed += counters.inFlight
      counters.inFlight = 0
    },
    retried: (count) => {
      counters.retried += count
    },
    refused: ({ code, message, hint }) => {
      if (limits.has(code)) throttled += 1
      const key = errors.has(code) || errors.size < mostCodes ? code : 'OTHER'
      const known = errors.get(key)
      if (known) known.count += 1
      else errors.set(key, { code: key, count: 1, sink, example: message, hint })
    },
    throttled: () => throttled,
    perKind,
    counters: () => ({ ...counters }),
    errors: () => [...errors.values()].map((error) => ({ ...error })),
    snapshot: (now, overallMs) => ({
      sink,
      counters: { ...counters },
      rate:
        overallMs === undefined
          ? rate.sample(now, counters.acknowledged)
          : perSecond(counters.acknowledged, overallMs),
      latency: latency.snapshot(),
    }),
  }
}

/** `count` in `ms`, a second. */
export function perSecond(count: number, ms: number): number {
  return ms > 0 ? (count * 1_000) / ms : 0
}

/** Sums of the counters of all sinks. */
export function sumCounters(all: readonly Counters[]): Counters {
  const sum = (pick: (counters: Counters) => number) =>
    all.reduce((total, counters) => total + pick(counters), 0)
  return {
    sent: sum((counters) => counters.sent),
    acknowledged: sum((counters) => counters.acknowledged),
    failed: sum((counters) => counters.failed),
    retried: sum((counters) => counters.retried),
    inFlight: sum((counters) => counters.inFlight),
  }
}
