/** From what the Kafka client throws to the REST proxy's codes (facts/apis.md 4.1). */
import { toErrorDetail } from '../../shared/errors.ts'
import { proxyError, type Refusal } from './answer.ts'

export interface KafkaFault {
  /** For a call that fails as a whole. */
  readonly status: number
  /** The proxy's error_code. */
  readonly code: number
  readonly message: string
}

/** The proxy's codes by the client's; whatever is not named here may pass by itself: 50003, "retriable". */
const table: Readonly<Record<string, readonly [status: number, code: number]>> = {
  KAFKA_AUTHENTICATION: [401, 40101],
  KAFKA_TOPIC_AUTHORIZATION: [403, 40301],
  KAFKA_GROUP_AUTHORIZATION: [403, 40301],
  KAFKA_CLUSTER_AUTHORIZATION: [403, 40301],
  KAFKA_TOPIC_NOT_FOUND: [404, 40401],
  KAFKA_TOPIC_NAME_INVALID: [404, 40401],
  KAFKA_GROUP_INVALID: [422, 42204],
  KAFKA_GROUP_BUSY: [409, 40903],
  KAFKA_MESSAGE_TOO_LARGE: [500, 50002],
  KAFKA_CORRUPT: [500, 50002],
  KAFKA_POLICY: [500, 50002],
  KAFKA_REFUSED: [500, 50002],
  KAFKA_UNSUPPORTED_VERSION: [500, 50002],
  KAFKA_SEQUENCE_LOST: [500, 50002],
  // The proxy's own code for a broker that is not there; 503 because nothing was written.
  KAFKA_UNREACHABLE: [503, 50302],
  GATEWAY_EXPIRED: [503, 50302],
}

/** The proxy's code for what was thrown. */
export function kafkaFault(thrown: unknown): KafkaFault {
  const detail = toErrorDetail(thrown)
  const [status, code] = table[detail.code] ?? [500, 50003]
  return { status, code, message: detail.message }
}

/** The code inside a 200, where the proxy knows only four. */
export function recordCode(fault: KafkaFault): number {
  return [40101, 40301, 50002].includes(fault.code) ? fault.code : 50003
}

/** The whole call's answer for what was thrown by a Kafka call. */
export function kafkaRefusal(thrown: unknown): Refusal {
  const { status, code, message } = kafkaFault(thrown)
  const prefix = code === 50002 ? 'Kafka error: ' : code === 50003 ? 'Retriable Kafka error: ' : ''
  return proxyError(status, code, prefix + message, status === 503 ? { 'retry-after': '1' } : undefined)
}

export const topicNotFound = () => proxyError(404, 40401, 'Topic not found.')
export const partitionNotFound = () => proxyError(404, 40402, 'Partition not found.')
export const instanceNotFound = () => proxyError(404, 40403, 'Consumer instance not found.')
export const illegalState = (why: string) => proxyError(409, 40903, `Illegal state: ${why}`)
