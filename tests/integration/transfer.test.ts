/** Messages out of topics and into them on a real broker: exported files hold exactly what matches, sends are what was given. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { KafkaRecord, OutRecord } from '../../electron/clients/kafka/types.ts'
import type { KafkaWorkbench } from '../../electron/clients/kafka/workbench.ts'
import { openExports } from '../../electron/features/exports.ts'
import { transferFeature } from '../../electron/features/transfer.ts'
import type { Export, ExportInput } from '../../shared/contract/transfer.ts'
import { brokerMissing, keepOldRecords, startBroker, straightTo, type TestBroker } from '../helpers/broker.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { type TestHome, testHome } from '../helpers/home.ts'

const missing = await brokerMissing()
if (missing && process.env.CI === 'true') throw new Error(missing)

const pipeline = 'this-computer'
const topic = 'learner.geo'
let broker: TestBroker
let kafka: KafkaWorkbench
let built: Awaited<ReturnType<typeof buildEntry>>
let home: TestHome
let api: ReturnType<typeof feature>
const noted: string[] = []

function feature() {
  const activity = { add: ({ text }: { text: string }) => void noted.push(text) }
  const router = transferFeature({
    exports: openExports(join(home.home, 'exports'), built.file, activity),
    kafka: async () => kafka,
    kafkaWay: straightTo(broker.bootstrap),
    kindOf: (_pipeline, name) => (name === topic ? 'geo' : null),
    activity,
  })
  return createRouterClient({ transfer: router }).transfer
}

const total = 30_000
/** JSON with a number beyond a double, text with what CSV must quote, bytes, a tombstone; headers now and then. */
const records: OutRecord[] = Array.from({ length: total }, (_, n) => ({
  partition: n % 2,
  key: n % 5 === 0 ? null : Buffer.from(n % 5 === 1 ? `{"id":${n}}` : `key,"${n}"`),
  value: [
    Buffer.from(`{"n":${n},\n "big":123456789012345678901234567890}`),
    Buffer.from(`text, with "quotes"\nand a line feed ${n}`),
    Buffer.from([0xff, 0x00, n % 256]),
    null,
  ][n % 4] as Buffer | null,
  headers:
    n % 10 === 0
      ? [
          { name: 'source', value: Buffer.from('api') },
          { name: 'none', value: null },
        ]
      : [],
  timestamp: 1_700_000_000_000 + n,
}))

async function all(name: string): Promise<KafkaRecord[]> {
  const offsets = await kafka.offsets(name)
  const found: KafkaRecord[] = []
  const options = {
    topic: name,
    from: offsets.map(({ partition, low }) => ({ partition, offset: low })),
    until: offsets.map(({ partition, high }) => ({ partition, offset: high })),
    signal: AbortSignal.timeout(60_000),
  }
  for await (const batch of kafka.read(options)) for (const record of batch.records) found.push(record)
  return found
}

async function exported(input: Partial<ExportInput>): Promise<{ last: Export; text: string }> {
  const whole = { pipeline, topic, format: 'ndjson' as const, filter: { kind: 'none' as const }, ...input }
  const { id } = await api.startExport(whole)
  let last: Export | undefined
  for await (const now of await api.watchExport({ id })) last = now
  if (last === undefined) throw new Error('nothing was said')
  return { last, text: last.state === 'failed' ? '' : await readFile(last.file, 'utf8') }
}

