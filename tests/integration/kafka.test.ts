/** The Kafka client against a real broker: topics, offsets, reading, writing, groups, and a broker that dies. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import { KafkaSendError } from '../../electron/clients/kafka/sendError.ts'
import type { KafkaRecord, OutRecord, ReadBatch } from '../../electron/clients/kafka/types.ts'
import type { KafkaWorkbench } from '../../electron/clients/kafka/workbench.ts'
import { brokerMissing, startBroker, type TestBroker } from '../helpers/broker.ts'
import { until } from '../helpers/until.ts'

const missing = await brokerMissing()
if (missing && process.env.CI === 'true') throw new Error(missing)

let broker: TestBroker
let kafka: KafkaWorkbench

const texts = (records: readonly KafkaRecord[]) => records.map(({ value }) => value?.toString() ?? null)
const values = (from: number, to: number): OutRecord[] =>
  Array.from({ length: to - from }, (_, at) => ({ value: Buffer.from(`v${from + at}`) }))

async function produce(topic: string, records: readonly OutRecord[], options = {}) {
  const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: false, ...options })
  try {
    return await producer.send(topic, records)
  } finally {
    await producer.close()
  }
}

/** Everything that is in the topic now. */
async function readAll(topic: string, client = kafka): Promise<KafkaRecord[]> {
  const offsets = await client.offsets(topic)
  const batches: ReadBatch[] = []
  const options = {
    topic,
    from: offsets.map(({ partition, low }) => ({ partition, offset: low })),
    until: offsets.map(({ partition, high }) => ({ partition, offset: high })),
    signal: AbortSignal.timeout(30_000),
  }
  for await (const batch of client.read(options)) batches.push(batch)
  for (const { partition, high } of offsets) {
    const last = batches.findLast((batch) => batch.partition === partition)
    if (last) expect(last.nextOffset).toBe(high)
  }
  return batches.flatMap(({ records }) => records)
}

