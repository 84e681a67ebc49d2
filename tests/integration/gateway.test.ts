/** The gateway over the real broker and our real Kinesis: the original script, the consumer API, the streams API. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import type { Gateway } from '../../electron/gateway/gateway.ts'
import { kinds, streamName, topicName } from '../../shared/names.ts'
import { brokerMissing } from '../helpers/broker.ts'
import {
  type GatewayParts,
  startGatewayParts,
  streamData,
  talkTo,
  valuesOf,
} from '../helpers/gatewayParts.ts'

const missing = await brokerMissing()
const jsonType = 'application/vnd.kafka.json.v2+json'
const kafkaType = 'application/vnd.kafka.v2+json'
const user = '0ed442ca38ad'

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape are looked into
type Json = any

describe.skipIf(missing !== null && !process.env.CI)(`gateway ${missing ?? ''}`, () => {
  let parts: GatewayParts
  let gateway: Gateway

  beforeAll(async () => {
    if (missing !== null) throw new Error(missing)
    parts = await startGatewayParts()
    gateway = await parts.gateway()
    for (const kind of kinds) {
      await parts.kafka.createTopic({ topic: topicName(user, kind), partitions: 1 })
      await parts.kinesis.createStream(streamName(user, kind), 1, AbortSignal.timeout(30_000))
    }
  })
  afterAll(() => parts?.stop())

  const { call, produce } = talkTo(() => gateway)
  const control = (method: string, path: string, body?: object) =>
    call(method, path, body, body ? { 'content-type': kafkaType } : {})
  let topics = 0
  const newTopic = async (partitions = 1) => {
    const topic = `t${++topics}`
    await parts.kafka.createTopic({ topic, partitions })
    return topic
  }

  it('takes the original script as it is, under a stage, with only the address changed', async () => {
    const staged = await parts.gateway({ stage: 'test' })
    const script = join(import.meta.dirname, '../helpers/originalScript.py')
    const { stdout } = await promisify(execFile)('python3', [script, staged.url, user])
    const answers = JSON.parse(stdout) as Json[]
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200, 200])
    for (const at of [0, 2, 4]) {
      expect(answers[at].body).toEqual({
        offsets: [{ partition: 0, offset: 0, error_code: null, error: null }],
        key_schema_id: null,
        value_schema_id: null,
      })
      expect(answers[at + 1].body).toEqual({
        SequenceNumber: expect.stringMatching(/^\d{56}$/),
        ShardId: 'shardId-000000000000',
      })
    }
    for (const kind of kinds) {
      const [fromKafka] = await valuesOf(parts.kafka, topicName(user, kind))
      const [fromKinesis] = await streamData(parts.kinesis, streamName(user, kind))
      expect(JSON.parse(fromKafka ?? '')).toMatchObject({ [kind === 'pin' ? 'index' : 'ind']: 7528 })
      expect(fromKinesis).toBe(fromKafka)
    }
    const [geo] = await valuesOf(parts.kafka, topicName(user, 'geo'))
    expect(geo).toContain('"timestamp":"2020-08-28 03:52:47"')
    expect(staged.stats()).toMatchObject({
      requests: 6,
      errors: 0,
      topics: { [topicName(user, 'pin')]: 1, [topicName(user, 'geo')]: 1, [topicName(user, 'user')]: 1 },
      streams: { [streamName(user, 'pin')]: 1 },
    })
  })

  it('shows what is there', async () => {
    const topic = await newTopic(2)
    await produce(topic, [{ value: 1, partition: 1 }])
    expect((await call('GET', '/topics')).json).toContain(topic)
    const details = (await call('GET', `/topics/${topic}`)).json
    expect(details.configs['retention.ms']).toBe('604800000')
    expect(details.partitions).toHaveLength(2)
    expect(details.partitions[1]).toEqual({
      partition: 1,
      leader: 1,
      replicas: [{ broker: 1, leader: true, in_sync: true }],
    })
    expect((await call('GET', `/topics/${topic}/partitions/1/offsets`)).json).toEqual({
      beginning_offset: 0,
      end_offset: 1,
    })
    expect((await call('GET', '/brokers')).json).toEqual({ brokers: [1] })
    expect((await call('GET', '/topics/not.there')).json.error_code).toBe(40401)
    expect((await call('GET', '/')).json).toEqual({})
  })

  it('answers at once for a topic that is not there, and takes it once it is', async () => {
    const began = performance.now()
    expect((await produce('later', [{ value: 1 }])).json.error_code).toBe(40401)
    expect(performance.now() - began).toBeLessThan(25_000)
    await parts.kafka.createTopic({ topic: 'later', partitions: 1 })
    expect((await produce('later', [{ value: 1 }])).json.offsets[0].offset).toBe(0)
    await parts.kafka.deleteTopic('later')
    expect((await produce('later', [{ value: 1 }])).json.error_code).toBe(40401)
  })

  it('keeps keys, partitions, order and big numbers', async () => {
    const topic = await newTopic(3)
    const big = '{"n":123456789012345678901234567890}'
    const body = `{"records":[{"key":"k","value":${big}},{"key":"k","value":2},{"partition":2,"value":3}]}`
    const { json } = await call('POST', `/topics/${topic}`, body, { 'content-type': jsonType })
    const [one, two, three] = json.offsets
    expect(one.partition).toBe(two.partition)
    expect(three.partition).toBe(2)
    const values = await valuesOf(parts.kafka, topic, one.partition)
    expect(values.slice(0, 2)).toEqual([big, '2'])
  })

  it('loses and repeats nothing under many callers', async () => {
    const topic = await newTopic()
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, caller) =>
        produce(
          topic,
          Array.from({ length: 50 }, (_, n) => ({ value: `${caller}/${n}` })),
        ),
      ),
    )
    const offsets = answers.flatMap((answer) =>
      answer.json.offsets.map((each: { offset: number }) => each.offset),
    )
    expect(new Set(offsets).size).toBe(2_000)
    const values = await valuesOf(parts.kafka, topic)
    expect(values).toHaveLength(2_000)
    for (const [caller, answer] of answers.entries()) {
      for (const [n, { offset }] of answer.json.offsets.entries())
        expect(values[offset]).toBe(`"${caller}/${n}"`)
    }
  })

  it('serves the consumer API: two members share a group, and the next goes on where they stopped', async () => {
    const topic = await newTopic(2)
    await produce(
      topic,
      Array.from({ length: 20 }, (_, n) => ({ value: n, partition: n % 2 })),
    )
    const config = { format: 'json', 'auto.offset.reset': 'earliest' }
    const create = async (name: string) => {
      const { json } = await control('POST', '/consumers/students', { name, ...config })
      const base = json.base_uri.slice(gateway.url.length)
      expect((await control('POST', `${base}/subscription`, { topics: [topic] })).status).toBe(204)
      return base as string
    }
    const records = async (base: string) =>
      (await call('GET', `${base}/records?timeout=2000`, undefined, { accept: jsonType })).json as Json[]
    const seen: number[] = []
    const read = async (base: string) => {
      const found = await records(base)
      seen.push(...found.map((record) => record.value))
      return seen.length
    }
    const a = await create('a')
    await expect.poll(() => read(a), { timeout: 30_000 }).toBe(20)
    const b = await create('b')
    const shared = async () => {
      await Promise.all([read(a), read(b)])
      const [one, two] = await Promise.all(
        [a, b].map(async (base) => (await call('GET', `${base}/assignments`)).json),
      )
      return [one.partitions.length, two.partitions.length]
    }
    await expect.poll(shared, { timeout: 60_000 }).toEqual([1, 1])
    await produce(
      topic,
      Array.from({ length: 20 }, (_, n) => ({ value: 20 + n, partition: n % 2 })),
    )
    await expect.poll(async () => (await shared()) && seen.length, { timeout: 30_000 }).toBe(40)
    expect(seen.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 40 }, (_, n) => n))
    for (const base of [a, b]) expect((await control('DELETE', base)).status).toBe(204)
    const committed = await parts.kafka.committed('students', topic)
    expect(committed.map((each) => each.offset)).toEqual([20n, 20n])
    await produce(topic, [{ value: 40, partition: 0 }])
    const c = await create('c')
    await expect.poll(async () => (await read(c)) && seen.at(-1), { timeout: 30_000 }).toBe(40)
    expect(seen).toHaveLength(41)
    await control('DELETE', c)
    expect((await call('GET', `${c}/records`)).json.error_code).toBe(40403)
  })

  it('seeks and commits by hand, and reads assigned partitions without joining', async () => {
    const topic = await newTopic()
    await produce(topic, [{ value: 'a' }, { value: 'b' }, { value: 'c' }])
    const base = '/consumers/by-hand/instances/x'
    const body = { name: 'x', format: 'json', 'auto.offset.reset': 'earliest', 'auto.commit.enable': 'false' }
    await control('POST', '/consumers/by-hand', body)
    const partitions = [{ topic, partition: 0 }]
    expect((await control('POST', `${base}/assignments`, { partitions })).status).toBe(204)
    const values = async () => {
      const answer = await call('GET', `${base}/records?timeout=1000`, undefined, { accept: jsonType })
      return answer.json.map((record: Json) => record.value)
    }
    expect(await values()).toEqual(['a', 'b', 'c'])
    expect(await values()).toEqual([])
    await control('POST', `${base}/positions`, { offsets: [{ topic, partition: 0, offset: 1 }] })
    expect(await values()).toEqual(['b', 'c'])
    await control('POST', `${base}/positions/beginning`, { partitions })
    expect(await values()).toEqual(['a', 'b', 'c'])
    await control('POST', `${base}/positions/end`, { partitions })
    await produce(topic, [{ value: 'd' }])
    expect(await values()).toEqual(['d'])
    await control('POST', `${base}/offsets`, { offsets: [{ topic, partition: 0, offset: 1 }] })
    expect((await parts.kafka.committed('by-hand', topic))[0]?.offset).toBe(2n)
    await control('POST', `${base}/positions`, { offsets: [{ topic, partition: 0, offset: 999 }] })
    expect(await values()).toEqual(['a', 'b', 'c', 'd'])
    await control('DELETE', base)
  })

  it('serves the streams API, and lets a learner meet Kinesis’ limits', async () => {
    const stream = 'made-here'
    expect(
      (await call('POST', `/streams/${stream}`, { ShardCount: 1 }, { 'content-type': 'application/json' }))
        .status,
    ).toBe(200)
    await expect
      .poll(async () => (await call('GET', `/streams/${stream}`)).json.StreamDescription?.StreamStatus, {
        timeout: 20_000,
      })
      .toBe('ACTIVE')
    expect((await call('POST', `/streams/${stream}`)).json.__type).toBe('ResourceInUseException')
    expect((await call('GET', '/streams')).json.StreamNames).toContain(stream)
    const json = { 'content-type': 'application/json' }
    const put = (records: object[]) => call('PUT', `/streams/${stream}/records`, { records }, json)
    const one = { data: '{"a":1}', 'partition-key': 'k' }
    expect((await put([one, { data: { a: 1 }, 'partition-key': 'k' }])).json.FailedRecordCount).toBe(0)
    expect(await streamData(parts.kinesis, stream)).toEqual(['{"a":1}', '{"a":1}'])
    const { json: iterator } = await call(
      'GET',
      `/streams/${stream}/sharditerator?shard-id=shardId-000000000000`,
    )
    const read = await call('GET', `/streams/${stream}/records`, undefined, {
      'shard-iterator': iterator.ShardIterator,
    })
    expect(Buffer.from(read.json.Records[0].Data, 'base64').toString()).toBe('{"a":1}')
    const flood = await Promise.all(
      Array.from({ length: 5 }, () => put(Array.from({ length: 500 }, () => one))),
    )
    const failed = flood.flatMap((answer) => answer.json.Records).filter((record) => record.ErrorCode)
    expect(failed[0].ErrorCode).toBe('ProvisionedThroughputExceededException')
    const large = { Data: 'x'.repeat(1_048_577), PartitionKey: 'k' }
    expect((await call('PUT', `/streams/${stream}/record`, large, json)).status).toBe(400)
    expect((await call('PUT', '/streams/not-there/record', one, json)).json.__type).toBe(
      'ResourceNotFoundException',
    )
    expect((await call('GET', '/streams/a%20b')).status).toBe(400)
    expect((await call('DELETE', `/streams/${stream}`)).status).toBe(200)
  })

  it('says which program’s fault it is when Kinesis is away, and goes on when it is back', async () => {
    const away = await parts.gateway({
      kinesis: connectKinesis({ endpoint: 'http://127.0.0.1:1', region: 'us-east-1' }),
    })
    const body = '{"Data":1,"PartitionKey":"k"}'
    const response = await fetch(`${away.url}/streams/s/record`, {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
    expect(((await response.json()) as Json).__type).toBe('ServiceUnavailable')
  })
})
