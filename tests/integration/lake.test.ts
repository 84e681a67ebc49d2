/** The lake on a real broker: every offset in exactly one line, through kills at any instant, gaps and topics made again. */
import { readdir, readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { KafkaClient } from '../../electron/clients/kafka/types.ts'
import { type Lake, startLake } from '../../electron/local/lake/lake.ts'
import { lakeTotals } from '../../electron/local/lake/totals.ts'
import { startBroker, type TestBroker } from '../helpers/broker.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { expectExactlyOnce, linesOf, startLakeChild } from '../helpers/lake.ts'

let broker: TestBroker
let kafka: KafkaClient
let home: TestHome
let built: Awaited<ReturnType<typeof buildEntry>>
/** What the app itself never does: add partitions, cut logs, write in transactions. */
let other: Kafka
let admin: Admin

beforeAll(async () => {
  broker = await startBroker()
  kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'test' })
  other = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
  admin = other.admin()
  await admin.connect()
  home = await testHome()
  built = await buildEntry('stack')
})
afterAll(async () => {
  await admin.disconnect()
  await kafka.close()
  await broker.stop()
  await home.remove()
  await built.remove()
})

/** Deletes what lies before an offset of partition 0, as retention does. */
async function cut(topic: string, offset: string): Promise<void> {
  // Makes the admin client look at the topic first.
  await admin.fetchTopicOffsets(topic)
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] })
}

async function send(topic: string, from: number, count: number): Promise<void> {
  const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
  for (let at = from; at < from + count; at += 250) {
    const some = Math.min(250, from + count - at)
    await producer.send(
      topic,
      Array.from({ length: some }, (_, n) => ({ value: Buffer.from(JSON.stringify({ n: at + n })) })),
    )
  }
  await producer.close()
}

const settledAt = async (dir: string, records: number) =>
  expect.poll(async () => (await lakeTotals(dir)).records, { timeout: 60_000, interval: 100 }).toBe(records)

const open = (dir: string, topics: string[], problems: string[] = []): Promise<Lake> =>
  startLake({
    dir,
    topics,
    kafka: { bootstrap: [broker.bootstrap], clientId: 'lake' },
    flushSize: 400,
    rotateMs: 300,
    group: 'lake-test',
    log: () => {},
    onProblem: (topic, partition, problem) =>
      problems.push(`${topic}/${partition} ${problem?.code ?? 'gone'}`),
  })

