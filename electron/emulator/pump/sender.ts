/** One sink's side of the pump: queues by kind, batches, a bounded number of requests, and retries of what is certain. */
import { type Kind, kinds } from '../../../shared/names.ts'
import { pause } from '../../lib/broadcast.ts'
import type { JournalWriter } from '../journal/writer.ts'
import type { Outcome, Outgoing, Sink } from '../types.ts'
import { backOff, retryForMs } from './retry.ts'
import type { SinkStats } from './stats.ts'

/** One record in the pump. */
export interface Queued {
  readonly record: Outgoing
  /** When it was meant to go out, on the run's clock. */
  readonly intended: number
  /** It went out before the run was interrupted, and nobody answered. */
  readonly repeated?: boolean
  /** Called when it is handed to the sink for the first time. */
  onHanded(): void
}

export interface SenderOptions {
  readonly sink: Sink
  readonly stats: SinkStats
  readonly journal: JournalWriter
  readonly batch: number
  readonly inFlight: number
  /** How long a batch that is not full waits for more, ms. */
  readonly lingerMs: number
  readonly now: () => number
  readonly random: () => number
  /** Ends everything at once; what is under way counts as failed. */
  readonly signal: AbortSignal
  /** Called whenever a place in the queue became free. */
  readonly onRoom: () => void
}

export interface Sender {
  add(kind: Kind, queued: Queued): void
  /** Whether one more post fits; the queues are bounded and the pump waits. */
  hasRoom(): boolean
  /** Sends what is queued without waiting for full batches; resolves when nothing is queued or in flight. */
  drain(): Promise<void>
  /** From now on a record is given up `ms` later at the latest. */
  limitRetries(ms: number): void
}

