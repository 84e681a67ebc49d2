/** One try to write batches: one Produce request for each leader, one result for each batch. */
import {
  initProducerIdV4,
  initProducerIdV5,
  type MessageRecord,
  NumericMap,
  produceV9,
  produceV10,
  produceV11,
} from '@platformatic/kafka'
import type { Cluster } from './cluster.ts'
import { AnswerError, check } from './errors.ts'
import type { Link } from './link.ts'
import type { KafkaClient, OutRecord } from './types.ts'

/** The records of one partition, in order. */
export interface Batch {
  readonly topic: string
  readonly partition: number
  readonly records: readonly OutRecord[]
  /** Where each record stood in what the caller sent. */
  readonly indexes: readonly number[]
  /** The first record's sequence number; without meaning where the producer is not idempotent. */
  readonly sequence: number
}

export interface BatchResult {
  /** Null with acks=0. */
  readonly baseOffset: bigint | null
}

/** What makes an idempotent producer known to the broker. */
export interface Identity {
  readonly producerId: bigint
  readonly producerEpoch: number
  /** The next numbers of the batch's partition. */
  take(batch: Batch): number
}

interface Request {
  readonly acks: number
  readonly compression: Parameters<KafkaClient['producer']>[0]['compression']
  readonly identity: Identity | null
  /** Keeps the producer's connections its own. */
  readonly purpose: string
}

/** ms the broker may take; it must answer before the connection gives up on it. */
const brokerTimeoutMs = 20_000
const apis = [produceV11, produceV10, produceV9]

/** Asks the broker for an identity that begins at sequence 0. Throws AnswerError or LinkError. */
export async function newIdentity(cluster: Cluster): Promise<Identity> {
  const answer = await cluster.any((link) =>
    link.call([initProducerIdV5, initProducerIdV4], null, brokerTimeoutMs),
  )
  check(answer.errorCode, 'idempotent producer')
  const { producerId, producerEpoch } = answer
  const next = new Map<number, number>()
  return {
    producerId,
    producerEpoch,
    take({ partition, records }) {
      const first = next.get(partition) ?? 0
      // Sequence numbers wrap around to 0 after 2^31 − 1.
      next.set(partition, (first + records.length) % 0x8000_0000)
      return first
    },
  }
}

/** Never throws: an Error stands at the place of each batch that was not answered for with success. */
export async function sendBatches(
  cluster: Cluster,
  batches: readonly Batch[],
  request: Request,
): Promise<(BatchResult | Error)[]> {
  const results: (BatchResult | Error)[] = new Array(batches.length)
  const byLink = new Map<Link, number[]>()
  await Promise.all(
    batches.map(async (batch, at) => {
      try {
        const find = () => leaderLink(cluster, batch, request.purpose)
        // An idempotent producer tries all of it again itself.
        const link = await (request.identity ? find() : cluster.patiently(find))
        byLink.set(link, [...(byLink.get(link) ?? []), at])
      } catch (error) {
        results[at] = error as Error
      }
    }),
  )
  await Promise.all(
    [...byLink].map(async ([link, places]) => {
      const theirs = places.map((at) => batches[at] as Batch)
      const answers = await sendTo(link, theirs, request)
      for (const [index, at] of places.entries()) {
        const answer = answers[index] as BatchResult | Error
        results[at] = answer
        if (answer instanceof Error) cluster.forget((batches[at] as Batch).topic)
      }
    }),
  )
  return results
}

async function leaderLink(cluster: Cluster, { topic, partition }: Batch, purpose: string): Promise<Link> {
  try {
    const { partitions } = await cluster.topic(topic)
    const leader = partitions.find((each) => each.partition === partition)?.leader ?? -1
    check(leader < 0 ? 5 : 0, `${topic}/${partition}`)
    return await cluster.link(leader, purpose)
  } catch (error) {
    cluster.forget(topic)
    throw error
  }
}

async function sendTo(
  link: Link,
  batches: readonly Batch[],
  { acks, compression, identity }: Request,
): Promise<(BatchResult | Error)[]> {
  const sequences = new NumericMap(
    batches.map((batch) => [`${batch.topic}:${batch.partition}`, batch.sequence]),
  )
  const known = identity && {
    producerId: identity.producerId,
    producerEpoch: identity.producerEpoch,
    sequences,
  }
  try {
    const messages = batches.flatMap(toMessages)
    const answer = await link.call(apis, acks, brokerTimeoutMs, messages, { compression, ...known })
    if (typeof answer !== 'object') return batches.map(() => ({ baseOffset: null }))
    return batches.map((batch) => {
      const found = answer.responses
        .find(({ name }) => name === batch.topic)
        ?.partitionResponses.find(({ index }) => index === batch.partition)
      const about = `${batch.topic}/${batch.partition}`
      if (!found) return new AnswerError(7, about)
      const detail = found.recordErrors[0]?.batchIndexErrorMessage ?? found.errorMessage
      if (found.errorCode !== 0) return new AnswerError(found.errorCode, about, detail)
      return { baseOffset: found.baseOffset }
    })
  } catch (error) {
    return batches.map(() => error as Error)
  }
}

function toMessages(batch: Batch): MessageRecord[] {
  const now = Date.now()
  return batch.records.map((record) => ({
    topic: batch.topic,
    partition: batch.partition,
    timestamp: BigInt(record.timestamp ?? now),
    // The protocol knows null here (a tombstone); the package's types do not.
    value: record.value as Buffer,
    ...(record.key ? { key: record.key } : {}),
    ...(record.headers?.length
      ? {
          headers: new Map(record.headers.map(({ name, value }) => [Buffer.from(name), value as Buffer])),
        }
      : {}),
  }))
}
