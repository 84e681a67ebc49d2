/** The contract's `groups` on a real broker, compared with Kafka's own tool: states, members, lag, reset, delete. */
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { KafkaWorkbench } from '../../electron/clients/kafka/workbench.ts'
import { groupsFeature } from '../../electron/features/groups.ts'
import type { ConsentRequest } from '../../shared/contract/app.ts'
import type { GroupDetail, ResetTo } from '../../shared/contract/groups.ts'
import { AppError } from '../../shared/errors.ts'
import { brokerMissing, keepOldRecords, startBroker, type TestBroker } from '../helpers/broker.ts'
import { kafkaTool, startKafkaTool } from '../helpers/kafkaTools.ts'
import { until } from '../helpers/until.ts'

const missing = await brokerMissing()
if (missing && process.env.CI === 'true') throw new Error(missing)

const pipeline = 'this-computer'
const topic = 'learner.pin'
let broker: TestBroker
let kafka: KafkaWorkbench
const noted: string[] = []
const agreed = (request: ConsentRequest) => `agreed to ${JSON.stringify(request)}`.slice(0, 128)

function feature() {
  const router = groupsFeature({
    kafka: async () => kafka,
    lakeGroup: () => 'the-lake',
    consent: {
      redeem: async (token, request) => {
        if (token === agreed(request)) return
        throw new AppError({ code: 'CONSENT_NEEDED', message: 'Not agreed.', hint: 'Agree.' })
      },
      describe: () => {},
    },
    activity: { add: ({ text }) => void noted.push(text) },
  })
  return createRouterClient({ groups: router }).groups
}
let groups: ReturnType<typeof feature>

/** 100 records to each of two partitions, a second apart. */
const start = 1_700_000_000_000
async function fill(): Promise<void> {
  await kafka.createTopic({ topic, partitions: 2 })
  const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
  for (const partition of [0, 1]) {
    const records = Array.from({ length: 100 }, (_, n) => ({
      partition,
      value: Buffer.from(`${n}`),
      timestamp: start + n * 1_000,
    }))
    await producer.send(topic, records)
  }
  await producer.close()
}

const commit = (group: string, ...offsets: bigint[]) =>
  kafka.commit(
    group,
    topic,
    offsets.map((offset, partition) => ({ partition, offset })),
  )

/** Partition → lag, as Kafka's own tool says it. */
async function lagByTool(group: string): Promise<Map<number, number | null>> {
  const text = await kafkaTool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [
    '--bootstrap-server',
    broker.bootstrap,
    '--describe',
    '--group',
    group,
  ])
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/))
  return new Map(
    rows
      .filter((cells) => cells[0] === group)
      .map((cells) => [Number(cells[2]), cells[5] === '-' ? null : Number(cells[5])]),
  )
}

const lagOf = ({ partitions }: GroupDetail) =>
  new Map(partitions.map(({ partition, lag }) => [partition, lag]))

