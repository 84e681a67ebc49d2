/** GET /topics…, /brokers and /: what there is, in the REST proxy's own shapes. */
import type { KafkaClient, KafkaPartition, KafkaTopic } from '../clients/kafka/types.ts'
import { type Answer, ok, Refusal } from './answer.ts'
import { kafkaRefusal, partitionNotFound, topicNotFound } from './kafkaErrors.ts'
import { pathPartition } from './produce.ts'
import type { TopicCache } from './topicCache.ts'

/** The proxy answers an empty object at its root: a sign of life. */
export async function root(): Promise<Answer> {
  return ok('{}')
}

export async function listTopics(topics: TopicCache): Promise<Answer> {
  const all = await asked(() => topics.all())
  const names = all.filter((topic) => !topic.internal).map((topic) => topic.name)
  return ok(JSON.stringify(names.sort()))
}

export async function getTopic(kafka: KafkaClient, topics: TopicCache, name: string): Promise<Answer> {
  const topic = await existing(topics, name)
  const settings = await asked(() => kafka.topicConfig(name))
  const configs = Object.fromEntries(settings.map((setting) => [setting.name, setting.value]))
  return ok(JSON.stringify({ name, configs, partitions: topic.partitions.map(partitionBody) }))
}

export async function listPartitions(topics: TopicCache, name: string): Promise<Answer> {
  const topic = await existing(topics, name)
  return ok(JSON.stringify(topic.partitions.map(partitionBody)))
}

export async function getPartition(topics: TopicCache, name: string, partition: string): Promise<Answer> {
  const number = pathPartition(partition)
  const topic = await existing(topics, name)
  return ok(JSON.stringify(partitionBody(partitionIn(topic, number))))
}

/** First offset kept, and the offset the next record will get. */
export async function getOffsets(
  kafka: KafkaClient,
  topics: TopicCache,
  name: string,
  partition: string,
): Promise<Answer> {
  const number = pathPartition(partition)
  partitionIn(await existing(topics, name), number)
  const offsets = await asked(() => kafka.offsets(name))
  const found = offsets.find((each) => each.partition === number)
  if (found === undefined) throw partitionNotFound()
  return ok(`{"beginning_offset":${found.low},"end_offset":${found.high}}`)
}

export async function listBrokers(kafka: KafkaClient): Promise<Answer> {
  const { brokers } = await asked(() => kafka.brokers())
  return ok(JSON.stringify({ brokers: brokers.map((broker) => broker.id) }))
}

async function existing(topics: TopicCache, name: string): Promise<KafkaTopic> {
  const topic = await asked(() => topics.refresh(name))
  if (topic === null) throw topicNotFound()
  return topic
}

function partitionIn(topic: KafkaTopic, partition: number): KafkaPartition {
  const found = topic.partitions.find((each) => each.partition === partition)
  if (found === undefined) throw partitionNotFound()
  return found
}

function partitionBody(partition: KafkaPartition) {
  return {
    partition: partition.partition,
    leader: partition.leader,
    replicas: partition.replicas.map((broker) => ({
      broker,
      leader: broker === partition.leader,
      in_sync: partition.inSync.includes(broker),
    })),
  }
}

/** Hands on what Kafka says; what it throws becomes the proxy's error. */
export async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (error) {
    throw error instanceof Refusal ? error : kafkaRefusal(error)
  }
}
