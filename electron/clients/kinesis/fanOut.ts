/** Shards by enhanced fan-out: subscribed to again and again from where they were, through ends, breaks and takeovers. */
import { setTimeout as sleep } from 'node:timers/promises'
import { toErrorDetail } from '../../../shared/errors.ts'
import { passes } from './patient.ts'
import type { ReadShard } from './read.ts'
import type { IteratorStart, KinesisClient } from './types.ts'

/** Between two tries, ms. */
const againMs = 500
/** AWS refuses a second subscription within five seconds of the first; until then nothing is said about it, ms. */
const soonMs = 6_000
/** After another program took over, ms: long enough not to take turns with it all the time. */
const takenMs = 15_000

/**
 * `get` is asked again before each subscription, since a Kinesis may come back at another address. `consumer`: its ARN.
 * `trouble` hears why nothing comes, and null when it does again.
 */
export function pushedShards(
  get: () => Promise<KinesisClient>,
  consumer: string,
  trouble: (reason: ReturnType<typeof toErrorDetail> | null) => void,
  signal: AbortSignal,
): ReadShard {
  return async function* (shard, from) {
    let start: IteratorStart = from
    let troubled = false
    let refusedAt: number | null = null
    for (;;) {
      signal.throwIfAborted()
      let reads = false
      try {
        const client = (await get()) as Required<KinesisClient>
        for await (const push of client.subscribe(consumer, shard, start, signal)) {
          if (troubled) trouble(null)
          troubled = false
          refusedAt = null
          reads = true
          if (push.after !== null) start = { type: 'AFTER_SEQUENCE_NUMBER', sequence: push.after }
          yield push
          if (push.after === null) return
        }
        // Its five minutes are over: the next one begins where it ended.
      } catch (thrown) {
        const detail = toErrorDetail(thrown)
        const inUse = detail.code === 'SUBSCRIPTION_IN_USE'
        if (signal.aborted || !(inUse || passes(detail.code))) throw thrown
        refusedAt ??= performance.now()
        const soon = inUse && !reads && performance.now() - refusedAt < soonMs
        if (!soon) trouble(detail)
        troubled ||= !soon
        await sleep(inUse && reads ? takenMs : againMs, undefined, { signal })
      }
    }
  }
}
