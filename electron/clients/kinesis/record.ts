/** A record as the SDK gives it, fetched or pushed, in the app's own terms. */
import type { _Record } from '@aws-sdk/client-kinesis'
import type { ReadRecord } from './types.ts'

export function readRecord(shard: string, record: _Record): ReadRecord {
  return {
    shard,
    sequence: BigInt(record.SequenceNumber ?? 0),
    partitionKey: record.PartitionKey ?? '',
    data: bufferOf(record.Data),
    arrivedAt: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
  }
}

/** The same bytes, not copied. */
function bufferOf(bytes: Uint8Array | undefined): Buffer {
  return bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.alloc(0)
}
