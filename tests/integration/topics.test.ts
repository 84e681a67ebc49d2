/** The contract's `topics` on a real broker: true counts, every message on exactly one page, a tail that counts what it drops. */
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { OutRecord } from '../../electron/clients/kafka/types.ts'
import type { KafkaWorkbench } from '../../electron/clients/kafka/workbench.ts'
import type { ConsentDesk } from '../../electron/features/deps.ts'
import { topicsFeature } from '../../electron/features/topics.ts'
import { type ConsentQuestion, type ConsentRequest, deletes } from '../../shared/contract/app.ts'
import type { BrowseFrom, Message, TailBatch } from '../../shared/contract/topics.ts'
import { AppError } from '../../shared/errors.ts'
import { joined } from '../../shared/messagePieces.ts'
import { brokerMissing, keepOldRecords, startBroker, type TestBroker } from '../helpers/broker.ts'
import { until } from '../helpers/until.ts'

const missing = await brokerMissing()
if (missing && process.env.CI === 'true') throw new Error(missing)

const pipeline = 'this-computer'
let broker: TestBroker
let kafka: KafkaWorkbench
let topics: ReturnType<typeof feature>
let question: (request: ConsentRequest) => Promise<ConsentQuestion>
const noted: string[] = []

function feature() {
  const consent: ConsentDesk = {
    redeem: async (token, request) => {
      if (token === `agreed to ${JSON.stringify(request)}`.slice(0, 128)) return
      throw new AppError({ code: 'CONSENT_NEEDED', message: 'Not agreed.', hint: 'Agree.' })
    },
    describe: (_action, describer) => {
      question = describer as typeof question
    },
  }
  const router = topicsFeature({
    kafka: async () => kafka,
    kindOf: (_pipeline, topic) => (topic.endsWith('.pin') ? 'pin' : null),
    lakeGroup: () => 'the-lake',
    consent,
    activity: { add: ({ text }) => void noted.push(text) },
  })
  return createRouterClient({ topics: router }).topics
}

async function produce(topic: string, records: readonly OutRecord[]): Promise<void> {
  const producer = await kafka.producer({ acks: 'all', compression: 'lz4', idempotent: true })
  await producer.send(topic, records)
  await producer.close()
}

const numbered = (from: number, to: number): OutRecord[] =>
  Array.from({ length: to - from }, (_, at) => ({
    value: Buffer.from(JSON.stringify({ n: from + at })),
    timestamp: 1_700_000_000_000 + (from + at) * 10,
  }))

const numberOf = (message: Message) => JSON.parse(message.value?.data ?? '{}').n as number

/** All pages in one direction. */
async function pages(topic: string, from: BrowseFrom, limit: number): Promise<Message[]> {
  const found: Message[] = []
  let page = await topics.browse({ pipeline, topic, from, limit })
  for (;;) {
    found.push(...page.messages)
    expect(page.messages.length).toBeLessThanOrEqual(limit)
    if (page.end) return found
    page = await topics.browse({ pipeline, topic, from, limit, next: page.next })
  }
}

