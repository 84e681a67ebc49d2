/** Source → pump → sinks: takes posts in order at their time, and hands each one's three records to every sink. */
import type { EmulationOptions, SinkId } from '../../../shared/emulation.ts'
import { type ErrorDetail, toErrorDetail } from '../../../shared/errors.ts'
import type { ResumePoint } from '../journal/resume.ts'
import type { JournalWriter } from '../journal/writer.ts'
import { createOrder } from '../order/order.ts'
import type { Sink, Source, SourcePost } from '../types.ts'
import { createRunClock } from './clock.ts'
import { createPlan } from './plan.ts'
import { createReader } from './reader.ts'
import { toOutgoing } from './record.ts'
import { retryAfterStopMs } from './retry.ts'
import { createSchedule } from './schedule.ts'
import { createSender } from './sender.ts'
import { createSnapshots, type Progress, type PumpSnapshot } from './snapshot.ts'
import { type Counted, createSinkStats } from './stats.ts'
import { createThrottling } from './throttling.ts'
import { createGiveWay, createWaiter } from './waiter.ts'

export interface PumpOptions {
  readonly options: EmulationOptions
  readonly source: Source
  readonly sinks: readonly Sink[]
  readonly journal: JournalWriter
  readonly warnings?: readonly string[]
  /** Where it goes on, and what it had counted, if it was interrupted. */
  readonly resume?: Resume | null
  /** Ends at once; what is in flight then counts as failed. */
  readonly signal: AbortSignal
}

export interface Resume {
  readonly point: ResumePoint
  /** Time it ran before, ms. */
  readonly beforeMs: number
  counted(sink: SinkId): Counted
}

export interface Pump {
  /** Resolves when the run has ended and nothing is in flight; never rejects. */
  readonly ended: Promise<void>
  pause(): void
  resume(): void
  /** Ends at a post's boundary; what is in flight is waited for. */
  stop(): void
  snapshot(): PumpSnapshot
}

/** How long an unfilled batch waits: hardly at full speed, a tenth of a second where posts trickle. */
const lingerMs = { max: 20, paced: 100 } as const
/** How often the clock is looked at and the journal is flushed, ms. */
const heartbeatMs = 500

export function startPump(input: PumpOptions): Pump {
  const { options, source, journal, signal, resume = null } = input
  const plan = createPlan(resume?.point ?? null)
  const warnings = [...(input.warnings ?? []), ...(source.warnings ?? [])]
  const waiter = createWaiter()
  const clock = createRunClock({
    monotonic: () => performance.now(),
    wall: () => Date.now(),
    onSleep: (ms) => {
      warnings.push(`The schedule moved on, because the computer slept for ${Math.round(ms / 1_000)} s.`)
    },
  })
  const startedAt = clock.now()
  const progress: Progress = {
    state: 'running',
    posts: plan.posts,
    beforeMs: resume?.beforeMs ?? 0,
    pausedMs: 0,
    pausedSince: null,
    endedAt: null,
    problem: null,
  }
  const stats = input.sinks.map((sink) => createSinkStats(sink.id, resume?.counted(sink.id)))
  const senders = input.sinks.map((sink, i) =>
    createSender({
      sink,
      stats: stats[i] ?? createSinkStats(sink.id),
      journal,
      batch: options.batch,
      inFlight: options.inFlight,
      lingerMs: options.rate.kind === 'max' ? lingerMs.max : lingerMs.paced,
      now: clock.now,
      random: Math.random,
      signal,
      onRoom: waiter.poke,
    }),
  )
  const { activeMs, snapshot } = createSnapshots(progress, startedAt, stats)
  const wanted = { pause: false, stop: false }
  let givenUp: ErrorDetail | null = null
  const over = () => wanted.stop || signal.aborted
  const drain = () => Promise.all(senders.map((sender) => sender.drain()))

  const hand = (post: SourcePost, nth: number, intended: number) => {
    const parts = toOutgoing(post, options.partitionKey).flatMap((record) =>
      input.sinks.flatMap(({ id }, i) => {
        const going = plan.going(id, record.kind, nth)
        return going === 'not' ? [] : [{ record, sender: senders[i], repeated: going === 'again' }]
      }),
    )
    let left = parts.length
    const onHanded = () => {
      left -= 1
      if (left === 0 && nth >= plan.posts) progress.posts += 1
    }
    for (const { sender, record, repeated } of parts)
      sender?.add(record.kind, { record, intended, onHanded, repeated })
  }

  const stop = () => {
    wanted.stop = true
    for (const sender of senders) sender.limitRetries(retryAfterStopMs)
    waiter.poke()
  }

  const pause = async () => {
    progress.state = 'pausing'
    progress.pausedSince = clock.now()
    await drain()
    progress.state = 'paused'
    while (wanted.pause && !over()) await waiter.wait(heartbeatMs)
    progress.pausedMs += clock.now() - progress.pausedSince
    progress.pausedSince = null
    progress.state = 'running'
  }

  const main = async () => {
    const order = createOrder({ ...options, size: source.size })
    const schedule = createSchedule(options.rate)
    const giveWay = createGiveWay()
    // The order and the pace are those of the whole run: what is behind it is passed over.
    for (let nth = 0; nth < plan.from && !over(); nth++) {
      schedule(order().sleepMs)
      await giveWay()
    }
    const reader = createReader({ source, order, posts: options.posts, asked: plan.from, signal })
    let behind: number | null = plan.from === 0 ? 0 : null
    let nth = plan.from - 1
    for (let next = reader.next(); next !== null && !over(); next = reader.next()) {
      const scheduled = schedule(next.sleepMs)
      nth += 1
      if (scheduled === Number.POSITIVE_INFINITY) return
      behind ??= scheduled
      const planned = scheduled === null ? null : scheduled - (behind ?? 0)
      const due = () => (planned === null ? clock.now() : startedAt + progress.pausedMs + planned)
      for (;;) {
        if (over()) return
        if (wanted.pause) {
          await pause()
          continue
        }
        const ends = nth < plan.posts ? undefined : options.forMs
        const leftMs = (ends ?? Number.POSITIVE_INFINITY) - activeMs(clock.now())
        if (leftMs <= 0) return
        const waitMs = due() - clock.now()
        if (waitMs > 0) await waiter.wait(Math.min(leftMs, waitMs, heartbeatMs))
        else if (senders.every((sender) => sender.hasRoom())) break
        else await waiter.wait(Math.min(leftMs, heartbeatMs))
      }
      hand(await next.post, nth, due())
      await giveWay()
    }
  }

  const finish = async () => {
    progress.state = 'stopping'
    await drain()
    for (const sink of stats) sink.over()
    clearInterval(heartbeat)
    journal.flush()
    progress.endedAt = clock.now()
    progress.state = progress.problem ? 'failed' : over() ? 'stopped' : 'done'
    progress.problem ??= givenUp
  }

  const throttling = createThrottling(options.throttledForMs)
  const heartbeat = setInterval(() => {
    const now = clock.now()
    journal.flush()
    const refused = stats.reduce((sum, sink) => sum + sink.throttled(), 0)
    if (progress.state !== 'running' || !throttling.look(now, refused)) return
    givenUp = throttling.reason()
    stop()
  }, heartbeatMs)

  const ended = main()
    .catch((thrown: unknown) => {
      if (!signal.aborted) progress.problem = toErrorDetail(thrown)
    })
    .then(finish)

  return {
    ended,
    pause: () => {
      wanted.pause = true
      waiter.poke()
    },
    resume: () => {
      wanted.pause = false
      waiter.poke()
    },
    stop,
    snapshot: () => snapshot(clock.now(), warnings),
  }
}
