/**
 * Everything that reads or copies a topic, on topics made to be difficult, compared with what Kafka's own consumer and
 * tools say. `DIFFICULT_SEEDS=1,2,3` tries more of them.
 */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { KafkaWorkbench } from '../../electron/clients/kafka/workbench.ts'
import { openExports } from '../../electron/features/exports.ts'
import { groupsFeature } from '../../electron/features/groups.ts'
import { filtersFile, openNamedItems } from '../../electron/features/namedItems.ts'
import { analysisFeature, searchFeature } from '../../electron/features/search.ts'
import { topicOpsFeature } from '../../electron/features/topicOps.ts'
import { topicsFeature } from '../../electron/features/topics.ts'
import { transferFeature } from '../../electron/features/transfer.ts'
import type { Analysis } from '../../shared/contract/analysis.ts'
import type { Bytes } from '../../shared/contract/base.ts'
import type { ResetTo } from '../../shared/contract/groups.ts'
import { type SearchEvent, type SearchInput, savedFilterSchema } from '../../shared/contract/search.ts'
import type { BrowseFrom, Message } from '../../shared/contract/topics.ts'
import type { Export } from '../../shared/contract/transfer.ts'
import { joined } from '../../shared/messagePieces.ts'
import { brokerMissing, keepOldRecords, startBroker, straightTo, type TestBroker } from '../helpers/broker.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import {
  type DifficultTopic,
  difficultTopic,
  readIndependently,
  type Seen,
  seeded,
} from '../helpers/difficultTopic.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { kafkaTool } from '../helpers/kafkaTools.ts'

const missing = await brokerMissing()
if (missing && process.env.CI === 'true') throw new Error(missing)

const pipeline = 'this-computer'
const seeds = (process.env.DIFFICULT_SEEDS ?? '7').split(',').map(Number)
let broker: TestBroker
let kafka: KafkaWorkbench
let built: Awaited<ReturnType<typeof buildEntry>>
let home: TestHome
let api: Awaited<ReturnType<typeof features>>

async function features() {
  const activity = { add: () => {} }
  const consent = { redeem: async () => {}, describe: () => {} }
  const folders = { entries: dirname(built.file) }
  const kafkaWay = straightTo(broker.bootstrap)
  const deps = {
    ...{ activity, consent, folders, kafkaWay },
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
    groups: groupsFeature(deps),
  })
}

beforeAll(async () => {
  if (missing) return
  ;[broker, built, home] = await Promise.all([
    startBroker({ properties: { ...keepOldRecords.properties, 'log.cleaner.backoff.ms': '200' } }),
    buildEntry('searchWorker'),
    testHome(),
  ])
  kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'test' })
  api = await features()
})
afterAll(async () => {
  await kafka?.close()
  await broker?.stop()
  await built?.remove()
  await home?.remove()
})

const place = ({ partition, offset }: { partition: number; offset: number | string }) =>
  `${partition}/${offset}`
const byPlace = (a: string, b: string) => {
  const [p = 0, o = 0] = a.split('/').map(Number)
  const [q = 0, r = 0] = b.split('/').map(Number)
  return p - q || o - r
}
const places = (of: readonly { partition: number; offset: number | string }[]) => of.map(place).sort(byPlace)

/** What a list may show of these bytes, as bytes again. */
const shown = (bytes: Bytes | null | undefined) =>
  bytes == null ? null : Buffer.from(bytes.data, bytes.encoding === 'utf8' ? 'utf8' : 'base64')

/** A page's message is the reader's record, its preview the beginning of the whole. */
function expectSame(message: Message, seen: Seen | undefined): void {
  expect(seen, place(message)).toBeDefined()
  if (seen === undefined) return
  expect(message.timestamp, place(message)).toBe(Number(seen.timestamp))
  for (const [part, whole] of [
    [message.key, seen.key],
    [message.value, seen.value],
  ] as const) {
    expect(part?.size ?? null, place(message)).toBe(whole?.length ?? null)
    const bytes = shown(part)
    if (part !== null && bytes !== null) {
      expect(whole?.subarray(0, bytes.length).equals(bytes), place(message)).toBe(true)
      expect(part.truncated, place(message)).toBe(bytes.length < part.size)
    }
  }
  expect(message.headers.map(({ name, value }) => [name, shown(value)])).toEqual(seen.headers)
}

