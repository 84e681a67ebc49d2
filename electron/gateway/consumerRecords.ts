/** Consumed records as the proxy writes them: `[{topic, key, value, partition, offset}]`. */
import { isUtf8 } from 'node:buffer'
import type { KafkaRecord } from '../clients/kafka/types.ts'
import { proxyError, type Refusal } from './answer.ts'
import type { Format } from './media.ts'

export interface TopicRecord extends KafkaRecord {
  readonly topic: string
}

export const sizeOf = (record: TopicRecord) => (record.key?.length ?? 0) + (record.value?.length ?? 0)

/** One record's JSON text; null where its value is no JSON and the consumer's format is json. */
export function recordBody(record: TopicRecord, format: Format): string | null {
  const value = format === 'binary' ? base64(record.value) : jsonOf(record.value)
  if (value === null) return null
  const key = format === 'binary' ? base64(record.key) : keyOf(record.key)
  const topic = JSON.stringify(record.topic)
  return `{"topic":${topic},"key":${key},"value":${value},"partition":${record.partition},"offset":${record.offset}}`
}

/** The answer where the next record cannot be given in the consumer's format: it says which, and how to go on (F-41). */
export function notJson(record: TopicRecord): Refusal {
  const place = `${record.topic}-${record.partition} at offset ${record.offset}`
  return proxyError(
    422,
    42207,
    `The value is not JSON: ${place}. Read it with a binary consumer, or move on with POST …/positions.`,
  )
}

function base64(bytes: Buffer | null): string {
  return bytes === null ? 'null' : `"${bytes.toString('base64')}"`
}

/** The stored text itself, so that big integers stay what they are; null where it is no JSON. */
function jsonOf(bytes: Buffer | null): string | null {
  if (bytes === null) return 'null'
  if (!isUtf8(bytes)) return null
  const text = bytes.toString('utf8')
  try {
    JSON.parse(text)
    return text
  } catch {
    return null
  }
}

/** Keys are often plain text (a uuid): then they are given as JSON text, rather than block the topic. */
function keyOf(bytes: Buffer | null): string {
  return jsonOf(bytes) ?? JSON.stringify(bytes?.toString('utf8'))
}
