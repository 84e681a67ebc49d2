/** Changing topics and looking at the cluster, on a real broker, against what Kafka's own tools say. */
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { KafkaWorkbench } from '../../electron/clients/kafka/workbench.ts'
import { clusterFeature } from '../../electron/features/cluster.ts'
import type { ConsentDesk } from '../../electron/features/deps.ts'
import { topicOpsFeature } from '../../electron/features/topicOps.ts'
import type { ConsentQuestion, ConsentRequest } from '../../shared/contract/app.ts'
import type { CopyProgress } from '../../shared/contract/topicOps.ts'
import { brokerMissing, keepOldRecords, startBroker, type TestBroker } from '../helpers/broker.ts'
import { kafkaTool } from '../helpers/kafkaTools.ts'

const missing = await brokerMissing()
if (missing && process.env.CI === 'true') throw new Error(missing)

const pipeline = 'this-computer'
let broker: TestBroker
let kafka: KafkaWorkbench
let client: ReturnType<typeof feature>
const asked: ConsentRequest[] = []
const questions = new Map<string, (request: ConsentRequest) => Promise<ConsentQuestion>>()

function feature() {
  const consent: ConsentDesk = {
    redeem: async (_token, request) => void asked.push(request),
    describe: (action, describer) => void questions.set(action, describer as never),
  }
  const deps = {
    kafka: async () => kafka,
    kindOf: (_pipeline: string, topic: string) => (topic.endsWith('.pin') ? ('pin' as const) : null),
    lakeGroup: () => 'the-lake',
    consent,
    activity: { add: () => {} },
  }
  return createRouterClient({ topicOps: topicOpsFeature(deps), cluster: clusterFeature(deps) })
}

const tool = (mainClass: string, ...args: string[]) =>
  kafkaTool(mainClass, ['--bootstrap-server', broker.bootstrap, ...args])

/** `topic:partition:offset` lines of Kafka's own tool. */
async function offsetsByTool(topic: string, time: 'earliest' | 'latest'): Promise<Record<string, number>> {
  const text = await tool('org.apache.kafka.tools.GetOffsetShell', '--topic', topic, '--time', time)
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(':'))
      .map(([, partition, offset]) => [partition, Number(offset)]),
  )
}

async function fill(topic: string, partitions: number, records: number): Promise<void> {
  const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
  await producer.send(
    topic,
    Array.from({ length: records }, (_, n) => ({
      key: n % 7 === 0 ? null : Buffer.from(`k${n}`),
      value: n % 11 === 0 ? null : Buffer.from(`value ${n}`),
      headers: [{ name: 'n', value: Buffer.from(String(n)) }],
      partition: n % partitions,
      timestamp: 1_700_000_000_000 + n,
    })),
  )
  await producer.close()
}

const consent = 'a'.repeat(32)
const failure = async (call: Promise<unknown>) => {
  const thrown = await call.then(
    () => null,
    (error) => error,
  )
  return { code: thrown?.data?.code, field: thrown?.data?.field, message: String(thrown?.message) }
}

beforeAll(async () => {
  broker = await startBroker(keepOldRecords)
  kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'test' })
  client = feature()
})
afterAll(async () => {
  await kafka?.close()
  await broker?.stop()
})

