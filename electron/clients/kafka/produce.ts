/**
 * Produces batches with exact positions. One request for each leader; nothing is sent twice unless the producer is
 * idempotent, and then always with the same sequence number, so that the broker keeps one.
 */
import { AppError, toErrorDetail } from '../../../shared/errors.ts'
import { pause } from '../../lib/broadcast.ts'
import type { Cluster } from './cluster.ts'
import { AnswerError, mayPass, nameOf, toAppError } from './errors.ts'
import { LinkError } from './link.ts'
import { createPartitioner } from './partitioner.ts'
import { type Batch, type BatchResult, type Identity, newIdentity, sendBatches } from './produceRequest.ts'
import { isFailure, KafkaSendError, type SendFailure, type SendOutcome } from './sendError.ts'
import type { KafkaClient, KafkaProducer, OutRecord, Position } from './types.ts'

type ProducerOptions = Parameters<KafkaClient['producer']>[0]

/** How long an idempotent producer goes on trying, ms: the Java client's `delivery.timeout.ms` is 120 s. */
const deliveryMs = 60_000
const wire = { all: -1, leader: 1, none: 0 } as const

let nextProducer = 0

/** Opens its own connections. Idempotent means acks=all, whatever `acks` says. */
export function createProducer(cluster: Cluster, options: ProducerOptions): KafkaProducer {
  const acks = options.idempotent ? -1 : wire[options.acks]
  const patience = options.idempotent ? { patienceMs: deliveryMs } : {}
  const partitioner = createPartitioner()
  /** An idempotent producer sends one batch of a topic at a time: sequence numbers must arrive in order. */
  const queues = new Map<string, Promise<unknown>>()
  const identities = new Map<string, Identity>()
  /** Sends without an order that are not over. */
  const under = new Set<Promise<unknown>>()
  const purpose = `produce ${nextProducer++}`
  let closed = false

  async function send(topic: string, records: readonly OutRecord[]): Promise<Position[]> {
    if (records.length === 0) return []
    let batches: Batch[]
    try {
      batches = await split(topic, records)
    } catch (error) {
      // Nothing has been sent: each record certainly failed.
      throw failed(records.map(() => outcome(error, false)))
    }
    const results = options.idempotent ? await deliver(topic, batches) : await once(batches)
    const outcomes: SendOutcome[] = new Array(records.length)
    for (const [at, batch] of batches.entries()) {
      const result = results[at] as BatchResult | SendFailure
      for (const [delta, index] of batch.indexes.entries()) {
        outcomes[index] =
          'error' in result
            ? result
            : {
                partition: batch.partition,
                offset: result.baseOffset === null ? null : result.baseOffset + BigInt(delta),
              }
      }
    }
    if (outcomes.some(isFailure)) throw failed(outcomes)
    return outcomes as Position[]
  }

  async function split(topic: string, records: readonly OutRecord[]): Promise<Batch[]> {
    const { partitions } = await cluster.patiently(() => cluster.topic(topic), patience)
    const batches = new Map<number, { records: OutRecord[]; indexes: number[] }>()
    for (const [index, record] of records.entries()) {
      const partition = partitioner.choose(topic, record, partitions.length)
      const batch = batches.get(partition) ?? { records: [], indexes: [] }
      batches.set(partition, batch)
      batch.records.push(record)
      batch.indexes.push(index)
    }
    return [...batches].map(([partition, batch]) => ({ topic, partition, sequence: 0, ...batch }))
  }

  const attempt = (batches: readonly Batch[], identity: Identity | null) =>
    sendBatches(cluster, batches, { acks, compression: options.compression, identity, purpose })

  /** Not idempotent: one try, and the truth about it. Finding the leader is tried longer: nothing is sent by that. */
  async function once(batches: readonly Batch[]): Promise<(BatchResult | SendFailure)[]> {
    const results = await attempt(batches, null)
    return results.map((result) => (result instanceof Error ? outcome(result, mayBeThere(result)) : result))
  }

  /**
   * Idempotent: the same batches with the same numbers until each is answered for, or the time is up. After a failure
   * the next number is not known any more, so the topic begins anew with another identity.
   */
  async function deliver(topic: string, batches: readonly Batch[]): Promise<(BatchResult | SendFailure)[]> {
    const deadline = Date.now() + deliveryMs
    let identity: Identity
    try {
      identity = identities.get(topic) ?? (await cluster.patiently(() => newIdentity(cluster), patience))
    } catch (error) {
      return batches.map(() => outcome(error, false))
    }
    identities.set(topic, identity)
    const numbered = batches.map((batch) => ({ ...batch, sequence: identity.take(batch) }))
    const results: (BatchResult | SendFailure | null)[] = batches.map(() => null)
    const perhaps = batches.map(() => false)
    for (let delay = 50; ; delay = Math.min(delay * 2, 500)) {
      const open = [...numbered.entries()].filter(([at]) => results[at] === null)
      const answers = await attempt(
        open.map(([, batch]) => batch),
        identity,
      )
      for (const [index, [at]] of open.entries()) {
        const answer = answers[index] as BatchResult | Error
        if (!(answer instanceof Error)) {
          results[at] = answer
          continue
        }
        perhaps[at] ||= mayBeThere(answer)
        if (mayPass(answer) && !closed && Date.now() + delay < deadline) continue
        results[at] = outcome(answer, perhaps[at] === true)
        identities.delete(topic)
      }
      if (results.every((result) => result !== null)) return results as (BatchResult | SendFailure)[]
      await pause(delay, undefined)
    }
  }

  function counted<T>(sending: Promise<T>): Promise<T> {
    under.add(sending)
    const over = () => under.delete(sending)
    sending.then(over, over)
    return sending
  }

  return {
    send(topic, records) {
      if (!options.idempotent) return counted(send(topic, records))
      const before = queues.get(topic) ?? Promise.resolve()
      const sending = before.then(() => send(topic, records))
      queues.set(
        topic,
        sending.catch(() => {}),
      )
      return sending
    },
    async close() {
      closed = true
      await Promise.allSettled([...queues.values(), ...under])
      cluster.letGo(purpose)
    },
  }
}

/** The broker may have written the batch although it did not say so. */
function mayBeThere(error: Error): boolean {
  if (error instanceof LinkError) return error.sent
  return error instanceof AnswerError && writtenPerhaps.has(nameOf(error.kafkaCode))
}

const writtenPerhaps = new Set([
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'DUPLICATE_SEQUENCE_NUMBER',
])

function outcome(thrown: unknown, uncertain: boolean): SendFailure {
  return { error: asAppError(thrown), uncertain, retriable: !uncertain && mayPass(thrown) }
}

function asAppError(thrown: unknown): AppError {
  const error = toAppError(thrown)
  return error instanceof AppError ? error : new AppError(toErrorDetail(error), error)
}

function failed(outcomes: readonly SendOutcome[]): KafkaSendError {
  const first = outcomes.find(isFailure) as SendFailure
  return new KafkaSendError(first.error, outcomes)
}
