/** From what Kafka or the network answers to the error a person sees; the hints are the fixes of facts/pipeline.md section 7. */
import { protocolErrors, protocolErrorsCodesById } from '@platformatic/kafka'
import { AppError, type ErrorDetail } from '../../../shared/errors.ts'
import { accessFailure } from './accessErrors.ts'
import { LinkError, UnsupportedError } from './link.ts'

type Detail = Omit<ErrorDetail, 'field'>

/** By Kafka's own name. `about` is what was asked for: a topic, a group, an address. */
const table: Readonly<Record<string, (about: string) => Detail>> = {
  OFFSET_OUT_OF_RANGE: (about) => ({
    code: 'KAFKA_OFFSET_OUT_OF_RANGE',
    message: `The log does not hold the offset that was asked for: ${about}`,
    hint: 'Retention has deleted it, or the topic was made again. Read from the oldest instead.',
  }),
  CORRUPT_MESSAGE: (about) => ({
    code: 'KAFKA_CORRUPT',
    message: `Kafka says the data is corrupt: ${about}`,
    hint: 'A disk or a network device changed bytes. Look at the broker’s log and disk.',
  }),
  UNKNOWN_TOPIC_OR_PARTITION: (about) => ({
    code: 'KAFKA_TOPIC_NOT_FOUND',
    message: `There is no such topic or partition: ${about}`,
    hint: 'Check the name, or create the topic. Without the right to describe it, Kafka answers the same.',
  }),
  INVALID_TOPIC_EXCEPTION: (about) => ({
    code: 'KAFKA_TOPIC_NAME_INVALID',
    message: `Kafka does not allow this topic name: ${about}`,
    hint: 'Use letters, digits, ., - and _, at most 249 of them. “a.b” and “a_b” cannot exist side by side.',
  }),
  TOPIC_ALREADY_EXISTS: (about) => ({
    code: 'KAFKA_TOPIC_EXISTS',
    message: `The topic exists already: ${about}`,
    hint: 'Use it as it is, or delete it first.',
  }),
  TOPIC_DELETION_DISABLED: (about) => ({
    code: 'KAFKA_DELETE_DISABLED',
    message: `This broker does not allow topics to be deleted: ${about}`,
    hint: 'Set delete.topic.enable=true on the broker.',
  }),
  LEADER_NOT_AVAILABLE: (about) => ({
    code: 'KAFKA_NO_LEADER',
    message: `A partition has no leader at the moment: ${about}`,
    hint: 'A broker is starting or gone. Try again in a few seconds; if it stays, start the missing broker.',
  }),
  NOT_ENOUGH_REPLICAS: (about) => ({
    code: 'KAFKA_NOT_ENOUGH_REPLICAS',
    message: `Too few replicas are in sync for acks=all: ${about}`,
    hint: 'Bring the missing brokers back, or lower min.insync.replicas.',
  }),
  MESSAGE_TOO_LARGE: (about) => ({
    code: 'KAFKA_MESSAGE_TOO_LARGE',
    message: `The batch is larger than the topic takes: ${about}`,
    hint: 'Send smaller batches, or raise max.message.bytes of the topic (1,048,588 bytes by default).',
  }),
  INVALID_PARTITIONS: (about) => ({
    code: 'KAFKA_PARTITIONS_INVALID',
    message: `Kafka does not accept this number of partitions: ${about}`,
    hint: 'Use a number from 1 on.',
  }),
  INVALID_REPLICATION_FACTOR: (about) => ({
    code: 'KAFKA_REPLICATION_INVALID',
    message: `There are not enough brokers for this replication factor: ${about}`,
    hint: 'Use at most as many replicas as there are brokers.',
  }),
  INVALID_CONFIG: (about) => ({
    code: 'KAFKA_CONFIG_INVALID',
    message: `Kafka does not accept a setting of the topic: ${about}`,
    hint: 'Check the name and the value of each setting.',
  }),
  POLICY_VIOLATION: (about) => ({
    code: 'KAFKA_POLICY',
    message: `A rule of this cluster forbids it: ${about}`,
    hint: 'Ask who runs the cluster which names, sizes and settings it allows.',
  }),
  TOPIC_AUTHORIZATION_FAILED: (about) => ({
    code: 'KAFKA_TOPIC_AUTHORIZATION',
    message: `You are not allowed to use this topic: ${about}`,
    hint: 'The topic’s name must be exactly the one your policy names, and the policy needs kafka-cluster:*Topic*, ReadData and WriteData on it.',
  }),
  GROUP_AUTHORIZATION_FAILED: (about) => ({
    code: 'KAFKA_GROUP_AUTHORIZATION',
    message: `You are not allowed to use this consumer group: ${about}`,
    hint: 'Use a group your policy names; in the shared course account only “students” is allowed.',
  }),
  CLUSTER_AUTHORIZATION_FAILED: (about) => ({
    code: 'KAFKA_CLUSTER_AUTHORIZATION',
    message: `You are not allowed to do this on the cluster: ${about}`,
    hint: 'The policy needs kafka-cluster:Connect and, for an idempotent producer, WriteDataIdempotently on the cluster’s ARN.',
  }),
  UNSUPPORTED_VERSION: (about) => ({
    code: 'KAFKA_UNSUPPORTED_VERSION',
    message: `The broker is too old or too new for this call: ${about}`,
    hint: 'Use Kafka 2.8 to 4.x.',
  }),
  NON_EMPTY_GROUP: (about) => ({
    code: 'KAFKA_GROUP_BUSY',
    message: `The consumer group has members, so its offsets cannot be set from outside: ${about}`,
    hint: 'Stop the consumers of the group first.',
  }),
  GROUP_ID_NOT_FOUND: (about) => ({
    code: 'KAFKA_GROUP_NOT_FOUND',
    message: `There is no such consumer group: ${about}`,
    hint: 'Look at the list; a group without members and offsets vanishes by itself.',
  }),
  INVALID_GROUP_ID: (about) => ({
    code: 'KAFKA_GROUP_INVALID',
    message: `Kafka does not accept this group name: ${about}`,
    hint: 'A group name must not be empty.',
  }),
  OUT_OF_ORDER_SEQUENCE_NUMBER: (about) => ({
    code: 'KAFKA_SEQUENCE_LOST',
    message: `The broker has lost the producer’s sequence, so it is not known whether the batch was written: ${about}`,
    hint: 'Look into the topic before sending the batch again.',
  }),
}

