/** What reading shares, whether records are fetched or pushed: where it begins, a record's shape, what follows a shard. */
import type { ShardMeta } from '../catalog.ts'
import { invalidArgument } from '../fault.ts'
import { shardId } from '../hash.ts'
import { horizonOf, type LiveShard, type LiveStream } from '../liveStream.ts'
import type { StoredRecord } from '../record.ts'
import { parseSequenceNumber } from '../sequence.ts'
import type { Store } from '../store.ts'
import { seconds } from './call.ts'

export const startTypes = [
  'AFTER_SEQUENCE_NUMBER',
  'LATEST',
  'AT_TIMESTAMP',
  'AT_SEQUENCE_NUMBER',
  'TRIM_HORIZON',
] as const

/** Where to begin, as a request gives it. `call`: its name, for the words of a refusal. */
export interface Start {
  readonly call: string
  readonly type: string
  readonly sequence: string | undefined
  /** ms */
  readonly time: number | undefined
}

/** Counter of the first record to read. Throws Fault where the parts of `start` do not fit together or the shard. */
export async function startCounter(
  store: Store,
  stream: LiveStream,
  { meta, live }: { readonly meta: ShardMeta; readonly live: LiveShard },
  { call, type, sequence, time }: Start,
): Promise<number> {
  const bySequence = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER'
  if (bySequence !== (sequence !== undefined)) {
    throw invalidArgument(
      'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
        '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ' +
        `${type} and ${bySequence ? 'no' : 'also a'} StartingSequenceNumber.`,
    )
  }
  if ((type === 'AT_TIMESTAMP') !== (time !== undefined)) {
    throw invalidArgument(
      type === 'AT_TIMESTAMP'
        ? 'Must specify timestamp parameter for iterator of type AT_TIMESTAMP.'
        : `Timestamp parameter cannot be used for iterator of type ${type}.`,
    )
  }
  if (time !== undefined && time > store.now()) {
    throw invalidArgument('The timestampInMillis parameter cannot be greater than the current time.')
  }
  if (bySequence) {
    const number = parseSequenceNumber(sequence ?? '')
    if (number?.index !== meta.index || number.bornSecs !== meta.bornSecs) {
      throw invalidArgument(
        `StartingSequenceNumber ${sequence} used in ${call} on shard ${live.id} ` +
          `in stream ${stream.meta.name} is invalid because it did not come from this shard.`,
      )
    }
    return type === 'AT_SEQUENCE_NUMBER' ? number.counter : number.counter + 1
  }
  if (type === 'LATEST') return live.log.next()
  if (type === 'TRIM_HORIZON') return horizonOf(stream, live, store.now())
  return live.log.counterAt(time ?? 0)
}

/** A record as both kinds of reading answer it. */
export function recordShape(live: LiveShard, record: StoredRecord) {
  return {
    SequenceNumber: live.sequence(record.counter),
    ApproximateArrivalTimestamp: seconds(record.time),
    Data: record.data.toString('base64'),
    PartitionKey: record.partitionKey,
  }
}

/** The shards that go on where one ended. */
export function childrenOf(stream: LiveStream, parent: number): object[] {
  return stream.meta.shards
    .filter((shard) => shard.parent === parent || shard.adjacentParent === parent)
    .map((shard) => ({
      ShardId: shardId(shard.index),
      ParentShards: [shard.parent, shard.adjacentParent].flatMap((index) =>
        index === null ? [] : [shardId(index)],
      ),
      HashKeyRange: { StartingHashKey: String(shard.start), EndingHashKey: String(shard.end) },
    }))
}
