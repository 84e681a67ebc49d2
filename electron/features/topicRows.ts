/** The topics as rows: true counts, sizes, rates, and how far the lake is behind. */
import type { TopicDetail, TopicRow } from '../../shared/contract/topics.ts'
import { AppError } from '../../shared/errors.ts'
import type { Kind } from '../../shared/names.ts'
import type { KafkaClient, KafkaTopic, PartitionOffsets } from '../clients/kafka/types.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import { lagIn, lagOf, sumKnown } from './lag.ts'
import { rateMeter } from './rateMeter.ts'

export interface RowsDeps {
  kafka(pipeline: string): Promise<KafkaWorkbench>
  /** Which of the pipeline's three it is. */
  kindOf(pipeline: string, topic: string): Kind | null
  /** The group that shows how far the lake is; null where there is no lake. */
  lakeGroup(pipeline: string): string | null
}

export interface TopicRows {
  list(pipeline: string, rate: ReturnType<typeof rateMeter>): Promise<TopicRow[]>
  row(pipeline: string, topic: string): Promise<TopicRow>
  detail(pipeline: string, topic: string): Promise<TopicDetail>
}

/** Throws AppError TOPIC_UNKNOWN. */
export async function findTopic(kafka: KafkaClient, name: string): Promise<KafkaTopic> {
  const [topic] = await kafka.topics([name])
  if (topic !== undefined) return topic
  throw new AppError({
    code: 'TOPIC_UNKNOWN',
    message: `There is no such topic: ${name}`,
    hint: 'Look at the list; it may have been deleted.',
    field: 'topic',
  })
}

function unlessGone(thrown: unknown): null {
  if (thrown instanceof AppError && thrown.code === 'KAFKA_TOPIC_NOT_FOUND') return null
  throw thrown
}

const byName = new Intl.Collator()

export function topicRows(deps: RowsDeps): TopicRows {
  const groupFor = (pipeline: string, topic: string) =>
    deps.kindOf(pipeline, topic) === null ? null : deps.lakeGroup(pipeline)

  const rowOf = async (
    pipeline: string,
    kafka: KafkaClient,
    topic: KafkaTopic,
    sizes: Awaited<ReturnType<KafkaClient['sizes']>>,
    rate: ReturnType<typeof rateMeter>,
  ) => {
    const { offsets, lag } = await lagOf(kafka, groupFor(pipeline, topic.name), topic.name)
    return { row: rowFrom(pipeline, topic, sizes, rate, offsets, lag), offsets, lag }
  }

  const rowFrom = (
    pipeline: string,
    topic: KafkaTopic,
    sizes: Awaited<ReturnType<KafkaClient['sizes']>>,
    rate: ReturnType<typeof rateMeter>,
    offsets: readonly PartitionOffsets[],
    lag: ReadonlyMap<number, number | null>,
  ): TopicRow => {
    const messages = offsets.reduce((sum, { low, high }) => sum + Number(high - low), 0)
    const written = offsets.reduce((sum, { high }) => sum + Number(high), 0)
    return {
      name: topic.name,
      kind: deps.kindOf(pipeline, topic.name),
      internal: topic.internal,
      partitions: topic.partitions.length,
      replicationFactor: topic.partitions[0]?.replicas.length ?? 0,
      messages,
      bytes: sumKnown((sizes.get(topic.name) ?? []).map((size) => size.bytes)),
      // By what was written, so that retention does not look like a negative rate.
      rate: rate(`${topic.name} ${topic.id}`, written),
      sinkLag: sumKnown([...lag.values()]),
    }
  }

  const list: TopicRows['list'] = async (pipeline, rate) => {
    const kafka = await deps.kafka(pipeline)
    const [topics, sizes] = await Promise.all([kafka.topics(), kafka.sizes()])
    // Lag is committed first, end second.
    const commits = await Promise.all(
      topics.map(async ({ name }) => {
        const group = groupFor(pipeline, name)
        return group === null ? [] : ((await kafka.committed(group, name).catch(unlessGone)) ?? [])
      }),
    )
    const logs = await kafka.logs(topics.map(({ name }) => name))
    // A topic deleted between the looks is left out, not an error of the list.
    const rows = topics.flatMap((topic, nth) => {
      const log = logs.get(topic.name)
      return log === undefined
        ? []
        : [rowFrom(pipeline, topic, sizes, rate, log, lagIn(commits[nth] ?? [], log))]
    })
    return rows.sort((a, b) => byName.compare(a.name, b.name))
  }

  const detail: TopicRows['detail'] = async (pipeline, name) => {
    const kafka = await deps.kafka(pipeline)
    const topic = await findTopic(kafka, name)
    const { row, offsets, lag } = await rowOf(pipeline, kafka, topic, await kafka.sizes(), rateMeter())
    return {
      ...row,
      partitionList: topic.partitions.map(({ partition, leader, replicas, inSync }) => {
        const at = offsets.find((each) => each.partition === partition)
        return {
          partition,
          leader,
          replicas: [...replicas],
          inSync: [...inSync],
          low: String(at?.low ?? 0n),
          high: String(at?.high ?? 0n),
          sinkLag: lag.get(partition) ?? null,
        }
      }),
    }
  }

  const row: TopicRows['row'] = async (pipeline, name) => {
    const kafka = await deps.kafka(pipeline)
    const topic = await findTopic(kafka, name)
    return (await rowOf(pipeline, kafka, topic, await kafka.sizes(), rateMeter())).row
  }

  return { list, row, detail }
}