/** Kafka's names that mean the same to a person. */
const same: Readonly<Record<string, string>> = {
  UNKNOWN_TOPIC_ID: 'UNKNOWN_TOPIC_OR_PARTITION',
  INCONSISTENT_TOPIC_ID: 'UNKNOWN_TOPIC_OR_PARTITION',
  NOT_LEADER_OR_FOLLOWER: 'LEADER_NOT_AVAILABLE',
  REPLICA_NOT_AVAILABLE: 'LEADER_NOT_AVAILABLE',
  FENCED_LEADER_EPOCH: 'LEADER_NOT_AVAILABLE',
  UNKNOWN_LEADER_EPOCH: 'LEADER_NOT_AVAILABLE',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'NOT_ENOUGH_REPLICAS',
  RECORD_LIST_TOO_LARGE: 'MESSAGE_TOO_LARGE',
  INVALID_REPLICA_ASSIGNMENT: 'INVALID_REPLICATION_FACTOR',
  UNKNOWN_PRODUCER_ID: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  INVALID_PRODUCER_EPOCH: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  INVALID_PRODUCER_ID_MAPPING: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
}

/** Answers that pass by themselves: a broker starts, moves a leader or a coordinator. */
const passing = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REPLICA_NOT_AVAILABLE',
  'BROKER_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_CONTROLLER',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'UNSTABLE_OFFSET_COMMIT',
  'CONCURRENT_TRANSACTIONS',
])

/** Kafka's name of an error code of the protocol. */
export function nameOf(code: number): string {
  return protocolErrorsCodesById[code as keyof typeof protocolErrorsCodesById] ?? `ERROR_${code}`
}

/** True where asking again in a moment may help. */
export function passes(code: number): boolean {
  return passing.has(nameOf(code))
}

/** What Kafka answered, not yet turned into words; `passes` decides whether it is tried again. */
export class AnswerError extends Error {
  readonly kafkaCode: number
  readonly about: string

  constructor(kafkaCode: number, about: string, detail?: string | null) {
    super(detail ?? nameOf(kafkaCode))
    this.name = 'AnswerError'
    this.kafkaCode = kafkaCode
    this.about = detail ? `${about} (${detail})` : about
  }
}

/** Throws AnswerError unless the code is 0. */
export function check(code: number, about: string, detail?: string | null): void {
  if (code !== 0) throw new AnswerError(code, about, detail)
}

/** True where trying again within the caller's patience may help. */
export function mayPass(error: unknown): boolean {
  if (error instanceof LinkError) return accessFailure(error)?.passes ?? true
  return error instanceof AnswerError && passes(error.kafkaCode)
}

/** The one place where anything this folder throws becomes an AppError; others' AppErrors pass through. */
export function toAppError(error: unknown): unknown {
  if (error instanceof AnswerError) {
    const name = nameOf(error.kafkaCode)
    const row = table[same[name] ?? name]
    if (row) return new AppError(row(error.about), error)
    const text = protocolErrors[name as keyof typeof protocolErrors]?.message ?? name
    return new AppError(
      {
        code: 'KAFKA_REFUSED',
        message: `Kafka refused the request, ${name}: ${error.about}`,
        hint: `Kafka’s own words: ${text}`,
      },
      error,
    )
  }
  if (error instanceof UnsupportedError) {
    return new AppError((table.UNSUPPORTED_VERSION as (about: string) => Detail)(error.message), error)
  }
  if (!(error instanceof LinkError)) return error
  const access = accessFailure(error)
  if (access !== null) return new AppError(access.detail, error)
  return new AppError(
    {
      code: 'KAFKA_UNREACHABLE',
      message: `The Kafka broker does not answer: ${error.address} (${error.message})`,
      hint: 'Check that the broker runs and that its port is open from here: the address, the security group, the tunnel.',
    },
    error,
  )
}
