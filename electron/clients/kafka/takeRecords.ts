/** One handful of records from several topics: the first that come, up to a size, and where to go on after exactly these. */
import type { Cluster } from './cluster.ts'
import { readTopic } from './read.ts'
import type { KafkaRecord } from './types.ts'

export type TopicRecord = KafkaRecord & { readonly topic: string }

interface Position {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

/** Once one topic had something, the others are waited for this long, ms. */
const graceMs = 50

/** Resolves at the deadline (ms since 1970) at the latest. The first record comes also where it is larger than `maxBytes`. */
export async function takeRecords(
  cluster: Cluster,
  from: readonly Position[],
  limits: { readonly deadline: number; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<{ readonly records: TopicRecord[]; readonly next: Position[] }> {
  const enough = new AbortController()
  const stop = () => enough.abort()
  signal.addEventListener('abort', stop, { once: true })
  const end = setTimeout(stop, Math.max(0, limits.deadline - Date.now()))
  let grace: NodeJS.Timeout | undefined
  const records: TopicRecord[] = []
  const next = new Map<string, Position>()
  let bytes = 0

  async function takeFrom(topic: string, places: readonly Position[]): Promise<void> {
    const options = { topic, from: places, signal: enough.signal, maxBytes: limits.maxBytes, maxWaitMs: 250 }
    for await (const batch of readTopic(cluster, options, { ahead: false })) {
      let offset = batch.nextOffset
      for (const record of batch.records) {
        const size = (record.key?.length ?? 0) + (record.value?.length ?? 0)
        if (records.length > 0 && bytes + size > limits.maxBytes) {
          offset = record.offset
          break
        }
        bytes += size
        records.push({ ...record, topic })
      }
      next.set(`${topic}/${batch.partition}`, { topic, partition: batch.partition, offset })
      if (records.length === 0) continue
      grace ??= setTimeout(stop, graceMs)
      if (offset !== batch.nextOffset || bytes >= limits.maxBytes) return stop()
    }
  }

  try {
    const byTopic = [...Map.groupBy(from, ({ topic }) => topic)]
    await Promise.all(byTopic.map(([topic, places]) => takeFrom(topic, places)))
  } finally {
    stop()
    clearTimeout(end)
    clearTimeout(grace)
    signal.removeEventListener('abort', stop)
  }
  return { records, next: [...next.values()] }
}
