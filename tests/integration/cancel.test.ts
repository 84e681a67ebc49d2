/**
 * Whatever reads a topic and is cancelled in the middle lets go of its connections and threads: the connections are counted
 * at the broker's end of them (Linux: `/proc/net/tcp`), and once more when the app's own client is closed.
 */
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { KafkaWorkbench } from '../../electron/clients/kafka/workbench.ts'
import { openExports } from '../../electron/features/exports.ts'
import { filtersFile, openNamedItems } from '../../electron/features/namedItems.ts'
import { analysisFeature, searchFeature } from '../../electron/features/search.ts'
import { topicOpsFeature } from '../../electron/features/topicOps.ts'
import { topicsFeature } from '../../electron/features/topics.ts'
import { transferFeature } from '../../electron/features/transfer.ts'
import { savedFilterSchema } from '../../shared/contract/search.ts'
import { brokerMissing, keepOldRecords, startBroker, straightTo, type TestBroker } from '../helpers/broker.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { type TestHome, testHome } from '../helpers/home.ts'

const missing =
  (await brokerMissing()) ?? (process.platform === 'linux' ? null : 'Connections are counted on Linux.')
if (missing && process.env.CI === 'true') throw new Error(missing)

const pipeline = 'this-computer'
const topic = 'cancelled'
/** The app keeps one connection for short questions, and at most four of readers for the next ones. */
const kept = 5
const within = { timeout: 60_000 }
let broker: TestBroker
let kafka: KafkaWorkbench
let built: Awaited<ReturnType<typeof buildEntry>>
let home: TestHome
let api: Awaited<ReturnType<typeof features>>

async function features() {
  const activity = { add: () => {} }
  const deps = {
    activity,
    consent: { redeem: async () => {}, describe: () => {} },
    folders: { entries: dirname(built.file) },
    kafkaWay: straightTo(broker.bootstrap),
    kafka: async () => kafka,
    kindOf: () => null,
    lakeGroup: () => null,
    saved: await openNamedItems(filtersFile(home.home), savedFilterSchema),
    exports: openExports(join(home.home, 'exports'), built.file, activity),
  }
  return createRouterClient({
    topics: topicsFeature(deps),
    topicOps: topicOpsFeature(deps),
    search: searchFeature(deps),
    analysis: analysisFeature(deps),
    transfer: transferFeature(deps),
  })
}

/** Open connections (state 01) whose own end is the broker's port. */
async function connections(): Promise<number> {
  const port = Number(broker.bootstrap.split(':')[1]).toString(16).toUpperCase().padStart(4, '0')
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')))
  return tables
    .flatMap((table) => table.split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, own = '', , state]) => own.endsWith(`:${port}`) && state === '01').length
}

const threads = async () => (await readdir('/proc/self/task')).length

/** True for every message, and slow about it, so that it is still at work when it is cancelled. */
const slow = {
  kind: 'expression',
  text: 'text.slice(0, 300).split("").map(c => c.toUpperCase()).join("").length >= 0',
} as const

const threaded = new Set(['a search', 'an analysis', 'an export'])

/** Starts, sees it at work, and cancels it. */
const works: Record<string, (signal: AbortController) => Promise<void>> = {
  'a page': async (ending) => {
    const page = api.topics.browse(
      { pipeline, topic, from: { at: 'oldest' }, limit: 1_000 },
      { signal: ending.signal },
    )
    setImmediate(() => ending.abort())
    await page.catch(() => {})
  },
  'a tail': async (ending) => {
    for await (const { seen } of await api.topics.tail(
      { pipeline, topic, from: 'oldest' },
      { signal: ending.signal },
    ))
      if (seen > 0) ending.abort()
  },
  'a search': async (ending) => {
    for await (const { scanned } of await api.search.run(
      { pipeline, topic, filter: slow, limit: 10_000, order: 'oldest' },
      { signal: ending.signal },
    ))
      if (scanned > 0) ending.abort()
  },
  'an analysis': async (ending) => {
    for await (const { scanned } of await api.analysis.run(
      { pipeline, topic, filter: slow },
      { signal: ending.signal },
    ))
      if (scanned > 0) ending.abort()
  },
  'an export': async () => {
    const { id } = await api.transfer.startExport({ pipeline, topic, format: 'ndjson', filter: slow })
    for await (const { written, state } of await api.transfer.watchExport({ id }))
      if (written > 0 && state === 'running') await api.transfer.stopExport({ id })
  },
  'a copy': async (ending) => {
    const to = `copy-${Math.random().toString(36).slice(2)}`
    for await (const { copied } of await api.topicOps.clone(
      { pipeline, topic, to, records: true },
      { signal: ending.signal },
    ))
      if (copied > 0) ending.abort()
  },
}

describe.skipIf(missing !== null)('when it is cancelled', () => {
  beforeAll(async () => {
    ;[broker, built, home] = await Promise.all([
      startBroker(keepOldRecords),
      buildEntry('searchWorker'),
      testHome(),
    ])
    kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'test' })
    api = await features()
    await kafka.createTopic({ topic, partitions: 3 })
    const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
    const value = Buffer.from('x'.repeat(4_000))
    for (let sent = 0; sent < 12_000; sent += 200)
      await producer.send(
        topic,
        Array.from({ length: 200 }, (_, at) => ({ value, partition: at % 3 })),
      )
    await producer.close()
  })
  afterAll(async () => {
    await kafka?.close()
    await broker?.stop()
    await built?.remove()
    await home?.remove()
  })

  it.each(Object.entries(works))('%s leaves no connection and no thread behind', async (name, work) => {
    const once = () => work(new AbortController()).catch(() => {})
    await once()
    await expect.poll(connections, within).toBeLessThanOrEqual(kept)
    const before = await threads()
    // More often than the app keeps connections; what has a thread has its own client, and keeps none.
    const rounds = threaded.has(name) ? 2 : kept + 1
    for (let round = 0; round < rounds; round += 1) await once()
    await expect.poll(connections, within).toBeLessThanOrEqual(kept)
    await expect.poll(threads, within).toBeLessThanOrEqual(before)
  })

  it('everything is let go of with the app’s own client', async () => {
    expect((await kafka.groups()).map(({ id }) => id)).toEqual([])
    await kafka.close()
    await expect.poll(connections, within).toBe(0)
  })
})
