/** Which partition keys and which part of the hash space fill a stream: counted in bounded memory while it is read. */
import { hash } from 'node:crypto'
import type { HotKeys } from '../../shared/contract/streamOps.ts'
import type { ReadPace } from '../clients/kinesis/pace.ts'
import { shardReader } from '../clients/kinesis/read.ts'
import type { KinesisClient, ReadRecord, ShardInfo } from '../clients/kinesis/types.ts'
import { tally } from '../search/tally.ts'

/** Keys counted at the same time; below that the counts are exact. */
const keptKeys = 20_000
const topKeys = 50
/** Parts of the hash space: enough to see where a shard would be split. */
const parts = 64
const hashSpace = 1n << 128n
const perRead = 10_000
const tellEveryMs = 300

const hashOf = (key: string): bigint => BigInt(`0x${hash('md5', key, 'hex')}`)

interface Sum {
  records: number
  bytes: number
}

/** Throws AppError. Ends at the tip of every shard, after so many records, or after the time. */
export async function* hotKeys(
  client: KinesisClient,
  pace: ReadPace,
  what: {
    readonly stream: string
    readonly lastMs: number
    readonly records: number
    readonly timeLimitMs: number
  },
  signal: AbortSignal,
): AsyncGenerator<HotKeys> {
  const began = Date.now()
  const shards = await client.shards(what.stream)
  const byRecords = tally(keptKeys)
  const bytesOfKey = new Map<string, number>()
  const total: Sum = { records: 0, bytes: 0 }
  const ranges = Array.from({ length: parts }, (): Sum => ({ records: 0, bytes: 0 }))
  const ofShard = new Map(shards.map(({ id }): [string, Sum] => [id, { records: 0, bytes: 0 }]))
  let [from, to, explicit] = [Number.POSITIVE_INFINITY, 0, 0]

  const count = (record: ReadRecord, shard: ShardInfo) => {
    const { partitionKey, data, arrivedAt } = record
    const add = (sum: Sum | undefined) => {
      if (sum === undefined) return
      sum.records += 1
      sum.bytes += data.length
    }
    add(total)
    add(ofShard.get(shard.id))
    const at = hashOf(partitionKey)
    if (at < shard.startHash || at > shard.endHash) explicit += 1
    else add(ranges[Number((at * BigInt(parts)) / hashSpace)])
    byRecords.add(partitionKey)
    const known = bytesOfKey.get(partitionKey)
    // Bytes are shown for the most frequent keys only; a key that comes late is counted from there on.
    if (known !== undefined || bytesOfKey.size < keptKeys)
      bytesOfKey.set(partitionKey, (known ?? 0) + data.length)
    from = Math.min(from, arrivedAt)
    to = Math.max(to, arrivedAt)
  }

  const told = (ended: HotKeys['ended']): HotKeys => {
    const { top, topError } = byRecords.top(topKeys)
    return {
      ...total,
      from: total.records === 0 ? null : from,
      to: total.records === 0 ? null : to,
      keys: top.map(({ value, count: records }) => ({
        key: value,
        records,
        bytes: bytesOfKey.get(value) ?? 0,
      })),
      error: topError,
      ...byRecords.distinct(),
      ranges: ranges.map((sum) => ({ ...sum })),
      shards: [...ofShard].map(([shard, sum]) => ({ shard, ...sum })),
      explicit,
      ended,
    }
  }

  const readers = shards.map((shard) => ({
    shard,
    reader: shardReader(
      client,
      pace,
      { stream: what.stream, shard: shard.id, start: { type: 'AT_TIMESTAMP', time: began - what.lastMs } },
      signal,
    ),
  }))
  let open = readers
  let lastTold = 0
  while (open.length > 0) {
    const left = await Promise.all(
      open.map(async (each) => {
        const read = await each.reader.next(perRead)
        for (const record of read?.records ?? []) count(record, each.shard)
        return read === null || read.next === null || read.millisBehindLatest === 0 ? [] : [each]
      }),
    )
    open = left.flat()
    if (total.records >= what.records) return yield told('records')
    if (Date.now() - began > what.timeLimitMs) return yield told('time')
    if (Date.now() - lastTold > tellEveryMs) {
      lastTold = Date.now()
      yield told(null)
    }
  }
  yield told('tip')
}