describe('the lake', () => {
  it('loses and repeats nothing through kill -9 at many instants', async () => {
    const topic = 'kill.pin'
    await kafka.createTopic({ topic, partitions: 3 })
    const dir = join(home.home, 'kill')
    const start = () =>
      startLakeChild(built.file, home, broker.bootstrap, { dir, topics: [topic], group: 'lake-child' })
    let sent = 0
    let ended = false
    const sending = (async () => {
      for (; !ended; sent += 100) {
        await send(topic, sent, 100)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })()
    const written = async () => (await lakeTotals(dir)).records
    // Into starting first; then so long after the lake has grown again: into reading, writing, syncing and renaming.
    try {
      for (const afterMs of [null, 0, 2, 5, 9, 14, 22, 35, 50, 80, 120]) {
        const before = await written()
        const child = start()
        if (afterMs !== null)
          await expect.poll(written, { timeout: 30_000, interval: 1 }).toBeGreaterThan(before)
        await new Promise((resolve) => setTimeout(resolve, afterMs ?? 150))
        child.kill('SIGKILL')
        await child.exited
      }
    } finally {
      ended = true
      await sending
    }
    const last = start()
    await expect.poll(written, { timeout: 60_000 }).toBeGreaterThanOrEqual(sent)
    last.send({ type: 'stop' })
    expect((await last.exited).code).toBe(0)
    await expectExactlyOnce(kafka, dir, topic)
    expect(await written()).toBe(sent)
  })

  it('keeps what is no JSON, waits for a topic that is not there, and shows its lag', async () => {
    const topic = 'gaps.geo'
    await kafka.createTopic({ topic, partitions: 1 })
    const dir = join(home.home, 'gaps')
    const lake = await open(dir, [topic, 'not.there'])
    await send(topic, 0, 500)
    const producer = await kafka.producer({ acks: 'all', compression: 'gzip', idempotent: true })
    await producer.send(topic, [
      { value: null },
      { value: Buffer.from('plain "text"\n') },
      { value: Buffer.from([0xff, 0xfe]) },
    ])
    await producer.close()
    await settledAt(dir, 503)
    const { lines } = await linesOf(dir, topic, 0)
    expect([lines.get(500n), lines.get(501n), lines.get(502n)]).toEqual([
      'null',
      JSON.stringify({ __not_json__: 'plain "text"\n' }),
      JSON.stringify({ __not_json_base64__: '//4=' }),
    ])
    expect(lake.stats()).toMatchObject({ records: 503, lagOf: { [topic]: 0 } })
    await expect
      .poll(async () => (await kafka.committed('lake-test', topic))[0]?.offset, { timeout: 10_000 })
      .toBe(503n)
    await lake.close()
  })

  it('refuses a second lake in the same folder', async () => {
    const dir = join(home.home, 'two')
    const lake = await open(dir, [])
    await expect(open(dir, [])).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    await lake.close()
    await (await open(dir, [])).close()
  })

  it('stops at a topic that was made again, names it, and goes on with a new generation', async () => {
    const topic = 'again.user'
    await kafka.createTopic({ topic, partitions: 1 })
    const dir = join(home.home, 'again')
    const problems: string[] = []
    const lake = await open(dir, [topic], problems)
    await send(topic, 0, 100)
    await settledAt(dir, 100)
    await kafka.deleteTopic(topic)
    await kafka.createTopic({ topic, partitions: 1 })
    await send(topic, 1_000, 150)
    await expect.poll(() => problems.at(-1), { timeout: 20_000 }).toBe(`${topic}/0 LAKE_TOPIC_RECREATED`)
    expect((await lakeTotals(dir)).records).toBe(100)
    await expect(lake.choose(topic, 0, 'continueFromEarliest')).rejects.toMatchObject({
      code: 'LAKE_CHOICE_IMPOSSIBLE',
    })
    await lake.choose(topic, 0, 'newGeneration')
    await settledAt(dir, 150)
    await expectExactlyOnce(kafka, dir, topic)
    expect(problems.at(-1)).toBe(`${topic}/0 gone`)
    expect(await readdir(join(dir, '_generations', topic, '0', '1', 'data'))).not.toEqual([])
    await lake.close()
  })

  it('finds new partitions, passes over transaction markers, and has no lag behind the last of them', async () => {
    const topic = 'grown.pin'
    await kafka.createTopic({ topic, partitions: 1 })
    const dir = join(home.home, 'grown')
    const lake = await open(dir, [topic])
    const producer = other.producer({
      transactionalId: 'lake-test',
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    for (const end of ['commit', 'abort', 'commit'] as const) {
      const transaction = await producer.transaction()
      const messages = [1, 2].map((n) => ({ value: JSON.stringify({ end, n }), partition: 0 }))
      await transaction.send({ topic, messages })
      await transaction[end]()
    }
    await producer.disconnect()
    // Two records and a marker each time: 0 1 | 3 4 | 6 7 and the end at 9.
    await settledAt(dir, 6)
    expect([...(await linesOf(dir, topic, 0)).lines.keys()]).toEqual([0n, 1n, 3n, 4n, 6n, 7n])
    await expect.poll(() => lake.stats().lagOf[topic], { timeout: 10_000 }).toBe(0)
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })
    await expect.poll(async () => (await kafka.topics([topic]))[0]?.partitions.length).toBe(3)
    await send(topic, 0, 300)
    await settledAt(dir, 306)
    await expectExactlyOnce(kafka, dir, topic)
    await lake.close()
  })

  it('stops where retention was faster, and continues from the earliest with the gap recorded', async () => {
    const topic = 'lost.geo'
    await kafka.createTopic({ topic, partitions: 2 })
    const dir = join(home.home, 'lost')
    await send(topic, 0, 200)
    const first = await open(dir, [topic])
    await settledAt(dir, 200)
    await first.close()

    await send(topic, 200, 200)
    await cut(topic, '150')
    const problems: string[] = []
    const lake = await open(dir, [topic], problems)
    await expect.poll(() => problems, { timeout: 20_000 }).toContain(`${topic}/0 LAKE_OFFSET_LOST`)
    // The other partition goes on meanwhile: 100 of each partition, and its 100 more.
    await settledAt(dir, 300)
    await lake.choose(topic, 0, 'continueFromEarliest')
    await settledAt(dir, 350)
    const { lines, twice } = await linesOf(dir, topic, 0)
    expect(twice).toEqual([])
    expect([...lines.keys()]).toEqual([...range(0, 100), ...range(150, 200)])
    const choice = JSON.parse(await readFile(join(dir, '_offsets', topic, '0', 'choice'), 'utf8'))
    expect(choice.passedOver).toEqual([['100', '149']])
    await lake.close()

    // The choice holds for the next start as well.
    const again = await open(dir, [topic], problems)
    await send(topic, 400, 100)
    await settledAt(dir, 450)
    expect(problems.at(-1)).toMatch(/gone$/)
    await again.close()
  })

  it('notices while it runs that retention was faster', async () => {
    const topic = 'overtaken.user'
    await kafka.createTopic({ topic, partitions: 1 })
    const dir = join(home.home, 'overtaken')
    await send(topic, 0, 100)
    const child = startLakeChild(built.file, home, broker.bootstrap, {
      dir,
      topics: [topic],
      group: 'lake-child',
    })
    const problems: string[] = []
    child.onMessage((message) => {
      const { type, code, message: text } = message as Record<string, unknown>
      if (type === 'problem') problems.push(text === null ? 'gone' : String(code))
    })
    await settledAt(dir, 100)
    // Stopped for longer than its waiting fetch lives (500 ms), so that none brings it what is deleted then.
    process.kill(child.pid, 'SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 800))
    await send(topic, 100, 100)
    await cut(topic, '150')
    process.kill(child.pid, 'SIGCONT')
    await expect.poll(() => problems.at(-1), { timeout: 20_000 }).toBe('LAKE_OFFSET_LOST')
    child.send({ type: 'lake', id: 'one', topic, partition: 0, choice: 'newGeneration' })
    await settledAt(dir, 50)
    await expectExactlyOnce(kafka, dir, topic)
    expect(problems.at(-1)).toBe('gone')
    child.send({ type: 'stop' })
    await child.exited
  })

  it('says when the disk is full and goes on when it is not, with nothing lost or twice', async () => {
    const topic = 'full.user'
    await kafka.createTopic({ topic, partitions: 1 })
    const dir = join(home.home, 'full')
    const problems: string[] = []
    const lake = await open(dir, [topic], problems)
    await send(topic, 0, 100)
    await settledAt(dir, 100)
    // Whatever is written to /dev/full answers ENOSPC.
    await symlink('/dev/full', join(dir, '_writing', `${topic}+0+0000000100.json`))
    await send(topic, 100, 300)
    await expect.poll(() => problems, { timeout: 20_000 }).toContain(`${topic}/0 LAKE_WRITE_FAILED`)
    await settledAt(dir, 400)
    expect(problems.at(-1)).toBe(`${topic}/0 gone`)
    await expectExactlyOnce(kafka, dir, topic)
    await lake.close()
  })

  it('lives through a broker that is killed, and ends promptly while it is gone', async () => {
    const topic = 'broker.pin'
    await kafka.createTopic({ topic, partitions: 2 })
    const dir = join(home.home, 'broker')
    const lake = await open(dir, [topic])
    await send(topic, 0, 1_000)
    await broker.kill()
    await broker.restart()
    await send(topic, 1_000, 1_000)
    await settledAt(dir, 2_000)
    await expectExactlyOnce(kafka, dir, topic)
    await broker.kill()
    await lake.close()
    await rm(dir, { recursive: true })
    await broker.restart()
  })
})

function range(from: number, to: number): bigint[] {
  return Array.from({ length: to - from }, (_, n) => BigInt(from + n))
}
