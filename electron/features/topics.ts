/** Looking into Kafka: the topics, their messages from any place, and a live tail (contract `topics`). */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Message, TailBatch, TopicDetail, TopicRow } from '../../shared/contract/topics.ts'
import { AppError } from '../../shared/errors.ts'
import type { Kind } from '../../shared/names.ts'
import { type Page, pageBackward, pageForward } from '../clients/kafka/browse.ts'
import type { KafkaClient, KafkaRecord, KafkaTopic, PartitionOffsets } from '../clients/kafka/types.ts'
import { pause } from '../lib/broadcast.ts'
import { bytesOf } from '../lib/bytes.ts'
import { tailBuffer } from '../lib/tailBuffer.ts'
import type { ActivityLog, ConsentDesk } from './deps.ts'
import { rateMeter } from './rateMeter.ts'
import { api } from './rpc.ts'

export interface TopicsDeps {
  kafka(pipeline: string): Promise<KafkaClient>
  /** Which of the pipeline's three it is. */
  kindOf(pipeline: string, topic: string): Kind | null
  /** The group that shows how far the lake is; null where there is no lake. */
  lakeGroup(pipeline: string): string | null
  readonly consent: ConsentDesk
  readonly activity: ActivityLog
}

const lookEveryMs = 1_000
/** A list's preview of one message, bytes. */
const previewBytes = 4 * 1024
/** At most ten batches a second go to a view; one a second also where nothing came, so that its numbers stay true. */
const batchEveryMs = 100
const silentMs = 1_000
const tailItems = 2_000
const tailBytes = 8 * 1024 * 1024
/** The largest message that is handed out whole, bytes. */
const largestMessage = 20 * 1024 * 1024

const neverAborted = new AbortController().signal

function shown(record: KafkaRecord, limit: number): Message {
  return {
    partition: record.partition,
    offset: String(record.offset),
    timestamp: record.timestamp,
    key: record.key === null ? null : bytesOf(record.key, limit),
    value: record.value === null ? null : bytesOf(record.value, limit),
    headers: record.headers.map(({ name, value }) => ({
      name,
      value: value === null ? null : bytesOf(value, limit),
    })),
  }
}

/** The one place where lag is computed: committed first, end offset second, never below 0; no commit is null. */
export async function lagOf(
  kafka: Pick<KafkaClient, 'committed' | 'offsets'>,
  group: string | null,
  topic: string,
): Promise<{ readonly offsets: PartitionOffsets[]; readonly lag: ReadonlyMap<number, number | null> }> {
  const committed = group === null ? [] : await kafka.committed(group, topic)
  const offsets = await kafka.offsets(topic)
  const lag = offsets.map(({ partition, high }): [number, number | null] => {
    const at = committed.find((each) => each.partition === partition)?.offset ?? null
    return [partition, at === null ? null : Math.max(0, Number(high - at))]
  })
  return { offsets, lag: new Map(lag) }
}