describe.skipIf(missing !== null)('consumer groups', () => {
  beforeAll(async () => {
    broker = await startBroker(keepOldRecords)
    kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'test' })
    groups = feature()
    await fill()
  })
  afterAll(async () => {
    await kafka?.close()
    await broker?.stop()
  })

  it('show the lag that Kafka’s own tool shows, with and without members, in both protocols', async () => {
    await commit('resting', 40n, 100n)
    await commit('the-lake', 10n)
    expect(await groups.list({ pipeline })).toEqual([
      {
        id: 'resting',
        state: 'Empty',
        type: 'classic',
        topics: [topic],
        members: 0,
        lag: 60,
        lake: false,
      },
      { id: 'the-lake', state: 'Empty', type: 'classic', topics: [topic], members: 0, lag: 90, lake: true },
    ])
    expect(lagOf(await groups.get({ pipeline, group: 'resting' }))).toEqual(await lagByTool('resting'))

    for (const protocol of ['classic', 'consumer']) {
      const group = `java-${protocol}`
      const args = ['--bootstrap-server', broker.bootstrap, '--topic', topic, '--group', group]
      const properties = [`group.protocol=${protocol}`, 'client.id=a-reader', 'auto.offset.reset=earliest']
      const reader = await startKafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
        ...args,
        ...properties.flatMap((property) => ['--command-property', property]),
      ])
      try {
        await until(async () => reader.output().trim().split('\n').length === 200, 60_000)
        await until(async () => (await groups.get({ pipeline, group })).lag === 0, 60_000)
        const detail = await groups.get({ pipeline, group })
        expect(detail).toMatchObject({ state: 'Stable', type: protocol, members: 1, topics: [topic] })
        expect(detail.memberList[0]).toMatchObject({
          clientId: 'a-reader',
          host: '127.0.0.1',
          assigned: [{ topic, partitions: [0, 1] }],
        })
        expect(detail.partitions.map(({ member }) => member)).toEqual(
          Array.from({ length: 2 }, () => detail.memberList[0]?.id),
        )
        expect(lagOf(detail)).toEqual(await lagByTool(group))
        const to = { to: 'earliest' } as const
        const rows = await groups.resetPreview({ pipeline, group, to })
        const offsets = rows.map(({ after, ...row }) => ({
          topic: row.topic,
          partition: row.partition,
          offset: after,
        }))
        const consent = agreed({ action: 'groups.reset', pipeline, group, offsets })
        await expect(groups.reset({ pipeline, group, offsets, consent })).rejects.toMatchObject({
          data: { code: 'KAFKA_GROUP_BUSY' },
        })
      } finally {
        await reader.end()
      }
    }
  })

  it('are put where the preview said, by each kind of place, and never outside the log', async () => {
    const group = 'moved'
    await commit(group, 40n)
    const cases: readonly [ResetTo, number, number][] = [
      [{ to: 'earliest' }, 0, 100],
      [{ to: 'latest' }, 100, 0],
      [{ to: 'offset', offset: '70' }, 70, 30],
      [{ to: 'shift', by: -20 }, 50, 50],
      [{ to: 'shift', by: -1_000 }, 0, 100],
      [{ to: 'offset', offset: '99999' }, 100, 0],
      [{ to: 'time', time: start + 25_000 }, 25, 75],
      [{ to: 'time', time: start + 25_001 }, 26, 74],
      [{ to: 'time', time: start + 10 ** 9 }, 100, 0],
    ]
    let before = 40
    for (const [to, after, lagAfter] of cases) {
      const rows = await groups.resetPreview({ pipeline, group, to })
      expect(rows).toEqual([
        {
          topic,
          partition: 0,
          before: String(before),
          after: String(after),
          lagBefore: 100 - before,
          lagAfter,
        },
      ])
      const offsets = [{ topic, partition: 0, offset: String(after) }]
      const consent = agreed({ action: 'groups.reset', pipeline, group, offsets })
      const done = await groups.reset({ pipeline, group, offsets, consent })
      expect(done).toMatchObject([{ committed: String(after), lag: lagAfter }])
      before = after
    }
    // A partition it has not read yet can be set by naming its topic.
    const rows = await groups.resetPreview({ pipeline, group, to: { to: 'latest' }, topic, partition: 1 })
    expect(rows).toMatchObject([{ partition: 1, before: null, after: '100', lagBefore: null, lagAfter: 0 }])
    await expect(
      groups.resetPreview({ pipeline, group, to: { to: 'shift', by: 1 }, topic, partition: 1 }),
    ).rejects.toMatchObject({ data: { code: 'GROUP_NOTHING_TO_RESET' } })
  })

  it('are deleted only by consent to exactly that, the lake’s never', async () => {
    await commit('gone', 5n)
    const consent = agreed({ action: 'groups.remove', pipeline, group: 'gone' })
    await expect(
      groups.remove({ pipeline, group: 'gone', consent: 'a token for something else' }),
    ).rejects.toThrow()
    expect(await groups.remove({ pipeline, group: 'gone', consent })).toEqual({ removed: true })
    expect((await groups.list({ pipeline })).map(({ id }) => id)).not.toContain('gone')
    await expect(groups.get({ pipeline, group: 'gone' })).rejects.toMatchObject({
      data: { code: 'KAFKA_GROUP_NOT_FOUND' },
    })
    const lake = agreed({ action: 'groups.remove', pipeline, group: 'the-lake' })
    await expect(groups.remove({ pipeline, group: 'the-lake', consent: lake })).rejects.toMatchObject({
      data: { code: 'GROUP_IS_LAKE' },
    })
  })

  it('whose topic was deleted keep their other topics’ lag', async () => {
    await kafka.createTopic({ topic: 'short.lived', partitions: 1 })
    await kafka.commit('outlives', 'short.lived', [{ partition: 0, offset: 0n }])
    await commit('outlives', 90n)
    await kafka.deleteTopic('short.lived')
    const detail = await groups.get({ pipeline, group: 'outlives' })
    expect(detail).toMatchObject({ topics: [topic], lag: 10 })
  })

  it('are watched: the lag falls as the group reads', async () => {
    await commit('watched', 0n)
    const ending = new AbortController()
    const lags: (number | null)[] = []
    for await (const { lag } of await groups.watch(
      { pipeline, group: 'watched' },
      { signal: ending.signal },
    )) {
      lags.push(lag)
      if (lags.length === 1) await commit('watched', 60n)
      if (lags.length === 2) break
    }
    ending.abort()
    expect(lags).toEqual([100, 40])
  })
})
