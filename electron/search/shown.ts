/** A record as it crosses the contract: bytes cut at a limit, with the size of the whole. */
import type { Message } from '../../shared/contract/topics.ts'
import type { KafkaRecord } from '../clients/kafka/types.ts'
import { bytesOf } from '../lib/bytes.ts'

/** A list's preview of one message, bytes. */
export const previewBytes = 4 * 1024

/** Key, value and each header with at most `limit` bytes. */
export function shown(record: KafkaRecord, limit: number): Message {
  return {
    partition: record.partition,
    offset: String(record.offset),
    timestamp: record.timestamp,
    key: record.key === null ? null : bytesOf(record.key, limit),
    value: record.value === null ? null : bytesOf(record.value, limit),
    headers: record.headers.map(({ name, value }) => ({
      name,
      value: value === null ? null : bytesOf(value, limit),
    })),
  }
}