describe.skipIf(missing)('settings', () => {
  const topic = 'settings'
  const find = async (name: string) =>
    (await client.topicOps.settings({ pipeline, topic })).find((each) => each.name === name)

  it('say where each value comes from, what holds without it, and what it means', async () => {
    await kafka.createTopic({ topic, partitions: 1, config: { 'retention.ms': '3600000' } })
    // The broker's file sets log.retention.ms; the topic overrides it.
    expect(await find('retention.ms')).toMatchObject({
      value: '3600000',
      source: 'topic',
      fallback: '-1',
      type: 'long',
    })
    expect(await find('cleanup.policy')).toMatchObject({
      value: 'delete',
      source: 'default',
      fallback: 'delete',
    })
    const all = await client.topicOps.settings({ pipeline, topic })
    expect(all[0]?.name).toBe('retention.ms')
    for (const { name, explanation } of all) {
      expect(explanation.length, name).toBeGreaterThan(20)
      expect(explanation, name).not.toMatch(/<\/?[a-z]+>/)
    }
  })

  it('change as Kafka’s own tool then says, the others stay, and one can be taken back', async () => {
    const changes = [
      { name: 'max.message.bytes', value: '2000000' },
      { name: 'cleanup.policy', value: 'compact,delete' },
    ]
    await client.topicOps.change({ pipeline, topic, changes })
    const said = await tool('kafka.admin.ConfigCommand', '--describe', '--topic', topic)
    for (const text of ['retention.ms=3600000', 'max.message.bytes=2000000', 'cleanup.policy=compact,delete'])
      expect(said).toContain(text)
    await client.topicOps.change({ pipeline, topic, changes: [{ name: 'retention.ms', value: null }] })
    expect(await find('retention.ms')).toMatchObject({ value: '-1', source: 'file' })
    expect(await find('max.message.bytes')).toMatchObject({ value: '2000000', source: 'topic' })
  })

  it('are refused with Kafka’s reason, all or none; a check changes nothing', async () => {
    const wrong = [
      { name: 'max.message.bytes', value: '5000' },
      { name: 'retention.ms', value: 'soon' },
    ]
    const { code, message } = await failure(client.topicOps.change({ pipeline, topic, changes: wrong }))
    expect(code).toBe('KAFKA_CONFIG_INVALID')
    expect(message).toContain('retention.ms')
    const fine = [{ name: 'max.message.bytes', value: '5000' }]
    await client.topicOps.change({ pipeline, topic, changes: fine, check: true })
    expect(await find('max.message.bytes')).toMatchObject({ value: '2000000' })
  })
})

describe.skipIf(missing)('partitions', () => {
  it('are added and never taken away', async () => {
    await kafka.createTopic({ topic: 'more', partitions: 2 })
    expect((await client.topicOps.addPartitions({ pipeline, topic: 'more', partitions: 5 })).partitions).toBe(
      5,
    )
    expect(Object.keys(await offsetsByTool('more', 'latest'))).toHaveLength(5)
    expect(
      await failure(client.topicOps.addPartitions({ pipeline, topic: 'more', partitions: 4 })),
    ).toMatchObject({
      code: 'PARTITIONS_TOO_FEW',
      field: 'partitions',
    })
  })
})

describe.skipIf(missing)('emptying', () => {
  it('deletes what was shown and keeps what came since', async () => {
    const topic = 'full.pin'
    await kafka.createTopic({ topic, partitions: 3 })
    await fill(topic, 3, 300)
    await kafka.commit('the-lake', topic, [{ partition: 0, offset: 40n }])
    const before = (await kafka.offsets(topic)).map(({ partition, high }) => ({
      partition,
      offset: String(high),
    }))
    await fill(topic, 3, 30)
    const request = { action: 'topics.empty', pipeline, topic, before } as const
    const question = await questions.get('topics.empty')?.(request)
    expect(question?.losses.slice(0, 3)).toEqual(
      [0, 1, 2].map((n) => `partition ${n}: 100 messages, below offset 100`),
    )
    expect(question?.losses[3]).toContain('the lake has not written yet')
    expect(await client.topicOps.empty({ pipeline, topic, before, consent })).toEqual({ removed: 300 })
    expect(asked.at(-1)).toEqual(request)
    expect(await offsetsByTool(topic, 'earliest')).toEqual({ 0: 100, 1: 100, 2: 100 })
    expect(await offsetsByTool(topic, 'latest')).toEqual({ 0: 110, 1: 110, 2: 110 })
    // Asked again with the same offsets there is nothing left to delete.
    expect(await client.topicOps.empty({ pipeline, topic, before, consent })).toEqual({ removed: 0 })
  })

  it('is refused where a topic is only compacted', async () => {
    const topic = 'compacted'
    await kafka.createTopic({ topic, partitions: 1, config: { 'cleanup.policy': 'compact' } })
    const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
    await producer.send(topic, [{ key: Buffer.from('a'), value: Buffer.from('b') }])
    await producer.close()
    const before = [{ partition: 0, offset: '1' }]
    expect((await failure(client.topicOps.empty({ pipeline, topic, before, consent }))).code).toBe(
      'KAFKA_POLICY',
    )
  })
})

