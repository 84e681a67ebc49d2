/** A Kafka client in memory, for unit tests of what stands on the interface; the real broker has its own tests. */
import type {
  KafkaClient,
  KafkaGroupConsumer,
  KafkaRecord,
  KafkaTopic,
  OutRecord,
} from '../../electron/clients/kafka/types.ts'

export interface MemoryKafka extends KafkaClient {
  readonly log: Map<string, KafkaRecord[][]>
  readonly commits: Map<string, bigint>
  readonly sends: { readonly topic: string; readonly records: number }[]
  groups: number
  /** When set, every call throws it. */
  broken: Error | null
  /** When set, sends wait for it. */
  gate: Promise<void> | null
  add(topic: string, partitions: number): void
}

/** No topics at first. Timestamps are the order of arrival. */
export function memoryKafka(): MemoryKafka {
  const log = new Map<string, KafkaRecord[][]>()
  const commits = new Map<string, bigint>()
  const sends: { topic: string; records: number }[] = []
  const topicOf = (name: string): KafkaTopic => ({
    name,
    id: name,
    internal: false,
    partitions: (log.get(name) ?? []).map((_, partition) => ({
      partition,
      leader: 1,
      replicas: [1],
      inSync: [1],
    })),
  })
  const alive = () => {
    if (kafka.broken !== null) throw kafka.broken
  }
  let turn = 0
  const append = (topic: string, record: OutRecord) => {
    const partitions = log.get(topic) ?? []
    const partition = record.partition ?? turn++ % partitions.length
    const list = partitions[partition] ?? []
    const offset = BigInt(list.length)
    const { key = null, value, headers = [], timestamp = list.length } = record
    list.push({ partition, offset, timestamp, key, value, headers })
    return { partition, offset }
  }
  const kafka: MemoryKafka = {
    log,
    commits,
    sends,
    groups: 0,
    broken: null,
    gate: null,
    add: (topic, partitions) =>
      log.set(
        topic,
        Array.from({ length: partitions }, () => []),
      ),
    topics: async (names) => {
      alive()
      return [...log.keys()].filter((name) => names?.includes(name) ?? true).map(topicOf)
    },
    brokers: async () => {
      alive()
      return { clusterId: 'memory', controller: 1, brokers: [{ id: 1, host: '127.0.0.1', port: 9092 }] }
    },
    createTopic: async ({ topic, partitions }) => kafka.add(topic, partitions),
    deleteTopic: async (topic) => void log.delete(topic),
    topicConfig: async () => [{ name: 'retention.ms', value: '604800000', isDefault: true }],
    offsets: async (topic) =>
      (log.get(topic) ?? []).map((list, partition) => ({ partition, low: 0n, high: BigInt(list.length) })),
    offsetsAt: async () => [],
    sizes: async () => new Map(),
    read: async function* ({ topic, from, signal }) {
      const next = new Map(from.map(({ partition, offset }) => [partition, offset]))
      while (!signal.aborted) {
        for (const [partition, offset] of next) {
          const list = log.get(topic)?.[partition] ?? []
          const records = list.slice(Number(offset))
          if (records.length === 0) continue
          next.set(partition, BigInt(list.length))
          const end = BigInt(list.length)
          yield { partition, records, count: records.length, bytes: 0, nextOffset: end, high: end }
        }
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    producer: async () => ({
      send: async (topic, records) => {
        await kafka.gate
        alive()
        sends.push({ topic, records: records.length })
        return records.map((record) => append(topic, record))
      },
      close: async () => undefined,
    }),
    groupConsumer: async ({ group, topics, autoOffsetReset }) => {
      alive()
      kafka.groups += 1
      return memberOf(kafka, group, Array.isArray(topics) ? topics : [], autoOffsetReset)
    },
    committed: async (group, topic) =>
      (log.get(topic) ?? []).map((_, partition) => ({
        partition,
        offset: commits.get(`${group}/${topic}/${partition}`) ?? null,
      })),
    commit: async (group, topic, offsets) => {
      for (const { partition, offset } of offsets) commits.set(`${group}/${topic}/${partition}`, offset)
    },
    close: async () => undefined,
  }
  return kafka
}

/** The only member of its group: it has all partitions from its first poll. */
function memberOf(
  kafka: MemoryKafka,
  group: string,
  topics: readonly string[],
  reset: 'earliest' | 'latest',
): KafkaGroupConsumer {
  const next = new Map<string, bigint>()
  let joined = false
  let closed = false
  const all = () =>
    topics.flatMap((topic) => (kafka.log.get(topic) ?? []).map((_, partition) => ({ topic, partition })))
  return {
    poll: async ({ timeoutMs, maxBytes }) => {
      joined = true
      const until = Date.now() + timeoutMs
      for (;;) {
        const found = all().flatMap(({ topic, partition }) => {
          const place = `${topic}/${partition}`
          const list = kafka.log.get(topic)?.[partition] ?? []
          const fresh = reset === 'earliest' ? 0n : BigInt(list.length)
          const at = next.get(place) ?? kafka.commits.get(`${group}/${place}`) ?? fresh
          let bytes = 0
          const records = list.slice(Number(at)).filter((record) => {
            bytes += record.value?.length ?? 0
            return bytes <= maxBytes || bytes === record.value?.length
          })
          next.set(place, at + BigInt(records.length))
          return records.map((record) => ({ ...record, topic }))
        })
        if (closed) throw new Error('closed')
        if (found.length > 0 || Date.now() >= until) return found
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    commit: async (offsets) => {
      for (const { topic, partition, offset } of offsets) {
        kafka.commits.set(`${group}/${topic}/${partition}`, offset)
      }
    },
    seek: async (positions) => {
      for (const { topic, partition, offset } of positions) next.set(`${topic}/${partition}`, offset)
    },
    assignment: () => (joined ? all() : []),
    close: async () => {
      closed = true
    },
  }
}