export function createSender(options: SenderOptions): Sender {
  const { sink, stats, journal, batch, inFlight, lingerMs, now, signal, onRoom } = options
  const lanes = kinds.map((kind) => ({ kind, queue: [] as Queued[] }))
  /** Room for the batches under way and as many again that fill meanwhile. */
  const capacity = kinds.length * batch * 2
  let queued = 0
  let underWay = 0
  let draining = 0
  let turn = 0
  let lingering: NodeJS.Timeout | null = null
  let giveUpAt = Number.POSITIVE_INFINITY
  let onIdle: (() => void)[] = []

  /** Not every sink can break off what it has begun: these leave it alone when the run is aborted. */
  const abandon = new Set<() => void>()
  signal.addEventListener('abort', () => {
    for (const leave of abandon) leave()
  })

  /** Starts as many requests as may be under way. `ripe` also takes batches that are not full. */
  const start = (ripe: boolean) => {
    if (signal.aborted) return forget()
    let idle = 0
    while (underWay < inFlight && queued > 0 && idle < lanes.length) {
      const lane = lanes[turn]
      turn = (turn + 1) % lanes.length
      if (lane && (lane.queue.length >= batch || ((ripe || draining > 0) && lane.queue.length > 0))) {
        const entries = lane.queue.splice(0, batch)
        queued -= entries.length
        idle = 0
        void run(lane.kind, entries)
      } else idle += 1
    }
    if (queued > 0 && lingering === null && draining === 0 && underWay < inFlight) {
      lingering = setTimeout(() => {
        lingering = null
        start(true)
      }, lingerMs)
    }
  }

  /** What has not been handed to the sink is not sent any more, and was never counted. */
  const forget = () => {
    for (const lane of lanes) lane.queue.length = 0
    queued = 0
  }

  const run = async (kind: Kind, entries: readonly Queued[]) => {
    underWay += 1
    const repeated = entries.filter((entry) => entry.repeated).length
    stats.sent(entries.length - repeated)
    stats.retried(repeated)
    journal.sent(sink.id, kind, records(entries))
    for (const entry of entries) entry.onHanded()
    await sendAll(kind, entries)
    underWay -= 1
    start(false)
    onRoom()
    if (underWay === 0 && queued === 0) {
      const waiting = onIdle
      onIdle = []
      for (const resolve of waiting) resolve()
    }
  }

  const sendAll = async (kind: Kind, entries: readonly Queued[]) => {
    const endAt = now() + retryForMs
    let pending = entries
    for (let attempt = 0; ; attempt++) {
      const outcomes = await attemptOnce(kind, pending)
      const again = settle(kind, pending, outcomes)
      if (again.length === 0) return
      const mayRetry = !signal.aborted && now() < Math.min(endAt, giveUpAt)
      if (!mayRetry) return fail(kind, again)
      await pause(backOff(attempt, options.random()), signal)
      if (signal.aborted) return fail(kind, again)
      stats.retried(again.length)
      pending = again
    }
  }

  const attemptOnce = (kind: Kind, pending: readonly Queued[]): Promise<readonly Outcome[]> =>
    new Promise((resolve) => {
      const end = (outcomes: readonly Outcome[]) => {
        abandon.delete(leave)
        resolve(outcomes)
      }
      const leave = () => end(pending.map(() => leftOpen))
      abandon.add(leave)
      sink
        .send(kind, records(pending), signal)
        .then(end, (thrown) => end(pending.map(() => unexpected(thrown))))
    })

  /** Counts what is decided; answers what may be sent again. */
  const settle = (kind: Kind, pending: readonly Queued[], outcomes: readonly Outcome[]) => {
    const time = now()
    const again: Queued[] = []
    const arrived: Queued[] = []
    const refused: Queued[] = []
    const unsure: Queued[] = []
    pending.forEach((entry, i) => {
      const outcome = outcomes[i] ?? unexpected(new Error('The sink answered fewer outcomes than records.'))
      if (outcome.ok) {
        arrived.push(entry)
        stats.acknowledged(kind, time - entry.intended)
        return
      }
      stats.refused(outcome)
      if (outcome.retriable) again.push(entry)
      else {
        stats.failed()
        if (!outcome.uncertain) refused.push(entry)
        // Cut off by the run's end it stays open: if the run goes on, it goes out again.
        else if (!signal.aborted) unsure.push(entry)
      }
    })
    if (arrived.length > 0) {
      const positions = outcomes.filter((outcome) => outcome.ok).map((outcome) => outcome.position)
      journal.acknowledged(sink.id, kind, records(arrived), positions)
    }
    if (refused.length > 0) journal.failed(sink.id, kind, records(refused))
    if (unsure.length > 0) journal.unsure(sink.id, kind, records(unsure))
    return again
  }

  const fail = (kind: Kind, entries: readonly Queued[]) => {
    for (const _ of entries) stats.failed()
    journal.failed(sink.id, kind, records(entries))
  }

  return {
    add: (kind, entry) => {
      lanes[kinds.indexOf(kind)]?.queue.push(entry)
      queued += 1
      start(false)
    },
    hasRoom: () => queued < capacity,
    drain: async () => {
      draining += 1
      start(true)
      if (underWay > 0 || queued > 0) await new Promise<void>((resolve) => onIdle.push(resolve))
      draining -= 1
    },
    limitRetries: (ms) => {
      giveUpAt = now() + ms
    },
  }
}

const records = (entries: readonly Queued[]) => entries.map((entry) => entry.record)

const leftOpen: Outcome = {
  ok: false,
  code: 'RUN_ABORTED',
  message: 'The run was ended before an answer came.',
  hint: 'The records may have arrived all the same; the report says which did.',
  retriable: false,
  uncertain: true,
}

/** A sink that throws is at fault; whether its records arrived nobody knows. */
function unexpected(thrown: unknown): Extract<Outcome, { readonly ok: false }> {
  return {
    ok: false,
    code: 'INTERNAL',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    hint: 'This is a fault in Pipeline Control. The log has the details.',
    retriable: false,
    uncertain: true,
  }
}
