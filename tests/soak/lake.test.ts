/** The lake for minutes under load, its program and the broker killed again and again: every offset in exactly one line. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { KafkaClient } from '../../electron/clients/kafka/types.ts'
import { lakeTotals } from '../../electron/local/lake/totals.ts'
import { startBroker, type TestBroker } from '../helpers/broker.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { expectExactlyOnce, startLakeChild } from '../helpers/lake.ts'
import { until } from '../helpers/until.ts'

const seconds = Number(process.env.SOAK_SECONDS ?? '600')
/** Records of one send; one send every 100 ms for each topic. */
const batch = 100
/** The broker is killed after so many kills of the lake. */
const brokerEvery = 25

let broker: TestBroker
let kafka: KafkaClient
let home: TestHome
let built: Awaited<ReturnType<typeof buildEntry>>

beforeAll(async () => {
  broker = await startBroker()
  kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'soak' })
  home = await testHome()
  built = await buildEntry('stack')
})
afterAll(async () => {
  await kafka.close()
  await broker.stop()
  await home.remove()
  await built.remove()
})

it(`keeps every record in one line for ${seconds} s of kills`, async () => {
  const topics = ['soak.pin', 'soak.geo']
  for (const topic of topics) await kafka.createTopic({ topic, partitions: 3 })
  const dir = join(home.home, 'lake')
  const end = Date.now() + seconds * 1_000
  let sent = 0
  const sending = topics.map(async (topic) => {
    const producer = await kafka.producer({ acks: 'all', compression: 'lz4', idempotent: true })
    for (let n = 0; Date.now() < end; n += batch) {
      const records = Array.from({ length: batch }, (_, at) => ({
        value: Buffer.from(JSON.stringify({ n: n + at })),
      }))
      await producer.send(topic, records)
      sent += batch
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await producer.close()
  })
  const start = () => startLakeChild(built.file, home, broker.bootstrap, { dir, topics, group: 'lake-soak' })

  let kills = 0
  while (Date.now() < end) {
    const child = start()
    // From the first moments of starting to well into the steady state.
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() ** 2 * 3_000))
    child.kill('SIGKILL')
    await child.exited
    kills += 1
    if (kills % brokerEvery === 0) {
      await broker.kill()
      await broker.restart()
    }
  }
  await Promise.all(sending)
  const last = start()
  await until(async () => (await lakeTotals(dir)).records >= sent, 120_000)
  last.send({ type: 'stop' })
  expect((await last.exited).code).toBe(0)
  for (const topic of topics) await expectExactlyOnce(kafka, dir, topic)
  expect((await lakeTotals(dir)).records).toBe(sent)
  process.stdout.write(`lake: ${sent} records, ${kills} kills, all in one line each\n`)
})