describe.skipIf(missing !== null)('the Kafka client', () => {
  beforeAll(async () => {
    broker = await startBroker({ properties: { 'log.cleaner.backoff.ms': '200' } })
    kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'test' })
  })
  afterAll(async () => {
    await kafka?.close()
    await broker?.stop()
  })

  it('lists what was created, with an id that changes when it is made again', async () => {
    await kafka.createTopic({ topic: 'made', partitions: 3, config: { 'retention.ms': '60000' } })
    const [topic] = await kafka.topics(['made', 'never'])
    expect(topic).toMatchObject({ name: 'made', internal: false })
    expect(topic?.partitions.map(({ leader, inSync }) => [leader, inSync])).toEqual([
      [1, [1]],
      [1, [1]],
      [1, [1]],
    ])
    expect(await kafka.topicConfig('made')).toContainEqual({
      name: 'retention.ms',
      value: '60000',
      isDefault: false,
    })
    await expect(kafka.createTopic({ topic: 'made', partitions: 1 })).rejects.toMatchObject({
      code: 'KAFKA_TOPIC_EXISTS',
    })
    await kafka.deleteTopic('made')
    expect(await kafka.topics(['made'])).toEqual([])
    await kafka.createTopic({ topic: 'made', partitions: 1 })
    const [again] = await kafka.topics(['made'])
    expect(again?.id).not.toBe(topic?.id)
    expect(again?.id).toMatch(/^[0-9a-f-]{36}$/)
    expect((await kafka.topics()).map(({ name }) => name)).toContain('made')
    expect(await kafka.brokers()).toMatchObject({ controller: 1, brokers: [{ id: 1 }] })
  })

  it('tells where many logs begin and end as it does for each by itself, and leaves out what is not there', async () => {
    const topics = Array.from({ length: 30 }, (_, n) => `many.${n}`)
    for (const [n, topic] of topics.entries()) await kafka.createTopic({ topic, partitions: 1 + (n % 3) })
    const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
    for (const topic of topics) await producer.send(topic, [{ value: Buffer.from('1') }, { value: null }])
    await producer.close()
    await kafka.deleteRecords('many.0', [{ partition: 0, offset: 1n }])
    await kafka.topics()
    const other = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'other' })
    // The first client still has it in what it knows.
    await other.deleteTopic('many.29')
    await other.close()
    const logs = await kafka.logs([...topics, 'nowhere'])
    expect(logs.get('many.0')).toEqual([{ partition: 0, low: 1n, high: 2n }])
    expect([...logs.keys()]).toEqual(topics.slice(0, -1))
    for (const [topic, log] of logs) expect(log).toEqual(await kafka.offsets(topic))
  })

  it('names what is wrong', async () => {
    const code = (work: Promise<unknown>) => work.then(() => null).catch((error) => error.code)
    expect(await code(kafka.offsets('nowhere'))).toBe('KAFKA_TOPIC_NOT_FOUND')
    expect(await code(kafka.deleteTopic('nowhere'))).toBe('KAFKA_TOPIC_NOT_FOUND')
    expect(await code(kafka.topicConfig('nowhere'))).toBe('KAFKA_TOPIC_NOT_FOUND')
    expect(await code(kafka.createTopic({ topic: 'a b', partitions: 1 }))).toBe('KAFKA_TOPIC_NAME_INVALID')
    expect(await code(kafka.createTopic({ topic: 'ok', partitions: 0 }))).toBe('KAFKA_PARTITIONS_INVALID')
    expect(await code(kafka.createTopic({ topic: 'ok', partitions: 1, replicationFactor: 3 }))).toBe(
      'KAFKA_REPLICATION_INVALID',
    )
    expect(
      await code(kafka.createTopic({ topic: 'ok', partitions: 1, config: { 'retention.ms': 'x' } })),
    ).toBe('KAFKA_CONFIG_INVALID')
    expect(await code(connectKafka({ bootstrap: ['127.0.0.1:1'], clientId: 'x' }))).toBe('KAFKA_UNREACHABLE')
    expect(await code(connectKafka({ bootstrap: ['nonsense'], clientId: 'x' }))).toBe('KAFKA_ADDRESS_INVALID')
  })

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'writes and reads %s, and every position is true',
    async (compression) => {
      const topic = `codec-${compression}`
      await kafka.createTopic({ topic, partitions: 3 })
      const sent = values(0, 300).map((record, at) => ({
        ...record,
        key: at % 2 === 0 ? Buffer.from(`k${at % 7}`) : null,
        headers: [
          { name: 'n', value: Buffer.from(String(at)) },
          { name: 'n', value: null },
        ],
        timestamp: 1_600_000_000_000 + at,
      }))
      const positions = await produce(topic, sent, { compression })
      const found = await readAll(topic)
      expect(found.length).toBe(300)
      for (const [at, position] of positions.entries()) {
        const record = found.find((r) => r.partition === position.partition && r.offset === position.offset)
        expect(record?.value).toEqual(sent[at]?.value)
        expect(record?.key).toEqual(sent[at]?.key)
        expect(record?.timestamp).toBe(sent[at]?.timestamp)
        expect(record?.headers).toEqual(sent[at]?.headers)
      }
      expect(new Set(positions.map(({ partition }) => partition)).size).toBe(3)
    },
  )

  it('keeps tombstones, empty values and empty keys apart, and writes to the partition it was told', async () => {
    await kafka.createTopic({ topic: 'edges', partitions: 2 })
    const positions = await produce('edges', [
      { value: null, key: Buffer.from('k'), partition: 1 },
      { value: Buffer.alloc(0), key: Buffer.alloc(0), partition: 1 },
      { value: Buffer.from([0xff, 0x00]), partition: 1 },
    ])
    expect(positions).toEqual([0n, 1n, 2n].map((offset) => ({ partition: 1, offset })))
    const found = await readAll('edges')
    expect(found.map(({ key, value }) => [key, value])).toEqual([
      [Buffer.from('k'), null],
      [Buffer.alloc(0), Buffer.alloc(0)],
      [null, Buffer.from([0xff, 0x00])],
    ])
    await expect(produce('edges', [{ value: null, partition: 2 }])).rejects.toMatchObject({
      code: 'KAFKA_PARTITION_MISSING',
    })
  })

  it('answers no offset with acks=0 and says for each record of a batch what became of it', async () => {
    await kafka.createTopic({ topic: 'acks', partitions: 1, config: { 'max.message.bytes': '2000' } })
    expect(await produce('acks', values(0, 2), { acks: 'none' })).toEqual([
      { partition: 0, offset: null },
      { partition: 0, offset: null },
    ])
    await until(async () => (await kafka.offsets('acks'))[0]?.high === 2n)
    const error = await produce('acks', [{ value: Buffer.alloc(3_000) }]).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(KafkaSendError)
    expect(error).toMatchObject({
      code: 'KAFKA_MESSAGE_TOO_LARGE',
      outcomes: [{ uncertain: false, retriable: false }],
    })
    const nowhere = await produce('nowhere', values(0, 2)).catch((thrown) => thrown)
    expect(nowhere).toMatchObject({ code: 'KAFKA_TOPIC_NOT_FOUND', outcomes: [{ uncertain: false }, {}] })
  })

  it('goes on behind what compaction and aborted or committed transactions have left out', async () => {
    await kafka.createTopic({
      topic: 'compact',
      partitions: 1,
      config: {
        'cleanup.policy': 'compact',
        'segment.ms': '100',
        'min.cleanable.dirty.ratio': '0.001',
        'max.compaction.lag.ms': '200',
        'delete.retention.ms': '0',
      },
    })
    const keyed = (n: number) => [{ key: Buffer.from('same'), value: Buffer.from(`v${n}`) }]
    for (let n = 0; n < 5; n++) await produce('compact', keyed(n))
    let last = 5
    // Only closed segments are compacted, and a segment closes with the next write.
    await until(async () => {
      await produce('compact', keyed(last++))
      const found = await readAll('compact')
      return found.length < last && found[0] !== undefined && found[0].offset > 2n
    })
    const offsets = await kafka.offsets('compact')
    const batches: ReadBatch[] = []
    const options = {
      topic: 'compact',
      from: [{ partition: 0, offset: 0n }],
      until: [{ partition: 0, offset: offsets[0]?.high ?? 0n }],
      signal: AbortSignal.timeout(20_000),
    }
    for await (const batch of kafka.read(options)) batches.push(batch)
    expect(batches.at(-1)?.nextOffset).toBe(offsets[0]?.high)
    expect(texts(batches.flatMap(({ records }) => records)).at(-1)).toBe(`v${last - 1}`)
  })

  it('begins in the middle of a batch, ends before `until`, and follows until it is told to stop', async () => {
    await kafka.createTopic({ topic: 'follow', partitions: 1 })
    await produce('follow', values(0, 10))
    const controller = new AbortController()
    const seen: string[] = []
    const following = (async () => {
      const from = [{ partition: 0, offset: 7n }]
      for await (const batch of kafka.read({ topic: 'follow', from, signal: controller.signal })) {
        seen.push(...batch.records.map(({ value }) => String(value)))
      }
    })()
    await until(() => seen.length === 3)
    await produce('follow', values(10, 12))
    await until(() => seen.length === 5)
    controller.abort()
    await following
    expect(seen).toEqual(['v7', 'v8', 'v9', 'v10', 'v11'])
    const middle: string[] = []
    const options = {
      topic: 'follow',
      from: [{ partition: 0, offset: 2n }],
      until: [{ partition: 0, offset: 4n }],
      signal: AbortSignal.timeout(10_000),
    }
    for await (const batch of kafka.read(options)) middle.push(...batch.records.map((r) => String(r.value)))
    expect(middle).toEqual(['v2', 'v3'])
  })

  it('makes no consumer group by reading', async () => {
    await readAll('follow')
    expect((await kafka.topics()).map(({ name }) => name)).not.toContain('__consumer_offsets')
  })

  it('finds offsets by time, and sizes', async () => {
    await kafka.createTopic({ topic: 'time', partitions: 2 })
    const at = (timestamp: number) => ({ value: Buffer.from('x'), partition: 0, timestamp })
    await produce('time', [at(1_000), at(2_000), at(3_000)])
    expect(await kafka.offsetsAt('time', 1_500)).toEqual([
      { partition: 0, offset: 1n },
      { partition: 1, offset: 0n },
    ])
    expect(await kafka.offsetsAt('time', 9_000)).toEqual([
      { partition: 0, offset: 3n },
      { partition: 1, offset: 0n },
    ])
    const sizes = (await kafka.sizes()).get('time')
    expect(sizes?.map(({ partition }) => partition)).toEqual([0, 1])
    expect(sizes?.[0]?.bytes).toBeGreaterThan(0)
    expect(sizes?.[1]?.bytes).toBe(0)
  })

  it('commits from outside and reads it back; null where nothing is committed', async () => {
    await kafka.createTopic({ topic: 'commits', partitions: 2 })
    await kafka.commit('outside', 'commits', [{ partition: 1, offset: 5n }])
    expect(await kafka.committed('outside', 'commits')).toEqual([
      { partition: 0, offset: null },
      { partition: 1, offset: 5n },
    ])
    expect(await kafka.committed('nobody', 'commits')).toEqual([
      { partition: 0, offset: null },
      { partition: 1, offset: null },
    ])
  })

  it('notices that a followed topic was made again', async () => {
    await kafka.createTopic({ topic: 'reborn', partitions: 1 })
    await produce('reborn', values(0, 3))
    const seen: KafkaRecord[] = []
    const following = (async () => {
      const options = {
        topic: 'reborn',
        from: [{ partition: 0, offset: 0n }],
        signal: AbortSignal.timeout(30_000),
      }
      for await (const batch of kafka.read(options)) seen.push(...batch.records)
    })().catch((error) => error)
    await until(() => seen.length === 3)
    const other = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'other' })
    await other.deleteTopic('reborn')
    await other.createTopic({ topic: 'reborn', partitions: 1 })
    await other.close()
    expect((await following).code).toMatch(/^KAFKA_TOPIC_(RECREATED|NOT_FOUND)$/)
  })

  it('refuses an offset outside the log', async () => {
    const options = {
      topic: 'follow',
      from: [{ partition: 0, offset: 999n }],
      signal: AbortSignal.timeout(9_000),
    }
    const reading = (async () => {
      for await (const _ of kafka.read(options)) break
    })()
    await expect(reading).rejects.toMatchObject({ code: 'KAFKA_OFFSET_OUT_OF_RANGE' })
  })

  it('goes through the socket it is given', async () => {
    let opened = 0
    const client = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'tunnel' }, (target) => {
      opened++
      return connect(target.port, target.host, target.onConnect)
    })
    expect((await readAll('follow', client)).length).toBe(12)
    await client.close()
    expect(opened).toBeGreaterThan(1)
  })

  describe('as a member of a group', () => {
    const member = (
      group: string,
      topics: string[] | RegExp,
      autoOffsetReset: 'earliest' | 'latest' = 'earliest',
    ) => kafka.groupConsumer({ group, topics, autoOffsetReset })
    const poll = { timeoutMs: 10_000, maxBytes: 1_000_000 }

    it('hands out, commits what it is told, and the next member goes on there', async () => {
      await kafka.createTopic({ topic: 'group', partitions: 2 })
      await produce(
        'group',
        values(0, 10).map((record, at) => ({ ...record, partition: at % 2 })),
      )
      const first = await member('g1', ['group'])
      expect(first.assignment()).toEqual([])
      const got: string[] = []
      while (got.length < 10) got.push(...texts(await first.poll(poll)).map(String))
      expect(got.length).toBe(10)
      expect(first.assignment().length).toBe(2)
      expect(await kafka.committed('g1', 'group')).toEqual([
        { partition: 0, offset: null },
        { partition: 1, offset: null },
      ])
      await first.commit([{ topic: 'group', partition: 0, offset: 3n }])
      await first.close()
      const second = await member('g1', ['group'])
      const again: KafkaRecord[] = []
      while (again.length < 7) again.push(...(await second.poll(poll)))
      expect(texts(again.filter(({ partition }) => partition === 0))).toEqual(['v6', 'v8'])
      expect(again.filter(({ partition }) => partition === 1).length).toBe(5)
      await second.seek([{ topic: 'group', partition: 0, offset: 4n }])
      expect(texts(await second.poll(poll))).toEqual(['v8'])
      expect(await second.poll({ timeoutMs: 300, maxBytes: 1_000 })).toEqual([])
      await second.close()
    })

    it('returns at most the bytes asked for, but always one record', async () => {
      const one = await member('g2', ['group'])
      const records = await one.poll({ timeoutMs: 10_000, maxBytes: 1 })
      expect(records.length).toBe(1)
      const all = [...records]
      while (all.length < 10) all.push(...(await one.poll({ timeoutMs: 5_000, maxBytes: 5 })))
      expect(new Set(texts(all)).size).toBe(10)
      await one.close()
    })

    it('shares the partitions with a second member, and gets them back', async () => {
      const [a, b] = [await member('g3', ['group'], 'latest'), await member('g3', ['group'], 'latest')]
      const both = () => [a, b].map((each) => each.assignment().length)
      await until(async () => {
        await Promise.all([a, b].map((each) => each.poll({ timeoutMs: 200, maxBytes: 1_000 })))
        return both().join() === '1,1'
      })
      await b.close()
      await until(() => both().join() === '2,0')
      await a.close()
    })

    it('subscribes by pattern and finds a topic that comes later', async () => {
      await kafka.createTopic({ topic: 'pattern.one', partitions: 1 })
      await produce('pattern.one', values(0, 1))
      const one = await member('g4', /^pattern\./)
      expect(texts(await one.poll(poll))).toEqual(['v0'])
      await kafka.createTopic({ topic: 'pattern.two', partitions: 1 })
      await produce('pattern.two', values(1, 2))
      let found: (string | null)[] = []
      await until(async () => {
        found = texts(await one.poll({ timeoutMs: 500, maxBytes: 1_000 }))
        return found.length > 0
      })
      expect(found).toEqual(['v1'])
      await one.close()
    })
  })

  it('stays a member of its group through a broker that is killed, and goes on where it was', async () => {
    await kafka.createTopic({ topic: 'group.killed', partitions: 1 })
    await produce('group.killed', values(0, 5))
    const one = await kafka.groupConsumer({
      group: 'gk',
      topics: ['group.killed'],
      autoOffsetReset: 'earliest',
    })
    const poll = { timeoutMs: 1_000, maxBytes: 1_000_000 }
    const got: string[] = []
    await until(async () => {
      got.push(...texts(await one.poll(poll)).map(String))
      return got.length >= 5
    })
    await one.commit([{ topic: 'group.killed', partition: 0, offset: 5n }])
    await broker.kill()
    await broker.restart()
    await produce('group.killed', values(5, 10), { idempotent: true })
    await until(async () => {
      got.push(...texts(await one.poll(poll)).map(String))
      return got.length >= 10
    })
    expect(got).toEqual(Array.from({ length: 10 }, (_, n) => `v${n}`))
    await one.commit([{ topic: 'group.killed', partition: 0, offset: 10n }])
    expect(await kafka.committed('gk', 'group.killed')).toEqual([{ partition: 0, offset: 10n }])
    await one.close()
  })

  it('survives a broker that is killed: readers go on, idempotent sends arrive once, others say they do not know', async () => {
    await kafka.createTopic({ topic: 'killed', partitions: 2 })
    const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
    const plain = await kafka.producer({ acks: 'all', compression: 'none', idempotent: false })
    const controller = new AbortController()
    const seen: KafkaRecord[] = []
    const following = (async () => {
      const from = [0, 1].map((partition) => ({ partition, offset: 0n }))
      for await (const batch of kafka.read({ topic: 'killed', from, signal: controller.signal })) {
        seen.push(...batch.records)
      }
    })()
    let next = 0
    let stop = false
    const acknowledged = new Map<string, string>()
    const sending = (async () => {
      while (!stop) {
        const records = values(next, next + 10)
        next += 10
        for (const [at, { partition, offset }] of (await producer.send('killed', records)).entries()) {
          acknowledged.set(`${partition}/${offset}`, String(records[at]?.value))
        }
      }
    })()
    await until(() => acknowledged.size > 200)
    await broker.kill()
    const lost = await plain.send('killed', values(-1, 0)).catch((error) => error)
    expect(lost).toBeInstanceOf(KafkaSendError)
    await broker.restart()
    const before = acknowledged.size
    await until(() => acknowledged.size > before + 200)
    stop = true
    await sending
    await until(() => seen.length >= next)
    controller.abort()
    await following
    expect(seen.length).toBe(next)
    expect(new Set(texts(seen)).size).toBe(next)
    for (const { partition, offset, value } of seen) {
      expect(acknowledged.get(`${partition}/${offset}`)).toBe(String(value))
    }
    expect(await plain.send('killed', values(-1, 0))).toHaveLength(1)
    await producer.close()
    await plain.close()
  })
})
