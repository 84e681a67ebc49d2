/** A Kafka client that connects with its first call, and again after a failure: the gateway may start before the broker. */
import type { KafkaClient } from '../clients/kafka/types.ts'

/** `connect` is called once at a time; what it throws is thrown by the call that needed it. */
export function lazyKafka(connect: () => Promise<KafkaClient>): KafkaClient {
  let opening: Promise<KafkaClient> | null = null
  let closed = false

  function client(): Promise<KafkaClient> {
    if (closed) return Promise.reject(new Error('The Kafka client is closed.'))
    opening ??= connect().catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }

  return {
    topics: async (names) => (await client()).topics(names),
    brokers: async () => (await client()).brokers(),
    createTopic: async (options) => (await client()).createTopic(options),
    deleteTopic: async (topic) => (await client()).deleteTopic(topic),
    topicConfig: async (topic) => (await client()).topicConfig(topic),
    offsets: async (topic) => (await client()).offsets(topic),
    offsetsAt: async (topic, timeMs) => (await client()).offsetsAt(topic, timeMs),
    sizes: async () => (await client()).sizes(),
    read: async function* (options) {
      yield* (await client()).read(options)
    },
    producer: async (options) => (await client()).producer(options),
    groupConsumer: async (options) => (await client()).groupConsumer(options),
    committed: async (group, topic) => (await client()).committed(group, topic),
    commit: async (group, topic, offsets) => (await client()).commit(group, topic, offsets),
    close: async () => {
      closed = true
      const last = await opening?.catch(() => null)
      await last?.close()
    },
  }
}
