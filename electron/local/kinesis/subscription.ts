/** A subscription of enhanced fan-out: what a shard gets is pushed once it is on disk, never faster than it is taken. */
import { setTimeout as sleep } from 'node:timers/promises'
import { eventMessage, exceptionMessage } from '../../clients/kinesis/eventMessages.ts'
import type { EventAnswer } from './calls/call.ts'
import { childrenOf, recordShape } from './calls/read.ts'
import type { ConsumerMeta, ShardMeta } from './catalog.ts'
import { Fault } from './fault.ts'
import { type PushLimit, pushLimit } from './limits.ts'
import { horizonOf, type LiveShard, type LiveStream } from './liveStream.ts'
import type { ShardLog } from './shardLog.ts'
import type { Store } from './store.ts'

export interface Subscription {
  /** ms since 1970 */
  readonly startedAt: number
  readonly limit: PushLimit
  /** Tells the subscriber why, unless its time is simply up. */
  end(reason: Fault | null): void
}

/** A second call for the same consumer and shard is refused for so long, ms; after that it takes over. */
const againAfterMs = 5_000
/** An event goes out at least so often, ms, so that a subscriber knows how far behind it is and that all is well. */
const silentMs = 1_000
/** What one event holds at most: few enough that a slow subscriber keeps little of this process's memory. */
const perEvent = { records: 1_000, bytes: 1_048_576 } as const

const keyOf = (consumer: ConsumerMeta, shard: number) => `${consumer.name}:${consumer.createdAt}/${shard}`

/** Ends what a consumer reads, when it is deregistered. */
export function endSubscriptions(stream: LiveStream, consumer: ConsumerMeta, reason: Fault): void {
  for (const { index } of stream.meta.shards) {
    const key = keyOf(consumer, index)
    stream.subscriptions.get(key)?.end(reason)
    stream.subscriptions.delete(key)
  }
}

/** Begins at `counter` of the shard. Throws Fault where this consumer subscribed to it a moment ago. */
export function subscribe(
  store: Store,
  stream: LiveStream,
  shard: { readonly meta: ShardMeta; readonly live: LiveShard },
  consumer: ConsumerMeta,
  counter: number,
): EventAnswer {
  const { live } = shard
  const { index } = shard.meta
  const startedAt = store.now()
  const key = keyOf(consumer, index)
  const before = stream.subscriptions.get(key)
  const since = startedAt - (before?.startedAt ?? Number.NEGATIVE_INFINITY)
  if (since >= 0 && since < againAfterMs) {
    throw inUse(`Another active subscription exists for ${consumer.name} on ${live.id}: it began just now.`)
  }
  before?.end(inUse(`Another subscription of ${consumer.name} took over ${live.id}.`))

  const limit = before?.limit ?? pushLimit()
  const over = new AbortController()
  let fault: Fault | null = null
  const end = (reason: Fault | null) => {
    if (!over.signal.aborted) fault = reason
    clearTimeout(timer)
    over.abort()
  }
  const timer = setTimeout(() => end(null), store.subscriptionMs)
  stream.subscriptions.set(key, { startedAt, limit, end })

  async function* messages(): AsyncGenerator<Uint8Array> {
    yield eventMessage('initial-response', {})
    for (let at = counter; !over.signal.aborted; ) {
      if (store.enforceLimits) await untilFree(store, limit, over.signal)
      const from = Math.max(at, await horizonOf(stream, live, store.now()))
      const found = from < live.log.next() ? await live.log.read(from, perEvent.records, perEvent.bytes) : []
      const now = store.now()
      const last = found.at(-1)
      if (last) {
        at = last.counter + 1
        limit.didPush(
          found.reduce((sum, record) => sum + record.data.length, 0),
          now,
        )
      }
      const end = stream.meta.shards.find((each) => each.index === index)?.endCounter ?? null
      const finished = end !== null && at >= end
      if (over.signal.aborted && !last) break
      yield eventMessage('SubscribeToShardEvent', {
        Records: found.map((record) => recordShape(live, record)),
        MillisBehindLatest: last && at < live.log.next() ? Math.max(0, now - last.time) : 0,
        // The last one read; it is not known any more where the shard ends.
        ...(finished
          ? { ChildShards: childrenOf(stream, index) }
          : { ContinuationSequenceNumber: live.sequence(Math.max(at, from) - 1) }),
      })
      if (finished) return
      if (!last || at >= live.log.next()) await grownOr(silentMs, live.log, at, over.signal)
    }
    if (fault) yield exceptionMessage(fault.type, fault.message)
  }

  return { messages, over: over.signal, stop: () => end(null) }
}

const inUse = (message: string) => new Fault('ResourceInUseException', message)

/** Resolves when the consumer's share of this shard allows more, or when aborted. */
async function untilFree(store: Store, limit: PushLimit, signal: AbortSignal): Promise<void> {
  for (;;) {
    const ms = limit.wait(store.now())
    if (ms === 0 || signal.aborted) return
    await sleep(Math.min(ms, silentMs), undefined, { signal }).catch(() => {})
  }
}

/** Resolves when the log has more than up to `at` or is closed, after `ms`, or when aborted. */
function grownOr(ms: number, log: ShardLog, at: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      leave()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    const leave = log.onGrown(done)
    signal.addEventListener('abort', done)
    // It may have grown between the read and here; a log that is trimmed under a reader waits its time.
    if (at < log.next() && at >= log.first()) done()
  })
}