const sumKnown = (values: readonly (number | null)[]) => {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

export function topicsFeature(deps: TopicsDeps) {
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
    const messages = offsets.reduce((sum, { low, high }) => sum + Number(high - low), 0)
    const written = offsets.reduce((sum, { high }) => sum + Number(high), 0)
    const row: TopicRow = {
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
    return { row, offsets, lag }
  }

  const rowsOf = async (pipeline: string, rate: ReturnType<typeof rateMeter>): Promise<TopicRow[]> => {
    const kafka = await deps.kafka(pipeline)
    const [topics, sizes] = await Promise.all([kafka.topics(), kafka.sizes()])
    // A topic deleted between the two looks is left out, not an error of the list.
    const rows = await Promise.all(
      topics.map((topic) => rowOf(pipeline, kafka, topic, sizes, rate).catch(() => null)),
    )
    return rows.flatMap((each) => each?.row ?? []).sort((a, b) => a.name.localeCompare(b.name))
  }

  const find = async (kafka: KafkaClient, name: string): Promise<KafkaTopic> => {
    const topic = (await kafka.topics()).find((each) => each.name === name)
    if (topic !== undefined) return topic
    throw new AppError({
      code: 'TOPIC_UNKNOWN',
      message: `There is no such topic: ${name}`,
      hint: 'Look at the list; it may have been deleted.',
      field: 'topic',
    })
  }

  const detailOf = async (pipeline: string, name: string): Promise<TopicDetail> => {
    const kafka = await deps.kafka(pipeline)
    const topic = await find(kafka, name)
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
      config: await kafka.topicConfig(name),
    }
  }

  const t = api.topics
  type Browse = Parameters<Parameters<typeof t.browse.handler>[0]>[0]['input']

  const browse = async (
    { pipeline, topic, from, partition, next, limit }: Browse,
    signal: AbortSignal,
  ): Promise<Page> => {
    const kafka = await deps.kafka(pipeline)
    await find(kafka, topic)
    const log = (await kafka.offsets(topic)).filter(
      (each) => partition === undefined || each.partition === partition,
    )
    if (log.length === 0) throw noPartition(topic, partition ?? 0)
    const goOn = next?.map((place) => ({ partition: place.partition, offset: BigInt(place.offset) }))
    if (from.at === 'newest') {
      const tip = log.map((each) => ({ partition: each.partition, offset: each.high }))
      return pageBackward(kafka, topic, goOn ?? tip, log, limit, signal)
    }
    const places =
      goOn ??
      (from.at === 'time'
        ? await kafka.offsetsAt(topic, from.time)
        : log.map((each) => ({
            partition: each.partition,
            offset: from.at === 'offset' ? BigInt(from.offset) : each.low,
          })))
    return pageForward(kafka, topic, places, log, limit, signal)
  }

  const message = async (
    pipeline: string,
    topic: string,
    partition: number,
    offset: string,
  ): Promise<Message> => {
    const kafka = await deps.kafka(pipeline)
    const at = BigInt(offset)
    const log = (await kafka.offsets(topic)).filter((each) => each.partition === partition)
    const page = await pageForward(kafka, topic, [{ partition, offset: at }], log, 1, neverAborted)
    const record = page.records[0]
    if (record?.offset === at) return shown(record, largestMessage)
    throw new AppError({
      code: 'MESSAGE_GONE',
      message: `There is no message at partition ${partition}, offset ${offset} of ${topic}`,
      hint: 'Retention or compaction may have removed it. Read the page again.',
      field: 'offset',
    })
  }

  async function* tail(
    {
      pipeline,
      topic,
      partition,
      from,
    }: { pipeline: string; topic: string; partition?: number | undefined; from: 'newest' | 'oldest' },
    signal: AbortSignal,
  ): AsyncGenerator<TailBatch, void, void> {
    const kafka = await deps.kafka(pipeline)
    const log = (await kafka.offsets(topic)).filter(
      (each) => partition === undefined || each.partition === partition,
    )
    if (log.length === 0) throw noPartition(topic, partition ?? 0)
    const buffer = tailBuffer<KafkaRecord>({
      maxItems: tailItems,
      maxBytes: tailBytes,
      sizeOf: (record) => record.value?.length ?? 0,
    })
    const places = log.map((each) => ({
      partition: each.partition,
      offset: from === 'oldest' ? each.low : each.high,
    }))
    const ending = new AbortController()
    const both = AbortSignal.any([signal, ending.signal])
    const follow = async () => {
      for await (const batch of kafka.read({ topic, from: places, signal: both, maxWaitMs: 500 }))
        buffer.push(batch.records)
    }
    // Runs beside the view, so that a slow view loses messages (counted) instead of holding up the broker.
    follow().catch((thrown) => (both.aborted ? undefined : buffer.fail(thrown)))
    try {
      while (!signal.aborted) {
        await buffer.wait(silentMs, signal)
        const { items, seen, dropped } = buffer.take()
        const messages = items.map((record) => shown(record, previewBytes))
        yield { messages, seen, dropped, rate: buffer.rate() }
        await sleep(batchEveryMs, undefined, { signal }).catch(() => {})
      }
    } finally {
      ending.abort()
    }
  }

  deps.consent.describe('topics.remove', async ({ pipeline, names }) => {
    const kafka = await deps.kafka(pipeline)
    const losses = await Promise.all(
      names.map(async (name) => {
        const messages = (await kafka.offsets(name)).reduce(
          (sum, { low, high }) => sum + Number(high - low),
          0,
        )
        return `${name}: ${messages.toLocaleString('en-US')} messages`
      }),
    )
    return {
      title: names.length === 1 ? `Delete the topic ${names[0]}?` : `Delete ${names.length} topics?`,
      losses,
      typed: names[0] ?? '',
    }
  })

  return t.router({
    list: t.list.handler(({ input }) => rowsOf(input.pipeline, rateMeter())),
    watch: t.watch.handler(async function* ({ input, signal }) {
      const rate = rateMeter()
      while (!signal?.aborted) {
        yield await rowsOf(input.pipeline, rate)
        await pause(lookEveryMs, signal)
      }
    }),
    get: t.get.handler(({ input }) => detailOf(input.pipeline, input.topic)),
    create: t.create.handler(async ({ input }) => {
      const { pipeline, topic, partitions, retentionMs } = input
      const kafka = await deps.kafka(pipeline)
      const config = retentionMs === undefined ? {} : { config: { 'retention.ms': String(retentionMs) } }
      await kafka.createTopic({ topic, partitions, ...config })
      deps.activity.add({
        level: 'good',
        area: 'topics',
        pipeline,
        text: `Created the topic ${topic} with ${partitions} partitions`,
      })
      return (await rowOf(pipeline, kafka, await find(kafka, topic), await kafka.sizes(), rateMeter())).row
    }),
    remove: t.remove.handler(async ({ input }) => {
      const { pipeline, topic } = input
      const kafka = await deps.kafka(pipeline)
      await find(kafka, topic)
      await deps.consent.redeem(input.consent, { action: 'topics.remove', pipeline, names: [topic] })
      await kafka.deleteTopic(topic)
      deps.activity.add({ level: 'warn', area: 'topics', pipeline, text: `Deleted the topic ${topic}` })
      return { removed: true }
    }),
    browse: t.browse.handler(async ({ input, signal }) => {
      const page = await browse(input, signal ?? neverAborted)
      return {
        messages: page.records.map((record) => shown(record, previewBytes)),
        next: page.next.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
        end: page.end,
      }
    }),
    message: t.message.handler(({ input }) =>
      message(input.pipeline, input.topic, input.partition, input.offset),
    ),
    tail: t.tail.handler(async function* ({ input, signal }) {
      yield* tail(input, signal ?? neverAborted)
    }),
  })
}

function noPartition(topic: string, partition: number): AppError {
  return new AppError({
    code: 'PARTITION_UNKNOWN',
    message: `${topic} has no partition ${partition}`,
    hint: 'Partitions are numbered from 0; choose one of the list.',
    field: 'partition',
  })
}
