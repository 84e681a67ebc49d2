/** One page of a stream: records of several shards merged by arrival, and where to go on in each. */
import type { ReadPace } from './pace.ts'
import { shardReader } from './read.ts'
import type { IteratorStart, KinesisClient, ReadRecord } from './types.ts'

export interface MergedPage {
  readonly records: readonly ReadRecord[]
  /** Where to go on in each shard that came any further. */
  readonly next: readonly ShardPlace[]
  /** ms of the shard that is farthest behind. */
  readonly millisBehindLatest: number
  /** Nothing is left in any of the shards. */
  readonly end: boolean
}

/** How far one shard was read: to the last record shown, or through a stretch without any. */
export interface ShardPlace {
  readonly shard: string
  /** The last record shown; null where none was. */
  readonly after: bigint | null
  /** Behind a stretch without records; null where records were shown. */
  readonly iterator: string | null
}

/** A shard may answer without records long before its end; so often it is asked again for one page. */
const maxReads = 20

/** Throws AppError. */
export async function readMerged(
  client: KinesisClient,
  pace: ReadPace,
  what: {
    readonly stream: string
    readonly shards: readonly {
      readonly shard: string
      readonly start: IteratorStart
      /** Goes before `start` for as long as Kinesis takes it (five minutes). */
      readonly iterator?: string | undefined
    }[]
    readonly limit: number
  },
  signal: AbortSignal,
): Promise<MergedPage> {
  const { stream, limit } = what
  const queues = await Promise.all(
    what.shards.map(async (shard) => {
      const reader = shardReader(client, pace, { stream, ...shard }, signal)
      const records: ReadRecord[] = []
      let behind = 0
      let tip = false
      let reached: string | null = null
      for (let reads = 0; reads < maxReads && records.length < limit && !tip; reads += 1) {
        const read = await reader.next(limit - records.length)
        records.push(...(read?.records ?? []))
        behind = read?.millisBehindLatest ?? 0
        tip = read === null || read.next === null || behind === 0
        reached = read?.next ?? null
      }
      return { shard: shard.shard, records, behind, tip, reached }
    }),
  )

  const records = mergeByArrival(
    queues.map((queue) => queue.records),
    limit,
  )
  const shown = new Map<string, bigint>()
  for (const record of records) shown.set(record.shard, record.sequence)
  const rest = queues.flatMap((queue) => {
    const after = shown.get(queue.shard) ?? -1n
    return queue.records.filter((record) => record.sequence > after)
  })
  const newest = Math.max(0, ...queues.flatMap((queue) => queue.records.map((record) => record.arrivedAt)))
  const oldestLeft = Math.min(newest, ...rest.map((record) => record.arrivedAt))
  return {
    records,
    next: [
      ...[...shown].map(([shard, after]) => ({ shard, after, iterator: null })),
      ...queues.flatMap(({ shard, records: found, reached }) =>
        found.length === 0 && reached !== null ? [{ shard, after: null, iterator: reached }] : [],
      ),
    ],
    millisBehindLatest: Math.max(0, newest - oldestLeft, ...queues.map((queue) => queue.behind)),
    end: rest.length === 0 && queues.every((queue) => queue.tip),
  }
}

/** At most `limit` of them. Each shard keeps its own order, also where a clock went back between two records. */
export function mergeByArrival(
  queues: readonly (readonly ReadRecord[])[],
  limit: number = Number.POSITIVE_INFINITY,
): ReadRecord[] {
  const heads = queues.map(() => 0)
  const merged: ReadRecord[] = []
  while (merged.length < limit) {
    let best = -1
    let first: ReadRecord | null = null
    for (const [nth, queue] of queues.entries()) {
      const head = queue[heads[nth] ?? 0]
      if (head && (!first || head.arrivedAt < first.arrivedAt)) {
        first = head
        best = nth
      }
    }
    if (!first) break
    heads[best] = (heads[best] ?? 0) + 1
    merged.push(first)
  }
  return merged
}
