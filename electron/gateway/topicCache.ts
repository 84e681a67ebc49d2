/** Topics and their partition counts, so that a missing topic is answered at once and never blocks a producer (F-30, F-35). */
import { topicNameSchema } from '../../shared/names.ts'
import type { KafkaClient, KafkaTopic } from '../clients/kafka/types.ts'

/** How long a topic that was seen is taken to exist, ms; a send that fails for want of it forgets it at once. */
const freshMs = 5_000

export interface TopicCache {
  /** Null where there is none of this name. Throws what the client throws when Kafka cannot be reached. */
  find(name: string): Promise<KafkaTopic | null>
  /** Asks Kafka again, whatever is remembered. */
  refresh(name: string): Promise<KafkaTopic | null>
  all(): Promise<readonly KafkaTopic[]>
  forget(name: string): void
}

interface Entry {
  readonly topic: KafkaTopic
  readonly at: number
}

/** One cache over a client; calls for the same topic at the same time share one request. */
export function createTopicCache(kafka: KafkaClient, now: () => number = Date.now): TopicCache {
  const known = new Map<string, Entry>()
  const asking = new Map<string, Promise<KafkaTopic | null>>()

  async function ask(name: string): Promise<KafkaTopic | null> {
    const topics = await kafka.topics([name])
    const topic = topics.find((candidate) => candidate.name === name) ?? null
    if (topic === null) known.delete(name)
    else known.set(name, { topic, at: now() })
    return topic
  }

  async function refresh(name: string): Promise<KafkaTopic | null> {
    if (!topicNameSchema.safeParse(name).success) return null
    const under = asking.get(name)
    if (under !== undefined) return under
    const question = ask(name).finally(() => asking.delete(name))
    asking.set(name, question)
    return question
  }

  return {
    find: async (name) => {
      const entry = known.get(name)
      if (entry !== undefined && now() - entry.at < freshMs) return entry.topic
      return refresh(name)
    },
    refresh,
    all: () => kafka.topics(),
    forget: (name) => known.delete(name),
  }
}