/** In each partition the offsets go one way only. */
function expectOrdered(messages: readonly Message[], order: 'oldest' | 'newest'): void {
  for (const [, theirs = []] of Map.groupBy(messages, ({ partition }) => partition)) {
    const offsets = theirs.map(({ offset }) => Number(offset))
    expect(offsets).toEqual(offsets.toSorted((a, b) => (order === 'oldest' ? a - b : b - a)))
  }
}

const cases = seeds.flatMap((seed) =>
  [false, true].map((compacted) => ({
    seed,
    compacted,
    topic: `${compacted ? 'compacted' : 'mixed'}.${seed}`,
  })),
)

describe.skipIf(missing !== null).each(cases)('$topic', ({ seed, compacted, topic }) => {
  let made: DifficultTopic
  let all: ReadonlyMap<string, Seen>
  const pick = seeded(seed * 1_000)

  beforeAll(async () => {
    made = await difficultTopic(broker.bootstrap, { topic, seed, compacted })
    all = new Map(made.seen.map((each) => [place(each), each]))
    expect(all.size).toBeGreaterThan(100)
  })

  async function pages(from: BrowseFrom, limit: number, partition?: number): Promise<Message[]> {
    const found: Message[] = []
    const input = { pipeline, topic, from, limit, ...(partition === undefined ? {} : { partition }) }
    let page = await api.topics.browse(input)
    for (let turned = 0; ; turned += 1) {
      expect(page.messages.length).toBeLessThanOrEqual(limit)
      found.push(...page.messages)
      if (page.end) return found
      expect(turned).toBeLessThan(2_000)
      page = await api.topics.browse({ ...input, next: page.next })
    }
  }

  it('is counted as Kafka’s own tool counts it', async () => {
    const detail = await api.topics.get({ pipeline, topic })
    for (const [time, end] of [
      ['earliest', 'low'],
      ['latest', 'high'],
    ] as const) {
      const args = ['--bootstrap-server', broker.bootstrap, '--topic', topic, '--time', time]
      const said = await kafkaTool('org.apache.kafka.tools.GetOffsetShell', args)
      expect(detail.partitionList.map((each) => `${topic}:${each.partition}:${each[end]}`)).toEqual(
        said.trim().split('\n').sort(),
      )
    }
  })

  it('is browsed whole, each message once, from either end and in one partition', async () => {
    for (const at of ['oldest', 'newest'] as const) {
      for (const limit of [1 + pick(9), 40 + pick(60), 1_000]) {
        const found = await pages({ at }, limit)
        expect(places(found)).toEqual(places(made.seen))
        expectOrdered(found, at)
        for (const message of found) expectSame(message, all.get(place(message)))
      }
      for (let partition = 0; partition < made.partitions; partition += 1) {
        const found = await pages({ at }, 1 + pick(50), partition)
        expect(places(found)).toEqual(places(made.seen.filter((each) => each.partition === partition)))
      }
    }
  })

  it('is browsed from an offset and from a time', async () => {
    for (let n = 0; n < 4; n += 1) {
      const offset = pick(400)
      const found = await pages({ at: 'offset', offset: String(offset) }, 1_000)
      expect(places(found)).toEqual(places(made.seen.filter((each) => each.offset >= offset)))
      const time = Number(made.seen[pick(made.seen.length)]?.timestamp)
      if (time < 0) continue
      const since = await pages({ at: 'time', time }, 1_000)
      const first = Map.groupBy(
        made.seen.filter((each) => BigInt(each.timestamp) >= BigInt(time)),
        ({ partition }) => partition,
      )
      const expected = made.seen.filter(
        (each) => each.offset >= (first.get(each.partition)?.[0]?.offset ?? Number.POSITIVE_INFINITY),
      )
      expect(places(since)).toEqual(places(expected))
    }
  })

  it('opens each of its largest messages whole, and none where there is none', async () => {
    const largest = made.seen.toSorted((a, b) => (b.value?.length ?? 0) - (a.value?.length ?? 0)).slice(0, 3)
    for (const seen of largest) {
      const { partition, offset } = seen
      const message = await joined(
        await api.topics.message({ pipeline, topic, partition, offset: String(offset) }),
      )
      expect(shown(message.value)?.equals(seen.value ?? Buffer.alloc(0))).toBe(true)
    }
    const detail = await api.topics.get({ pipeline, topic })
    const holes = detail.partitionList.flatMap(({ partition, low, high }) =>
      Array.from({ length: Number(high) - Number(low) }, (_, at) => ({
        partition,
        offset: Number(low) + at,
      })).filter((each) => !all.has(place(each))),
    )
    expect(holes.length).toBeGreaterThan(0)
    for (let n = 0; n < 3; n += 1) {
      const hole = holes[pick(holes.length)] ?? { partition: 0, offset: 0 }
      await expect(
        api.topics
          .message({ pipeline, topic, partition: hole.partition, offset: String(hole.offset) })
          .then(joined),
      ).rejects.toMatchObject({ data: { code: 'MESSAGE_GONE' } })
    }
  })

  it('is followed from its beginning, each message once', async () => {
    const leaving = new AbortController()
    const found: Message[] = []
    for await (const batch of await api.topics.tail(
      { pipeline, topic, from: 'oldest' },
      { signal: leaving.signal },
    )) {
      found.push(...batch.messages)
      expect(batch.dropped).toBe(0)
      if (batch.seen >= all.size) break
    }
    leaving.abort()
    expect(places(found)).toEqual(places(made.seen))
    expectOrdered(found, 'oldest')
  })

  async function search(input: Partial<SearchInput>): Promise<{ messages: Message[]; last: SearchEvent }> {
    const messages: Message[] = []
    let last: SearchEvent | undefined
    const whole = { pipeline, topic, limit: 10_000, filter: { kind: 'none' as const }, ...input }
    for await (const event of await api.search.run(whole)) {
      messages.push(...event.messages)
      last = event
    }
    if (last === undefined) throw new Error('no event')
    expect(last.problem).toBeNull()
    return { messages, last }
  }

  const country = (each: Seen) => /"country":"(\w+)"/.exec(String(each.value))?.[1]
  const expression = (text: string) => ({ kind: 'expression' as const, text })
  const filters: readonly [SearchInput['filter'], (seen: Seen) => boolean][] = [
    [{ kind: 'none' }, () => true],
    [{ kind: 'text', text: 'albania', caseSensitive: false }, (each) => country(each) === 'Albania'],
    [{ kind: 'text', text: 'ALBANIA', caseSensitive: true }, () => false],
    [{ kind: 'text', text: 'key-1', caseSensitive: true }, (each) => String(each.key).startsWith('key-1')],
    [
      { kind: 'text', text: 'run-', caseSensitive: true },
      (each) => each.headers.some(([, value]) => String(value).startsWith('run-')),
    ],
    [expression('value.country == "Peru"'), (each) => country(each) === 'Peru'],
    [expression('value == null'), (each) => each.value === null],
    [expression('key == null'), (each) => each.key === null],
    [expression('offset % 3 == 1'), (each) => each.offset % 3 === 1],
    [expression('timestamp < 0'), (each) => Number(each.timestamp) < 0],
    [expression('size > 100000'), (each) => (each.key?.length ?? 0) + (each.value?.length ?? 0) > 100_000],
    [expression('headers.many == "two"'), (each) => each.headers.some(([name]) => name === 'many')],
  ]

  it.each(['oldest', 'newest'] as const)('is searched whole, %s first', async (order) => {
    // Each search is a thread of its own: the second order tries only some of the filters.
    const tried = order === 'oldest' ? filters : filters.filter((_, nth) => nth % 4 === 0)
    for (const [filter, wanted] of tried) {
      const { messages, last } = await search({ filter, order })
      expect(places(messages), JSON.stringify(filter)).toEqual(places(made.seen.filter(wanted)))
      expectOrdered(messages, order)
      expect(last).toMatchObject({ done: 'end', scanned: all.size, matched: messages.length })
      expect(last.passed).toBe(last.total)
      for (const message of messages) expectSame(message, all.get(place(message)))
    }
    for (let n = 0; n < 2; n += 1) {
      const times = [pick(all.size), pick(all.size)].map((at) => Number(made.seen[at]?.timestamp))
      const [fromTime = 0, toTime = 0] = times.toSorted((a, b) => a - b)
      if (fromTime < 0) continue
      const { messages } = await search({ order, fromTime, toTime })
      const expected = made.seen.filter(
        ({ timestamp }) => Number(timestamp) >= fromTime && Number(timestamp) < toTime,
      )
      expect(places(messages)).toEqual(places(expected))
    }
    const limit = 1 + pick(20)
    const some = await search({ order, limit, partition: 0 })
    const inFirst = made.seen.filter(({ partition }) => partition === 0)
    expect(places(some.messages)).toEqual(
      places(order === 'oldest' ? inFirst.slice(0, limit) : inFirst.slice(-limit)),
    )
  })

  async function exported(format: 'ndjson' | 'csv', filter: SearchInput['filter']): Promise<string> {
    const { id } = await api.transfer.startExport({ pipeline, topic, format, filter })
    let last: Export | undefined
    for await (const now of await api.transfer.watchExport({ id })) last = now
    expect(last).toMatchObject({ state: 'done', problem: null })
    return readFile(last?.file ?? '', 'utf8')
  }
  /** Bytes of an exported key or value, back from what `format` says it is. */
  const back = (format: string, text: string) =>
    format === 'null' ? null : Buffer.from(text, format === 'base64' ? 'base64' : 'utf8')

  it('is exported so that every byte can be had back', async () => {
    const lines = (await exported('ndjson', { kind: 'none' })).trimEnd().split('\n')
    const read = lines.map((line) => JSON.parse(line))
    expect(places(read)).toEqual(places(made.seen))
    for (const line of read) {
      const seen = all.get(place(line))
      expect(line.timestamp).toBe(Number(seen?.timestamp))
      if (line.valueFormat === 'json') expect(line.value).toEqual(JSON.parse(String(seen?.value)))
      else expect(back(line.valueFormat, line.value)).toEqual(seen?.value)
      expect(back(line.keyFormat, line.key), place(line)).toEqual(seen?.key)
    }
    const rows: Record<string, string>[] = parse(await exported('csv', { kind: 'none' }), { columns: true })
    expect(rows.map((row) => `${row.partition}/${row.offset}`).sort(byPlace)).toEqual(places(made.seen))
    for (const row of rows) {
      const seen = all.get(`${row.partition}/${row.offset}`)
      expect(Number(row.timestamp)).toBe(Number(seen?.timestamp))
      expect(back(row.valueFormat ?? '', row.value ?? '')).toEqual(seen?.value)
      expect(back(row.keyFormat ?? '', row.key ?? '')).toEqual(seen?.key)
    }
    const [filter, wanted] = filters[5] ?? [{ kind: 'none' }, () => true]
    const some = (await exported('ndjson', filter)).trimEnd().split('\n')
    expect(places(some.map((line) => JSON.parse(line)))).toEqual(places(made.seen.filter(wanted)))
  })

  it('is summed up as an independent count does', async () => {
    let last: Analysis | undefined
    for await (const now of await api.analysis.run({ pipeline, topic, filter: { kind: 'none' } })) last = now
    const bytes = (each: Seen) => (each.key?.length ?? 0) + (each.value?.length ?? 0)
    expect(last).toMatchObject({
      done: 'end',
      problem: null,
      messages: all.size,
      bytes: made.seen.reduce((sum, each) => sum + bytes(each), 0),
    })
    expect(last?.values.tombstones).toBe(made.seen.filter(({ value }) => value === null).length)
    expect(last?.keys.without).toBe(made.seen.filter(({ key }) => key === null).length)
    const keys = made.seen.flatMap(({ key }) => (key === null ? [] : [key.toString('hex')]))
    expect(last?.keys).toMatchObject({ distinct: new Set(keys).size, distinctExact: true })
    expect(last?.partitions.filter(({ messages }) => messages > 0)).toEqual(
      [...Map.groupBy(made.seen, ({ partition }) => partition)].map(([partition, theirs]) => ({
        partition,
        messages: theirs.length,
        bytes: theirs.reduce((sum, each) => sum + bytes(each), 0),
      })),
    )
    const albania = last?.fields
      .find(({ name }) => name === 'country')
      ?.top.find(({ value }) => value === 'Albania')
    expect(albania?.count).toBe(made.seen.filter((each) => country(each) === 'Albania').length)
  })

  /** Without its offset. */
  const content = ({ partition, timestamp, key, value, headers }: Seen) => ({
    ...{ partition, headers },
    // Beyond 2^53 the app keeps it rounded.
    timestamp: Number(timestamp),
    key: key?.toString('base64') ?? null,
    value: value?.toString('base64') ?? null,
  })

  it('is cloned and replayed whole: bytes, headers, times and order', async () => {
    const to = `${topic}.copy`
    for await (const _ of await api.topicOps.clone({ pipeline, topic, to, records: true }));
    const copy = await readIndependently(broker.bootstrap, to)
    // A compacted copy is compacted in its turn; what is kept of each key is its newest.
    const newest = (of: readonly Seen[]) => [
      ...new Map(of.map((each) => [`${each.partition} ${each.key?.toString('hex')}`, content(each)])),
    ]
    if (compacted) expect(newest(copy.seen).sort()).toEqual(newest(made.seen).sort())
    else expect(copy.seen.map(content)).toEqual(made.seen.map(content))

    const again = `${topic}.again`
    await kafka.createTopic({
      topic: again,
      partitions: 1,
      config: { 'message.timestamp.after.max.ms': '9223372036854775807' },
    })
    const chosen = Array.from({ length: 25 }, () => made.seen[pick(made.seen.length)] as Seen)
    const named = chosen.map(({ partition, offset }) => ({ partition, offset: String(offset) }))
    expect(await api.transfer.replay({ pipeline, topic, to: again, places: named })).toEqual({ sent: 25 })
    expect((await readIndependently(broker.bootstrap, again)).seen.map(content)).toEqual(
      chosen.map((each) => ({ ...content(each), partition: 0 })),
    )
  })

  it('has the lag, and is reset to the places, that Kafka’s own tool says', async () => {
    const group = `${topic}.group`
    const detail = await api.topics.get({ pipeline, topic })
    const committed = detail.partitionList.map(({ partition, low, high }) => ({
      partition,
      offset: BigInt(low) + BigInt(pick(Number(high) - Number(low) + 1)),
    }))
    await kafka.commit(group, topic, committed)
    const tool = async (...args: string[]) => {
      const all = ['--bootstrap-server', broker.bootstrap, '--group', group, ...args]
      const text = await kafkaTool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', all)
      return text
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter((cells) => cells[0] === group && cells[1] === topic)
    }
    const lag = new Map((await tool('--describe')).map((cells) => [Number(cells[2]), Number(cells[5])]))
    const ours = await api.groups.get({ pipeline, group })
    expect(new Map(ours.partitions.map((each) => [each.partition, each.lag]))).toEqual(lag)

    const tries: [ResetTo, readonly string[]][] = [
      [{ to: 'shift', by: -30 }, ['--shift-by', '-30']],
      [{ to: 'offset', offset: '60' }, ['--to-offset', '60']],
    ]
    const time = Number(made.seen.filter(({ timestamp }) => timestamp.length === 13)[pick(50)]?.timestamp)
    tries.push([{ to: 'time', time }, ['--to-datetime', new Date(time).toISOString()]])
    for (const [to, args] of tries) {
      const rows = await tool('--reset-offsets', '--topic', topic, '--dry-run', ...args)
      const preview = await api.groups.resetPreview({ pipeline, group, to })
      const theirs = new Map(rows.map((cells) => [Number(cells[2]), cells[3]]))
      // A segment whose records are all gone, deleted or compacted away, hides later ones from the broker (see `offsetsAt`),
      // and its own tool believes it: where it would pass over a record of that time, ours must not.
      const passesOver = (partition: number, offset: number) =>
        to.to === 'time' &&
        made.seen.some(
          (each) => each.partition === partition && each.offset < offset && Number(each.timestamp) >= to.time,
        )
      for (const { partition, after } of preview) {
        const told = theirs.get(partition)
        const about = `${JSON.stringify(to)}, partition ${partition}: ${after}, the tool says ${told}`
        if (passesOver(partition, Number(told)))
          expect(passesOver(partition, Number(after)), about).toBe(false)
        else expect(after, about).toBe(told)
      }
      expect(preview.length).toBe(theirs.size)
    }
  })
})