describe.skipIf(missing !== null)('topics', () => {
  beforeAll(async () => {
    broker = await startBroker(keepOldRecords)
    kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'test' })
    topics = feature()
  })
  afterAll(async () => {
    await kafka?.close()
    await broker?.stop()
  })

  it('are created, counted with their size and the lake’s lag, and deleted only by consent to exactly that', async () => {
    const topic = 'learner.pin'
    expect(await topics.list({ pipeline })).toEqual([])
    const made = await topics.create({ pipeline, topic, partitions: 2, retentionMs: 3_600_000 })
    expect(made).toMatchObject({ name: topic, kind: 'pin', partitions: 2, messages: 0, sinkLag: null })
    await produce(topic, numbered(0, 30))
    await kafka.commit('the-lake', topic, [
      { partition: 0, offset: 10n },
      { partition: 1, offset: 99n },
    ])
    const [row] = (await topics.list({ pipeline })).filter(({ internal }) => !internal)
    // 15 − 10 behind in one; the other is committed beyond its end, which is no negative lag.
    expect(row).toMatchObject({ messages: 30, replicationFactor: 1, rate: null, sinkLag: 5 })
    expect(row?.bytes).toBeGreaterThan(0)
    const detail = await topics.get({ pipeline, topic })
    expect(detail.partitionList).toMatchObject([
      { partition: 0, leader: 1, low: '0', high: '15', sinkLag: 5 },
      { partition: 1, leader: 1, low: '0', high: '15', sinkLag: 0 },
    ])

    const request: ConsentRequest = { action: 'topics.remove', pipeline, names: [topic] }
    expect(await question(request)).toEqual({
      title: `Delete the topic ${topic}?`,
      ...deletes,
      losses: [`${topic}: 30 messages`],
      typed: topic,
    })
    const consent = `agreed to ${JSON.stringify(request)}`.slice(0, 128)
    await expect(topics.remove({ pipeline, topic, consent: 'a token for something else' })).rejects.toThrow()
    expect(await topics.remove({ pipeline, topic, consent })).toEqual({ removed: true })
    expect((await topics.list({ pipeline })).map(({ name }) => name)).not.toContain(topic)
    expect(noted).toHaveLength(2)
  })

  it('are shown anew every second, with a rate from the second look on', async () => {
    const topic = 'rates.pin'
    await topics.create({ pipeline, topic, partitions: 1 })
    const ending = new AbortController()
    const looks: (number | null)[] = []
    for await (const { rows } of await topics.watch({ pipeline }, { signal: ending.signal })) {
      looks.push(rows.find(({ name }) => name === topic)?.rate ?? null)
      if (looks.length === 1) await produce(topic, numbered(0, 50))
      if ((looks.at(-1) ?? 0) > 0) break
    }
    ending.abort()
    expect(looks[0]).toBeNull()
  })

  it('show every message once, from either end, from an offset and from a time', async () => {
    const topic = 'browse.pin'
    await topics.create({ pipeline, topic, partitions: 3 })
    for (let at = 0; at < 100; at += 20) await produce(topic, numbered(at, at + 20))
    const all = Array.from({ length: 100 }, (_, n) => n)
    const oldest = (await pages(topic, { at: 'oldest' }, 7)).map(numberOf)
    expect(oldest).toEqual(all)
    const newest = (await pages(topic, { at: 'newest' }, 7)).map(numberOf)
    expect(newest).toEqual(all.toReversed())
    const since = await pages(topic, { at: 'time', time: 1_700_000_000_000 + 605 }, 50)
    expect(since.map(numberOf)).toEqual(all.slice(61))
    const one = await topics.browse({
      ...{ pipeline, topic, partition: 1, limit: 1_000 },
      from: { at: 'offset', offset: '30' },
    })
    expect(one).toMatchObject({ end: true })
    expect(one.messages.map(({ partition, offset }) => [partition, Number(offset)])).toEqual(
      Array.from({ length: one.messages.length }, (_, at) => [1, 30 + at]),
    )
    const beyond = await topics.browse({
      pipeline,
      topic,
      from: { at: 'offset', offset: '9'.repeat(30) },
      limit: 5,
    })
    expect(beyond).toMatchObject({ messages: [], end: true })
  })

  it('show a large message cut in the list and whole by itself', async () => {
    const topic = 'large.pin'
    await kafka.createTopic({ topic, partitions: 1, config: { 'max.message.bytes': '20000000' } })
    const value = Buffer.from(JSON.stringify({ text: 'ü'.repeat(4_000_000) }))
    await produce(topic, [{ value, key: Buffer.from([0xff]), headers: [{ name: 'h', value: null }] }])
    await produce(topic, [{ value: null }])
    const { messages } = await topics.browse({ pipeline, topic, from: { at: 'oldest' }, limit: 10 })
    expect(messages[0]).toMatchObject({
      key: { encoding: 'base64', data: '/w==', size: 1, truncated: false },
      value: { encoding: 'utf8', size: value.length, truncated: true },
      headers: [{ name: 'h', value: null }],
    })
    expect(messages[0]?.value?.data.length).toBeLessThanOrEqual(4_096)
    expect(messages[1]?.value).toBeNull()
    const whole = await joined(await topics.message({ pipeline, topic, partition: 0, offset: '0' }))
    expect(whole.value?.truncated).toBe(false)
    expect(whole.value?.data === value.toString()).toBe(true)
    for (const offset of ['2', '9'.repeat(25)]) {
      await expect(
        topics.message({ pipeline, topic, partition: 0, offset }).then(joined),
      ).rejects.toMatchObject({
        data: { code: 'MESSAGE_GONE' },
      })
    }
  })

  it('are followed: a burst whole for a view that keeps up, counted where it does not', async () => {
    const topic = 'tail.pin'
    await topics.create({ pipeline, topic, partitions: 2 })
    await produce(topic, numbered(0, 10))
    const ending = new AbortController()
    const seen: number[] = []
    let last: TailBatch | undefined
    const following = (async () => {
      for await (const batch of await topics.tail(
        { pipeline, topic, from: 'newest' },
        { signal: ending.signal },
      )) {
        last = batch
        seen.push(...batch.messages.map(numberOf))
      }
    })().catch(() => {})
    await until(() => last !== undefined)
    await produce(topic, numbered(10, 500))
    await until(() => seen.length === 490)
    expect(new Set(seen).size).toBe(490)
    expect(Math.min(...seen)).toBe(10)
    expect(last).toMatchObject({ seen: 490, dropped: 0 })
    ending.abort()
    await following

    // More than a view holds, from the beginning: what it did not get is counted, and nothing else.
    for (let at = 500; at < 10_000; at += 500) await produce(topic, numbered(at, at + 500))
    let got = 0
    let counted = { seen: 0, dropped: 0 }
    for await (const batch of await topics.tail({ pipeline, topic, from: 'oldest' })) {
      got += batch.messages.length
      counted = batch
      if (counted.seen === 10_000) break
    }
    expect(counted.dropped).toBeGreaterThan(0)
    expect(got + counted.dropped).toBe(10_000)
  })

  it('fail in the contract’s one way, in calls and in streams', async () => {
    const code = (work: Promise<unknown>) => work.then(() => null).catch((error) => error.data?.code)
    const gone = { pipeline, topic: 'gone.pin' }
    expect(await code(topics.get(gone))).toBe('TOPIC_UNKNOWN')
    expect(await code(topics.browse({ ...gone, from: { at: 'newest' }, limit: 1 }))).toBe('TOPIC_UNKNOWN')
    const tail = async (input: Parameters<typeof topics.tail>[0]) => {
      for await (const _ of await topics.tail(input)) return
    }
    expect(await code(tail(gone))).toBe('KAFKA_TOPIC_NOT_FOUND')
    expect(await code(tail({ pipeline, topic: 'tail.pin', partition: 7 }))).toBe('PARTITION_UNKNOWN')
    const twice = topics.create({ pipeline, topic: 'tail.pin', partitions: 1 })
    expect(await code(twice)).toBe('KAFKA_TOPIC_EXISTS')
  })

  it('are looked into without making a group', async () => {
    const { Kafka, logLevel } = await import('kafkajs')
    const admin = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    // The lake's, by the commit above.
    expect((await admin.listGroups()).groups.map(({ groupId }) => groupId)).toEqual(['the-lake'])
    await admin.disconnect()
  })
})
