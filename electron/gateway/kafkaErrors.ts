/** From what the Kafka client throws to the REST proxy's codes (facts/apis.md 4.1). */
import { toErrorDetail } from '../../shared/errors.ts'
import { proxyError, type Refusal } from './answer.ts'

export interface KafkaFault {
  readonly status: number
  /** The proxy's error_code. */
  readonly code: number
  readonly message: string
}

/** Code patterns of the client, most specific first. Whatever is not named here is a Kafka error that may pass by itself. */
const table: readonly (readonly [pattern: RegExp, status: number, code: number])[] = [
  [/AUTHENTICATION|SASL/, 401, 40101],
  [/AUTHORI[SZ]ATION|DENIED/, 403, 40301],
  [/TOPIC_(MISSING|NOT_FOUND|UNKNOWN)|UNKNOWN_TOPIC|NO_TOPIC|NO_SUCH_TOPIC/, 404, 40401],
  [/TOO_LARGE|INVALID|CORRUPT|UNSUPPORTED/, 500, 50002],
]

/** The proxy's code for what was thrown; `status` is for calls that fail as a whole. */
export function kafkaFault(thrown: unknown): KafkaFault {
  const detail = toErrorDetail(thrown)
  const row = table.find(([pattern]) => pattern.test(detail.code))
  return { status: row?.[1] ?? 500, code: row?.[2] ?? 50003, message: detail.message }
}

/** The whole call's answer for what was thrown by a Kafka call. */
export function kafkaRefusal(thrown: unknown): Refusal {
  const fault = kafkaFault(thrown)
  const prefix =
    fault.code === 50002 ? 'Kafka error: ' : fault.code === 50003 ? 'Retriable Kafka error: ' : ''
  return proxyError(fault.status, fault.code, prefix + fault.message)
}

export const topicNotFound = () => proxyError(404, 40401, 'Topic not found.')
export const partitionNotFound = () => proxyError(404, 40402, 'Partition not found.')
export const instanceNotFound = () => proxyError(404, 40403, 'Consumer instance not found.')
export const illegalState = (why: string) => proxyError(409, 40903, `Illegal state: ${why}`)
