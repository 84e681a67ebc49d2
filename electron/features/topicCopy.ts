/** Copies a topic's records into another, partition by partition and in order, while it tells how far it is. */
import type { CopyProgress } from '../../shared/contract/topicOps.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import { sendsOf } from './sends.ts'

/** Between two tellings, ms. */
const tellEveryMs = 200

/**
 * Copies what is there at its beginning: key, value, headers, time and partition stay; offsets begin at 0. Throws what
 * reading and sending throw; ends early where the signal aborts.
 */
export async function* copyRecords(
  kafka: KafkaWorkbench,
  topic: string,
  to: string,
  signal: AbortSignal,
): AsyncGenerator<CopyProgress, void, void> {
  const log = (await kafka.offsets(topic)).filter(({ low, high }) => high > low)
  const total = log.reduce((sum, { low, high }) => sum + Number(high - low), 0)
  /** How much of the log each partition has behind it: offsets that compaction took count as copied. */
  const reached = new Map(log.map(({ partition, low }) => [partition, low]))
  const copied = () =>
    log.reduce((sum, { partition, low }) => sum + Number((reached.get(partition) ?? low) - low), 0)
  if (log.length === 0) {
    yield { copied: 0, total, done: true }
    return
  }
  const from = log.map(({ partition, low }) => ({ partition, offset: low }))
  const until = log.map(({ partition, high }) => ({ partition, offset: high }))
  const producer = await kafka.producer({ acks: 'all', compression: 'lz4', idempotent: true })
  let told = 0
  try {
    yield { copied: 0, total, done: false }
    for await (const batch of kafka.read({ topic, from, until, signal, maxWaitMs: 200 })) {
      for (const records of sendsOf(batch.records))
        await producer.send(
          to,
          records.map(({ key, value, headers, timestamp, partition }) => ({
            key,
            value,
            headers,
            timestamp,
            partition,
          })),
        )
      reached.set(batch.partition, batch.nextOffset)
      if (Date.now() - told < tellEveryMs) continue
      told = Date.now()
      yield { copied: copied(), total, done: false }
    }
    if (!signal.aborted) yield { copied: total, total, done: true }
  } finally {
    await producer.close()
  }
}
