/** Looking into Kafka: the topics, their messages from any place, and a live tail (contract `topics`). */
import { deletes } from '../../shared/contract/app.ts'
import type { MessagePiece, TopicChanges } from '../../shared/contract/topics.ts'
import { piecesOf } from '../../shared/messagePieces.ts'
import { pause } from '../lib/broadcast.ts'
import type { ActivityLog, ConsentDesk } from './deps.ts'
import { rateMeter } from './rateMeter.ts'
import { api } from './rpc.ts'
import { neverAborted, told } from './told.ts'
import { topicChanges } from './topicChanges.ts'
import { browseTopic, type MessagePlace, type TailInput, tailTopic, wholeMessage } from './topicMessages.ts'
import { findTopic, type RowsDeps, topicRows } from './topicRows.ts'

export interface TopicsDeps extends RowsDeps {
  readonly consent: ConsentDesk
  readonly activity: ActivityLog
}

const lookEveryMs = 1_000
/** A cluster with many partitions is looked at less often: the looks take at most a fifth of the time. */
const restPerLook = 4

export function topicsFeature(deps: TopicsDeps) {
  const rows = topicRows(deps)

  async function* watch(pipeline: string, signal: AbortSignal): AsyncGenerator<TopicChanges, void, void> {
    const rate = rateMeter()
    const changes = topicChanges()
    while (!signal.aborted) {
      const began = performance.now()
      const list = await rows.list(pipeline, rate)
      const took = performance.now() - began
      yield* changes(list)
      await pause(Math.max(lookEveryMs, restPerLook * took), signal)
    }
  }

  async function* message(
    { pipeline, topic, partition, offset }: MessagePlace & { readonly pipeline: string },
    signal: AbortSignal,
  ): AsyncGenerator<MessagePiece, void, void> {
    yield* piecesOf(await wholeMessage(await deps.kafka(pipeline), { topic, partition, offset }, signal))
  }

  async function* tail(input: TailInput & { readonly pipeline: string }, signal: AbortSignal) {
    yield* tailTopic(await deps.kafka(input.pipeline), input, signal)
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
      ...deletes,
      losses,
      typed: names[0] ?? '',
    }
  })

  const t = api.topics
  return t.router({
    list: t.list.handler(({ input }) => rows.list(input.pipeline, rateMeter())),
    watch: t.watch.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(watch(input.pipeline, signal), signal)
    }),
    get: t.get.handler(({ input }) => rows.detail(input.pipeline, input.topic)),
    create: t.create.handler(async ({ input }) => {
      const { pipeline, topic, partitions, retentionMs } = input
      const kafka = await deps.kafka(pipeline)
      const config = retentionMs === undefined ? {} : { config: { 'retention.ms': String(retentionMs) } }
      await kafka.createTopic({ topic, partitions, ...config })
      deps.activity.add({
        level: 'good',
        area: 'topics',
        pipeline,
        text: `Created the topic ${topic} with ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`,
      })
      return rows.row(pipeline, topic)
    }),
    remove: t.remove.handler(async ({ input }) => {
      const { pipeline, topic } = input
      const kafka = await deps.kafka(pipeline)
      await findTopic(kafka, topic)
      await deps.consent.redeem(input.consent, { action: 'topics.remove', pipeline, names: [topic] })
      await kafka.deleteTopic(topic)
      deps.activity.add({ level: 'warn', area: 'topics', pipeline, text: `Deleted the topic ${topic}` })
      return { removed: true }
    }),
    browse: t.browse.handler(async ({ input, signal = neverAborted }) =>
      browseTopic(await deps.kafka(input.pipeline), input, signal),
    ),
    message: t.message.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(message(input, signal), signal)
    }),
    tail: t.tail.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(tail(input, signal), signal)
    }),
  })
}
