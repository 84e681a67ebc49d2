/** Looking into Kinesis: the streams, their records of all shards merged, and a live tail (contract `streams`). */

import { setTimeout as sleep } from 'node:timers/promises'
import { deletes } from '../../shared/contract/app.ts'
import type { IteratorFrom, StreamRow } from '../../shared/contract/streams.ts'
import type { Kind } from '../../shared/names.ts'
import { readMerged } from '../clients/kinesis/merged.ts'
import type { ReadPace } from '../clients/kinesis/pace.ts'
import type { IteratorStart, KinesisClient, StreamInfo } from '../clients/kinesis/types.ts'
import { shownBytes } from '../lib/bytes.ts'
import type { ActivityLog, ConsentDesk, NewActivity } from './deps.ts'
import { api, toRpcError } from './rpc.ts'
import type { FanOutTails } from './streamConsumers.ts'
import { shownRecord, tailStream } from './streamTail.ts'

/** A pipeline's Kinesis. `counts`: records kept by stream, known for our own server only. */
export interface PipelineKinesis {
  readonly client: KinesisClient
  counts(): ReadonlyMap<string, number> | null
}

export interface StreamsDeps {
  kinesis(pipeline: string): Promise<PipelineKinesis>
  /** Which of the pipeline's three it is. */
  kindOf(pipeline: string, stream: string): Kind | null
  /** Shared by everything in this process that reads streams. */
  readonly pace: ReadPace
  readonly fanOut: FanOutTails
  readonly consent: ConsentDesk
  readonly activity: ActivityLog
}

/** How often the list is looked at: our own server costs nothing, AWS allows five ListStreams a second for an account. */
const lookEveryMs = { own: 1_000, aws: 10_000 } as const
/** So many DescribeStreamSummary at once; AWS allows 20 a second. */
const describeAtOnce = 5

