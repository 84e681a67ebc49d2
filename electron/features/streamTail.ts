/** A live tail of a stream: bounded, told shard by shard, and going on where it was when Kinesis was away. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../../shared/contract/base.ts'
import type { ShardState, StreamRecord, StreamTail } from '../../shared/contract/streams.ts'
import { pushedShards } from '../clients/kinesis/fanOut.ts'
import { followStream } from '../clients/kinesis/follow.ts'
import { mergeByArrival } from '../clients/kinesis/merged.ts'
import type { ReadPace } from '../clients/kinesis/pace.ts'
import { patientReads } from '../clients/kinesis/patient.ts'
import { fetchedShards } from '../clients/kinesis/read.ts'
import type { IteratorStart, KinesisClient, ReadRecord } from '../clients/kinesis/types.ts'
import { bytesOf, shownBytes } from '../lib/bytes.ts'
import { tailBuffer } from '../lib/tailBuffer.ts'

/** At most ten batches a second go to a view; one a second also where nothing came, so that its numbers stay true. */
const batchEveryMs = 100
const silentMs = 1_000
const tailItems = 2_000
/** At most so many records a read: a tail is shown, not stored. */
const perRead = 1_000
const tailBytes = 8 * 1024 * 1024

interface Seen {
  behindMs: number
  /** Of the last record read, ms since 1970; null before the first. */
  arrivedAt: number | null
  records: number
  finished: boolean
}

export interface TailWhat {
  readonly stream: string
  readonly shard?: string | undefined
  /** A sequence number needs `shard`, its own. */
  readonly from: IteratorStart
  /** ARN of the consumer to which the shards push; without, they are read within `pace`. */
  readonly consumer?: string | undefined
}

/** A record as a view gets it; without `bytes` it is whole. */
export function shownRecord(record: ReadRecord, bytes: number | undefined): StreamRecord {
  return {
    shard: record.shard,
    sequence: String(record.sequence),
    partitionKey: record.partitionKey,
    arrivedAt: record.arrivedAt,
    data: bytesOf(record.data, bytes),
  }
}

/** Follows until `signal` is aborted. Throws AppError where trying again would not help. */
export async function* tailStream(
  get: () => Promise<KinesisClient>,
  pace: ReadPace,
  { stream, shard: only, from, consumer }: TailWhat,
  signal: AbortSignal,
): AsyncGenerator<StreamTail> {
  const sizeOf = ({ data }: ReadRecord) => Math.min(data.length, shownBytes)
  const buffer = tailBuffer<ReadRecord>({ maxItems: tailItems, maxBytes: tailBytes, sizeOf })
  const shards = new Map<string, Seen>()
  const seenOf = (shard: string): Seen => {
    const known = shards.get(shard) ?? { behindMs: 0, arrivedAt: null, records: 0, finished: false }
    shards.set(shard, known)
    return known
  }
  let problem: Problem | null = null
  const listener = {
    onRecords: (records: readonly ReadRecord[]) => {
      const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0)
      buffer.push({ count: records.length, bytes, items: () => records })
      const last = records.at(-1)
      if (!last) return
      const seen = seenOf(last.shard)
      seen.arrivedAt = last.arrivedAt
      seen.records += records.length
    },
    onBehind: (shard: string, ms: number) => {
      seenOf(shard).behindMs = ms
    },
    onFinished: (shard: string) => {
      seenOf(shard).finished = true
    },
  }
  const trouble = (reason: Problem | null) => {
    problem = reason
  }
  const client = patientReads(get, trouble, signal)
  // Runs beside the view, so that a slow view loses records (counted) instead of holding up the shards.
  const readShard =
    consumer === undefined
      ? fetchedShards(client, pace, { stream, limit: perRead }, signal)
      : pushedShards(get, consumer, trouble, signal)
  followStream(client, readShard, { stream, only, from }, listener).catch(buffer.fail)

  const stateOf = ([shard, seen]: [string, Seen], now: number): ShardState => ({
    shard,
    behindMs: seen.behindMs,
    iteratorAgeMs:
      seen.behindMs === 0 ? 0 : seen.arrivedAt === null ? null : Math.max(0, now - seen.arrivedAt),
    records: seen.records,
    finished: seen.finished,
    reads: consumer === undefined ? pace.used(stream, shard) : null,
  })
  while (!signal.aborted) {
    await buffer.wait(silentMs, signal)
    const { items, seen, dropped } = buffer.take()
    const queues = Map.groupBy(items, (record) => record.shard)
    const now = Date.now()
    yield {
      records: mergeByArrival([...queues.values()]).map((record) => shownRecord(record, shownBytes)),
      seen,
      dropped,
      rate: buffer.rate(),
      millisBehindLatest: Math.max(0, ...[...shards.values()].map(({ behindMs }) => behindMs)),
      shards: [...shards].map((each) => stateOf(each, now)),
      problem,
    }
    await sleep(batchEveryMs, undefined, { signal })
  }
}
