/** One read of one shard within its budget, refused reads tried again. */
import { AppError } from '../../../shared/errors.ts'
import type { ReadPace } from './pace.ts'
import type { ReadingClient } from './patient.ts'
import type { IteratorStart, ReadRecord, ShardRead } from './types.ts'

/** Records of a shard as they come, whether fetched or pushed; ends where the shard does. */
export type ReadShard = (
  shard: string,
  start: IteratorStart,
) => AsyncIterable<{ readonly records: readonly ReadRecord[]; readonly millisBehindLatest: number }>

export interface ShardReader {
  /** The next records, none where nothing new is there; null where the shard is closed and read to its end. */
  next(limit: number): Promise<ShardRead | null>
}

/** Reads one shard from `start` on. The place is kept by sequence number where an iterator expires meanwhile. */
export function shardReader(
  client: ReadingClient,
  pace: ReadPace,
  at: {
    readonly stream: string
    readonly shard: string
    readonly start: IteratorStart
    readonly iterator?: string | undefined
  },
  signal: AbortSignal,
): ShardReader {
  const { stream, shard } = at
  let start = at.start
  let iterator: string | null = at.iterator ?? null
  let finished = false

  return {
    async next(limit) {
      while (!finished) {
        await pace.turn(stream, shard, signal)
        try {
          iterator ??= await client.iterator(stream, shard, start)
          const read = await client.getRecords(shard, iterator, limit)
          iterator = read.next
          finished = read.next === null
          const last = read.records.at(-1)
          if (last) start = { type: 'AFTER_SEQUENCE_NUMBER', sequence: last.sequence }
          return read
        } catch (thrown) {
          const code = thrown instanceof AppError ? thrown.code : ''
          if (code === 'ITERATOR_EXPIRED') iterator = null
          else if (code === 'THROUGHPUT_EXCEEDED') pace.backOff(stream, shard)
          else throw thrown
        }
      }
      return null
    },
  }
}

/** Fetches again and again within the budget, at most `limit` records a read. */
export function fetchedShards(
  client: ReadingClient,
  pace: ReadPace,
  { stream, limit }: { readonly stream: string; readonly limit: number },
  signal: AbortSignal,
): ReadShard {
  return async function* (shard, start) {
    const reader = shardReader(client, pace, { stream, shard, start }, signal)
    for (let read = await reader.next(limit); read !== null; read = await reader.next(limit)) yield read
  }
}