export function streamsFeature(deps: StreamsDeps) {
  const { pace } = deps
  const rates = rateMeter()

  const row = (pipeline: string, info: StreamInfo, counts: ReadonlyMap<string, number> | null): StreamRow => {
    const records = counts?.get(info.name) ?? null
    return {
      name: info.name,
      kind: deps.kindOf(pipeline, info.name),
      state: info.state,
      mode: info.mode,
      openShards: info.openShards,
      retentionHours: info.retentionHours,
      records,
      rate: records === null ? null : rates.look(`${pipeline}/${info.name}`, records),
    }
  }

  const rows = async (pipeline: string): Promise<{ rows: StreamRow[]; own: boolean }> => {
    const { client, counts } = await deps.kinesis(pipeline)
    const names = await client.listStreams()
    const known = counts()
    const found: StreamRow[] = []
    for (let at = 0; at < names.length; at += describeAtOnce) {
      const some = names.slice(at, at + describeAtOnce).map((name) => describeIfThere(client, name))
      for (const info of await Promise.all(some)) if (info) found.push(row(pipeline, info, known))
    }
    return { rows: found, own: known !== null }
  }

  const note = (pipeline: string, level: NewActivity['level'], text: string) =>
    deps.activity.add({ pipeline, level, text, area: 'streams' })

  deps.consent.describe('streams.remove', async ({ pipeline, names }) => {
    const { client, counts } = await deps.kinesis(pipeline)
    const losses = names.map(async (name) => {
      const { openShards } = await client.describe(name)
      const records = counts()?.get(name)
      const size = records === undefined ? 'all its records' : `${records.toLocaleString('en')} records`
      return `${name}: ${size} in ${openShards} open shard${openShards === 1 ? '' : 's'}`
    })
    const [only] = names
    return {
      title: names.length === 1 ? `Delete the stream ${only}?` : `Delete ${names.length} streams?`,
      ...deletes,
      losses: await Promise.all(losses),
      typed: names.length === 1 && only !== undefined ? only : `delete ${names.length} streams`,
    }
  })

  return {
    list: api.streams.list.handler(async ({ input }) => (await rows(input.pipeline)).rows),

    watch: api.streams.watch.handler(async function* ({ input, signal }) {
      try {
        for (;;) {
          const look = await rows(input.pipeline)
          yield look.rows
          await sleep(look.own ? lookEveryMs.own : lookEveryMs.aws, undefined, { ...(signal && { signal }) })
        }
      } catch (thrown) {
        if (!signal?.aborted) throw toRpcError(thrown)
      }
    }),

    get: api.streams.get.handler(async ({ input }) => {
      const { client, counts } = await deps.kinesis(input.pipeline)
      const [info, shards] = await Promise.all([client.describe(input.stream), client.shards(input.stream)])
      return {
        ...row(input.pipeline, info, counts()),
        arn: info.arn,
        maxRecordKiB: Math.round(info.maxRecordBytes / 1_024),
        shards: shards.map((shard) => ({
          id: shard.id,
          parent: shard.parent,
          adjacentParent: shard.adjacentParent,
          startHash: String(shard.startHash),
          endHash: String(shard.endHash),
          open: shard.lastSequence === null,
          firstSequence: String(shard.firstSequence),
        })),
      }
    }),

    create: api.streams.create.handler(async ({ input, signal }) => {
      const { client, counts } = await deps.kinesis(input.pipeline)
      await client.createStream(input.stream, input.shards, signal ?? never)
      note(input.pipeline, 'good', `Made stream ${input.stream} with ${input.shards} shard(s)`)
      return row(input.pipeline, await client.describe(input.stream), counts())
    }),

    remove: api.streams.remove.handler(async ({ input, signal }) => {
      const { pipeline, stream, consent } = input
      await deps.consent.redeem(consent, { action: 'streams.remove', pipeline, names: [stream] })
      const { client } = await deps.kinesis(pipeline)
      await client.deleteStream(stream, signal ?? never)
      note(pipeline, 'warn', `Deleted stream ${stream}`)
      return { removed: true }
    }),

    browse: api.streams.browse.handler(async ({ input, signal }) => {
      const { client } = await deps.kinesis(input.pipeline)
      const named = input.shard ?? ('shard' in input.from ? input.from.shard : undefined)
      const ids = named === undefined ? (await client.shards(input.stream)).map(({ id }) => id) : [named]
      const reached = new Map((input.next ?? []).map((place) => [place.shard, place]))
      const shards = ids.map((shard) => {
        const place = reached.get(shard)
        return { shard, start: startOf(input.from, place?.after), iterator: place?.iterator ?? undefined }
      })
      const what = { stream: input.stream, shards, limit: input.limit }
      const page = await readMerged(client, pace, what, signal ?? never)
      for (const { shard, after, iterator } of page.next) {
        const before = reached.get(shard)?.after ?? null
        reached.set(shard, { shard, after: after === null ? before : String(after), iterator })
      }
      // One record alone is shown whole; a page of many only the beginning of each.
      const bytes = input.limit === 1 ? undefined : shownBytes
      return {
        records: page.records.map((record) => shownRecord(record, bytes)),
        millisBehindLatest: page.millisBehindLatest,
        next: [...reached.values()],
        end: page.end,
      }
    }),

    tail: api.streams.tail.handler(async function* ({ input, signal }) {
      const over = new AbortController()
      const until = AbortSignal.any(signal ? [signal, over.signal] : [over.signal])
      const { pipeline, stream, fanOut, from } = input
      const shard = input.shard ?? ('shard' in from ? from.shard : undefined)
      let letGo = () => {}
      try {
        const get = async () => (await deps.kinesis(pipeline)).client
        if (fanOut) letGo = await deps.fanOut.hold(pipeline, stream, until)
        const consumer = fanOut ? await deps.fanOut.consumer(pipeline, stream) : undefined
        yield* tailStream(get, pace, { stream, shard, from: startOf(from), consumer }, until)
      } catch (thrown) {
        if (!until.aborted) throw toRpcError(thrown)
      } finally {
        over.abort()
        letGo()
      }
    }),
  }
}

/** A call that nobody can cancel. */
const never = new AbortController().signal

function startOf(from: IteratorFrom, after: string | null = null): IteratorStart {
  if (after !== null) return { type: 'AFTER_SEQUENCE_NUMBER', sequence: BigInt(after) }
  if (from.type === 'AT_SEQUENCE_NUMBER' || from.type === 'AFTER_SEQUENCE_NUMBER') {
    return { type: from.type, sequence: BigInt(from.sequence) }
  }
  return from.type === 'AT_TIMESTAMP' ? { type: from.type, time: from.time } : { type: from.type }
}

/** Null where it was deleted since it was listed. */
async function describeIfThere(client: KinesisClient, name: string): Promise<StreamInfo | null> {
  try {
    return await client.describe(name)
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code === 'STREAM_NOT_FOUND') return null
    throw thrown
  }
}

/** Records a second between two looks at a count; null at the first. Looks close together answer the same. */
function rateMeter() {
  const looks = new Map<string, { at: number; count: number; rate: number | null }>()
  return {
    look(key: string, count: number): number | null {
      const at = performance.now()
      const last = looks.get(key)
      if (last && at - last.at < lookEveryMs.own / 2) return last.rate
      // Retention takes records away; that is no negative rate.
      const rate = last ? (Math.max(0, count - last.count) * 1_000) / (at - last.at) : null
      looks.set(key, { at, count, rate })
      return rate
    },
  }
}