describe.skipIf(missing)('copies', () => {
  it('have the same partitions, settings and messages, in the same order', async () => {
    const topic = 'original'
    await kafka.createTopic({ topic, partitions: 3, config: { 'segment.bytes': '1048576' } })
    await fill(topic, 3, 1_000)
    const seen: CopyProgress[] = []
    for await (const progress of await client.topicOps.clone({ pipeline, topic, to: 'copy', records: true }))
      seen.push(progress)
    expect(seen.at(-1)).toEqual({ copied: 1_000, total: 1_000, done: true })
    expect(await tool('kafka.admin.ConfigCommand', '--describe', '--topic', 'copy')).toContain(
      'segment.bytes=1048576',
    )
    const read = async (name: string, partition: number) =>
      kafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
        ...['--bootstrap-server', broker.bootstrap, '--topic', name, '--partition', String(partition)],
        ...['--offset', 'earliest', '--max-messages', '333', '--isolation-level', 'read_uncommitted'],
        ...['--formatter-property', 'print.timestamp=true', '--formatter-property', 'print.headers=true'],
        ...['--formatter-property', 'print.key=true', '--formatter-property', 'print.offset=true'],
      ])
    const [original, copy] = await Promise.all([read(topic, 1), read('copy', 1)])
    expect(original.trim().split('\n').length).toBeGreaterThan(300)
    expect(copy).toBe(original)
  })

  it('begin empty where only the form is wanted; a name that is taken is refused', async () => {
    for await (const { done } of await client.topicOps.clone({
      pipeline,
      topic: 'original',
      to: 'form',
      records: false,
    }))
      expect(done).toBe(true)
    expect(await offsetsByTool('form', 'latest')).toEqual({ 0: 0, 1: 0, 2: 0 })
    const again = async () => {
      for await (const _ of await client.topicOps.clone({
        pipeline,
        topic: 'original',
        to: 'form',
        records: false,
      }));
    }
    expect((await failure(again())).code).toBe('KAFKA_TOPIC_EXISTS')
  })
})

describe.skipIf(missing)('making anew', () => {
  it('keeps partitions and settings, and nothing else', async () => {
    const topic = 'again.pin'
    await kafka.createTopic({ topic, partitions: 4, config: { 'retention.ms': '7200000' } })
    await fill(topic, 4, 40)
    await kafka.commit('readers', topic, [{ partition: 0, offset: 5n }])
    const [{ id } = { id: '' }] = await kafka.topics([topic])
    const question = await questions.get('topics.recreate')?.({ action: 'topics.recreate', pipeline, topic })
    expect(question?.losses[0]).toBe('40 messages')
    expect(question?.losses[1]).toContain('readers')
    expect(await client.topicOps.recreate({ pipeline, topic, consent })).toMatchObject({
      partitions: 4,
      messages: 0,
    })
    const [made] = await kafka.topics([topic])
    expect(made?.id).not.toBe(id)
    expect(await tool('kafka.admin.ConfigCommand', '--describe', '--topic', topic)).toContain(
      'retention.ms=7200000',
    )
    expect(await offsetsByTool(topic, 'latest')).toEqual({ 0: 0, 1: 0, 2: 0, 3: 0 })
  })
})

describe.skipIf(missing)('the cluster', () => {
  it('is told as Kafka’s own tools tell it', async () => {
    const found = await client.cluster.get({ pipeline })
    expect(found.version).toBe('4.3')
    const id = await kafkaTool('org.apache.kafka.tools.ClusterTool', [
      'cluster-id',
      ...['--bootstrap-server', broker.bootstrap],
    ])
    expect(id.trim()).toBe(`Cluster ID: ${found.clusterId}`)
    expect(found.troubled).toEqual([])
    expect(found.abilities.filter(({ missing: why }) => why !== null)).toEqual([])
    const [one] = found.brokers
    expect(one).toMatchObject({ id: 1, controller: true, rack: null, silent: null })
    expect([one?.leads, one?.replicas, one?.inSync]).toEqual(Array(3).fill(found.partitions))
    const said = await tool('org.apache.kafka.tools.LogDirsCommand', '--describe')
    const { brokers } = JSON.parse(said.slice(said.indexOf('{')))
    const byTool = brokers[0].logDirs[0]
    const dir = one?.dirs?.[0]
    expect(dir?.path).toBe(byTool.logDir)
    expect(dir?.partitions).toBe(byTool.partitions.length)
    expect(dir?.bytes).toBe(
      byTool.partitions.reduce((sum: number, { size }: { size: number }) => sum + size, 0),
    )
    expect(dir?.total).toBeGreaterThan(dir?.usable ?? Number.POSITIVE_INFINITY)
  })
})