describe.skipIf(missing !== null)('messages', () => {
  beforeAll(async () => {
    ;[broker, built, home] = await Promise.all([
      startBroker(keepOldRecords),
      buildEntry('searchWorker'),
      testHome(),
    ])
    kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'test' })
    api = feature()
    await kafka.createTopic({ topic, partitions: 2 })
    const producer = await kafka.producer({ acks: 'all', compression: 'lz4', idempotent: true })
    for (let at = 0; at < total; at += 1_000) await producer.send(topic, records.slice(at, at + 1_000))
    await producer.close()
  })
  afterAll(async () => {
    await kafka?.close()
    await broker?.stop()
    await built?.remove()
    await home?.remove()
  })

  it('are exported as NDJSON, every one on one line, with every digit', async () => {
    const { last, text } = await exported({})
    expect(last).toMatchObject({
      state: 'done',
      written: total,
      scanned: total,
      passed: total,
      total,
      problem: null,
    })
    expect(Buffer.byteLength(text)).toBe(last.bytes)
    const lines = text.trimEnd().split('\n')
    expect(lines).toHaveLength(total)
    expect(text).toContain('"big":123456789012345678901234567890}')
    const read = lines.map((line) => JSON.parse(line))
    const places = new Map(read.map((line) => [`${line.partition}/${line.offset}`, line]))
    expect(places.size).toBe(total)
    for (const record of await all(topic)) {
      const line = places.get(`${record.partition}/${record.offset}`)
      expect(line.timestamp).toBe(record.timestamp)
      if (line.valueFormat === 'null') expect(record.value).toBeNull()
      if (line.valueFormat === 'text') expect(line.value).toBe(record.value?.toString())
      if (line.valueFormat === 'base64') expect(Buffer.from(line.value, 'base64')).toEqual(record.value)
      if (line.valueFormat === 'json') expect(line.value).toEqual(JSON.parse(String(record.value)))
      expect(line.keyFormat).toBe(
        record.key === null ? 'null' : String(record.key).startsWith('{') ? 'json' : 'text',
      )
      expect(line.headers).toEqual(record.headers.map(({ name, value }) => [name, value?.toString() ?? null]))
    }
    expect((await readdir(join(home.home, 'exports'))).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('are exported as CSV that another reader takes, and only those that match', async () => {
    const filter = {
      kind: 'expression',
      text: 'partition == 1 && text != null && text.includes("quotes")',
    } as const
    const { last, text } = await exported({ format: 'csv', filter })
    const rows: Record<string, string>[] = parse(text, { columns: true })
    const wanted = (await all(topic)).filter((each) => each.partition === 1 && each.value?.includes('quotes'))
    expect(last.written).toBe(wanted.length)
    expect(rows.map(({ offset, value, key }) => [offset, value, key])).toEqual(
      wanted.map(({ offset, value, key }) => [String(offset), String(value), String(key ?? '')]),
    )
  })

  it('leave a whole file behind when the export is stopped', async () => {
    const slow = 'text == null || text.split("").map(c => c.toUpperCase()).join("").length >= 0'
    const { id } = await api.startExport({
      pipeline,
      topic,
      format: 'ndjson',
      filter: { kind: 'expression', text: slow },
    })
    let last: Export | undefined
    for await (const now of await api.watchExport({ id })) {
      last = now
      if (now.written > 0) await api.stopExport({ id })
    }
    const lines = (await readFile(last?.file ?? '', 'utf8')).trimEnd().split('\n')
    for (const line of lines) JSON.parse(line)
    expect(lines).toHaveLength(last?.written ?? 0)
    expect(['stopped', 'done']).toContain(last?.state)
    expect((await api.exports())[0]?.id).toBe(id)
  })

  it('in an export whose filter hangs cost only that export', async () => {
    const filter = {
      kind: 'expression',
      text: '/^(a+)+$/.test(String(keyText).split("").map(c => "a").join("") + "aaaaaaaaaaaaaaaaaaaaaaaaaaaa!")',
    } as const
    const { last } = await exported({ filter })
    expect(last).toMatchObject({ state: 'failed', problem: { code: 'FILTER_HANGS' } })
  })

  it('are produced with key, headers and partition, and refused where they are not of the topic’s type', async () => {
    await kafka.createTopic({ topic: 'free', partitions: 3 })
    const text = (data: string) => ({ encoding: 'utf8' as const, data })
    const { results } = await api.produce({
      pipeline,
      topic: 'free',
      messages: [
        { key: text('k'), value: text('one'), headers: [{ name: 'h', value: text('v') }], partition: 2 },
        { value: { encoding: 'base64', data: '/wA=' }, partition: 0 },
        { key: text('gone'), value: null },
      ],
    })
    expect(results.map(({ problem }) => problem)).toEqual([null, null, null])
    const sent = await all('free')
    expect(sent.find(({ partition }) => partition === 2 && true)).toBeDefined()
    expect(sent.map(({ value }) => value?.toString('hex') ?? null).sort()).toEqual(
      ['6f6e65', 'ff00', null].sort(),
    )
    expect(sent.find(({ value }) => value?.toString() === 'one')).toMatchObject({
      partition: 2,
      key: Buffer.from('k'),
      headers: [{ name: 'h', value: Buffer.from('v') }],
    })

    const geo = { ind: 1, timestamp: '2020-08-28 03:52:47', latitude: 1, longitude: 2, country: 'Peru' }
    const before = (await kafka.offsets(topic)).map(({ high }) => high)
    const wrong = { pipeline, topic, messages: [{ value: text(JSON.stringify({ ...geo, latitude: 'x' })) }] }
    await expect(api.produce(wrong)).rejects.toMatchObject({
      data: { code: 'VALUE_NOT_OF_TYPE', field: 'messages.0.value' },
    })
    expect((await kafka.offsets(topic)).map(({ high }) => high)).toEqual(before)
    expect((await api.produce({ ...wrong, anyValue: true })).results[0]?.problem).toBeNull()
    expect(
      (await api.produce({ ...wrong, messages: [{ value: text(JSON.stringify(geo)) }] })).results[0]?.place,
    ).not.toBeNull()
    const nowhere = [
      { value: text('x'), partition: 9 },
      { value: text('y'), partition: 1 },
    ]
    const some = (await api.produce({ pipeline, topic: 'free', messages: nowhere })).results
    expect(some[0]?.problem).toMatchObject({ code: 'KAFKA_PARTITION_MISSING' })
    // One that cannot go anywhere holds back its whole batch, and each says so.
    expect(some.map(({ place }) => place)).toEqual([null, null])
  })

  it('are replayed whole, in the order chosen, with their times', async () => {
    await kafka.createTopic({ topic: 'again', partitions: 1 })
    const chosen = [
      { partition: 1, offset: '14000' },
      { partition: 0, offset: '5' },
      { partition: 1, offset: '3' },
      { partition: 0, offset: '0' },
    ]
    expect(await api.replay({ pipeline, topic, to: 'again', places: chosen })).toEqual({ sent: 4 })
    const source = new Map((await all(topic)).map((each) => [`${each.partition}/${each.offset}`, each]))
    const sent = await all('again')
    expect(sent.map(({ key, value, headers, timestamp }) => ({ key, value, headers, timestamp }))).toEqual(
      chosen.map(({ partition, offset }) => {
        const each = source.get(`${partition}/${offset}`)
        return { key: each?.key, value: each?.value, headers: each?.headers, timestamp: each?.timestamp }
      }),
    )
    const past = [{ partition: 0, offset: '99999999' }]
    await expect(api.replay({ pipeline, topic, to: 'again', places: past })).rejects.toMatchObject({
      data: { code: 'KAFKA_OFFSET_OUT_OF_RANGE' },
    })
  })
})
