/** The contract's branch `topicOps`: settings, more partitions, emptying, copies, and making a topic anew. */
import { deletes } from '../../shared/contract/app.ts'
import { AppError } from '../../shared/errors.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import type { ActivityLog, ConsentDesk } from './deps.ts'
import { api } from './rpc.ts'
import { neverAborted, told } from './told.ts'
import { copyRecords } from './topicCopy.ts'
import { findTopic, type RowsDeps, topicRows } from './topicRows.ts'
import { ownSettings, settingsOf } from './topicSettings.ts'

export interface TopicOpsDeps extends RowsDeps {
  readonly consent: ConsentDesk
  readonly activity: ActivityLog
}

const many = (count: number, what: string) =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`

export function topicOpsFeature(deps: TopicOpsDeps) {
  const rows = topicRows(deps)
  const note = (level: 'info' | 'good' | 'warn', pipeline: string, text: string) =>
    deps.activity.add({ level, area: 'topics', pipeline, text })
  const isLakes = (pipeline: string, topic: string) =>
    deps.kindOf(pipeline, topic) !== null && deps.lakeGroup(pipeline) !== null

  deps.consent.describe('topics.empty', async ({ pipeline, topic, before }) => {
    const kafka = await deps.kafka(pipeline)
    const detail = await rows.detail(pipeline, topic)
    const losses = (await kafka.offsets(topic)).flatMap(({ partition, low }) => {
      const end = before.find((each) => each.partition === partition)
      const lost = end === undefined ? 0 : Math.max(0, Number(BigInt(end.offset) - low))
      return lost === 0
        ? []
        : [`partition ${partition}: ${many(lost, 'message')}, below offset ${end?.offset}`]
    })
    const behind = isLakes(pipeline, topic) ? (detail.sinkLag ?? 0) : 0
    return {
      title: `Empty the topic ${topic}?`,
      ...deletes,
      agree: 'Empty',
      losses: [
        ...(losses.length === 0 ? ['nothing: it is empty already'] : losses),
        ...(behind > 0
          ? [`${many(behind, 'message')} the lake has not written yet: it stops here and asks`]
          : []),
      ],
      typed: topic,
    }
  })

  deps.consent.describe('topics.recreate', async ({ pipeline, topic }) => {
    const kafka = await deps.kafka(pipeline)
    const { messages, partitions } = await rows.row(pipeline, topic)
    const groups = await committedBy(kafka, topic)
    return {
      title: `Delete ${topic} and make it again?`,
      lead: `It comes back empty, with ${many(partitions, 'partition')} and its settings. This deletes, for good:`,
      agree: 'Recreate',
      losses: [
        many(messages, 'message'),
        ...(groups.length === 0 ? [] : [`what these groups have committed for it: ${groups.join(', ')}`]),
        ...(isLakes(pipeline, topic)
          ? ['the lake’s place in it: the lake stops here and asks how to go on']
          : []),
      ],
      typed: topic,
    }
  })

  async function* clone(
    { pipeline, topic, to, records }: { pipeline: string; topic: string; to: string; records: boolean },
    signal: AbortSignal,
  ) {
    const kafka = await deps.kafka(pipeline)
    const { partitions } = await findTopic(kafka, topic)
    await kafka.createTopic({
      topic: to,
      partitions: partitions.length,
      replicationFactor: partitions[0]?.replicas.length ?? 1,
      config: await ownSettings(kafka, topic),
    })
    note('good', pipeline, `Cloned the topic ${topic} as ${to}`)
    if (!records) {
      yield { copied: 0, total: 0, done: true }
      return
    }
    let copied = 0
    const began = Date.now()
    try {
      for await (const progress of copyRecords(kafka, topic, to, signal)) {
        copied = progress.copied
        yield progress
      }
    } finally {
      deps.activity.add({
        level: 'info',
        area: 'topics',
        pipeline,
        text: `Copied ${many(copied, 'message')} of ${topic} to ${to}`,
        ended: { path: `topics/${encodeURIComponent(to)}`, tookMs: Date.now() - began },
      })
    }
  }

  const t = api.topicOps
  return t.router({
    settings: t.settings.handler(async ({ input }) =>
      settingsOf(await deps.kafka(input.pipeline), input.topic),
    ),

    change: t.change.handler(async ({ input }) => {
      const { pipeline, topic, changes, check } = input
      const kafka = await deps.kafka(pipeline)
      await findTopic(kafka, topic)
      await kafka.alterTopicConfig(topic, changes, { validateOnly: check })
      if (!check) {
        const said = changes.map(({ name, value }) =>
          value === null ? `${name} taken back` : `${name} = ${value}`,
        )
        note('info', pipeline, `Settings of ${topic}: ${said.join(', ')}`)
      }
      return settingsOf(kafka, topic)
    }),

    addPartitions: t.addPartitions.handler(async ({ input }) => {
      const { pipeline, topic, partitions } = input
      const kafka = await deps.kafka(pipeline)
      const now = (await findTopic(kafka, topic)).partitions.length
      if (partitions <= now) throw tooFew(topic, now)
      await kafka.addPartitions(topic, partitions)
      note('info', pipeline, `${topic} has ${partitions} partitions now, it had ${now}`)
      return rows.row(pipeline, topic)
    }),

    empty: t.empty.handler(async ({ input }) => {
      const { pipeline, topic, before, consent } = input
      const kafka = await deps.kafka(pipeline)
      await findTopic(kafka, topic)
      await deps.consent.redeem(consent, { action: 'topics.empty', pipeline, topic, before })
      const lows = new Map((await kafka.offsets(topic)).map(({ partition, low }) => [partition, low]))
      const wanted = before
        .map(({ partition, offset }) => ({ partition, offset: BigInt(offset) }))
        .filter(({ partition, offset }) => offset > (lows.get(partition) ?? offset))
      await kafka.deleteRecords(topic, wanted)
      const removed = wanted.reduce(
        (sum, { partition, offset }) => sum + Number(offset - (lows.get(partition) ?? 0n)),
        0,
      )
      note('warn', pipeline, `Emptied ${topic}: ${many(removed, 'message')} deleted`)
      return { removed }
    }),

    clone: t.clone.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(clone(input, signal), signal)
    }),

    recreate: t.recreate.handler(async ({ input }) => {
      const { pipeline, topic, consent } = input
      const kafka = await deps.kafka(pipeline)
      const { partitions } = await findTopic(kafka, topic)
      const config = await ownSettings(kafka, topic)
      await deps.consent.redeem(consent, { action: 'topics.recreate', pipeline, topic })
      const like = {
        partitions: partitions.length,
        replicationFactor: partitions[0]?.replicas.length ?? 1,
        config,
      }
      // Said before it is deleted: should the app end in between, this is how to make it again.
      note('warn', pipeline, `Deletes ${topic} to make it again: ${inWords(like)}`)
      await kafka.deleteTopic(topic)
      try {
        await kafka.createTopic({ topic, ...like })
      } catch (thrown) {
        throw new AppError(
          {
            code: 'TOPIC_NOT_REMADE',
            message: `${topic} was deleted and could not be made again: ${thrown instanceof Error ? thrown.message : thrown}`,
            hint: `Create it by hand: ${inWords(like)}.`,
          },
          thrown,
        )
      }
      note('good', pipeline, `Made ${topic} again`)
      return rows.row(pipeline, topic)
    }),
  })
}

function inWords({
  partitions,
  config,
}: {
  partitions: number
  config: Readonly<Record<string, string>>
}): string {
  return [
    many(partitions, 'partition'),
    ...Object.entries(config).map(([name, value]) => `${name}=${value}`),
  ].join(', ')
}

/** The groups that have committed for a topic. */
async function committedBy(kafka: KafkaWorkbench, topic: string): Promise<string[]> {
  const groups = await kafka.groups()
  const found = await Promise.all(
    groups.map(async ({ id }) => {
      const offsets = await kafka.groupOffsets(id)
      return offsets.some((each) => each.topic === topic) ? [id] : []
    }),
  )
  return found.flat()
}

function tooFew(topic: string, now: number): AppError {
  return new AppError({
    code: 'PARTITIONS_TOO_FEW',
    message: `${topic} has ${many(now, 'partition')} already.`,
    hint: `Give a number above ${now}. Kafka cannot take partitions away; clone or recreate the topic for fewer.`,
    field: 'partitions',
  })
}
