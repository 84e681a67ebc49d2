/** Searches on a real broker, compared with Kafka's own console consumer; hostile filters cost only their own search. */
import { dirname } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { OutRecord } from '../../electron/clients/kafka/types.ts'
import type { KafkaWorkbench } from '../../electron/clients/kafka/workbench.ts'
import { filtersFile, type NamedItems, openNamedItems } from '../../electron/features/namedItems.ts'
import { analysisFeature, searchFeature } from '../../electron/features/search.ts'
import { search as searchIn } from '../../electron/search/search.ts'
import type { Analysis } from '../../shared/contract/analysis.ts'
import {
  type SavedFilter,
  type SearchEvent,
  type SearchInput,
  savedFilterSchema,
} from '../../shared/contract/search.ts'
import type { Message } from '../../shared/contract/topics.ts'
import { mergedHistograms } from '../../shared/histogram.ts'
import { brokerMissing, keepOldRecords, startBroker, straightTo, type TestBroker } from '../helpers/broker.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { kafkaTool } from '../helpers/kafkaTools.ts'

const missing = await brokerMissing()
if (missing && process.env.CI === 'true') throw new Error(missing)

const topic = 'learner.geo'
const start = 1_700_000_000_000
const countries = ['Albania', 'Aruba', 'Chad', 'Peru', 'Togo']
let broker: TestBroker
let kafka: KafkaWorkbench
let built: Awaited<ReturnType<typeof buildEntry>>
let api: ReturnType<typeof feature>
let saved: NamedItems<SavedFilter>
let home: TestHome
let lines: Line[]

const feature = () => {
  const router = searchFeature({
    folders: { entries: dirname(built.file) },
    kafkaWay: straightTo(broker.bootstrap),
    saved,
  })
  return createRouterClient({ search: router }).search
}

const analyse = () => {
  const folders = { entries: dirname(built.file) }
  const router = analysisFeature({
    folders,
    kafkaWay: straightTo(broker.bootstrap),
    activity: { add: () => {} },
  })
  return createRouterClient({ analysis: router }).analysis
}

/** Partition 3 stays empty; some have no key, some are tombstones, some bytes; the clock stands still and goes back. */
function records(): OutRecord[] {
  return Array.from({ length: 6_000 }, (_, n) => {
    const value = JSON.stringify({ n, country: countries[n % 5], note: n % 7 === 0 ? 'Ünïque' : 'plain' })
    return {
      partition: n % 3,
      key: n % 4 === 0 ? null : Buffer.from(`key-${n % 100}`),
      value: n % 50 === 49 ? null : n % 50 === 48 ? Buffer.from([0xff, 0xfe, n % 256]) : Buffer.from(value),
      timestamp: start + Math.floor(n / 10) * 1_000 - (n % 1_000 === 999 ? 3_600_000 : 0),
      headers: n % 10 === 0 ? [{ name: 'source', value: Buffer.from(`run-${n}`) }] : [],
    }
  })
}

interface Line {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly text: string
}

/** Everything in the topic, as Kafka's own tool prints it. */
async function byTool(): Promise<Line[]> {
  const properties = ['print.partition', 'print.offset', 'print.timestamp', 'print.headers', 'print.key']
  const text = await kafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
    '--bootstrap-server',
    broker.bootstrap,
    '--topic',
    topic,
    '--from-beginning',
    // It ends with the last of them; a busy computer may take long before the first.
    '--max-messages',
    '6000',
    '--timeout-ms',
    '60000',
    ...properties.flatMap((property) => ['--formatter-property', `${property}=true`]),
  ])
  return text
    .split('\n')
    .filter((line) => line.includes('Partition:'))
    .map((line) => ({
      partition: Number(/Partition:(\d+)/.exec(line)?.[1]),
      offset: Number(/Offset:(\d+)/.exec(line)?.[1]),
      timestamp: Number(/CreateTime:(-?\d+)/.exec(line)?.[1]),
      text: line.replace(/Partition:\d+|Offset:\d+|CreateTime:-?\d+/g, ''),
    }))
}

const place = ({ partition, offset }: { partition: number; offset: number | string }) =>
  `${partition}/${offset}`
const places = (of: readonly { partition: number; offset: number | string }[]) => of.map(place).sort()

async function search(
  input: Omit<Partial<SearchInput>, 'filter'> & Pick<SearchInput, 'filter'>,
): Promise<{ messages: Message[]; last: SearchEvent }> {
  const messages: Message[] = []
  let last: SearchEvent | undefined
  for await (const event of await api.run({ pipeline: 'this-computer', topic, limit: 10_000, ...input })) {
    messages.push(...event.messages)
    last = event
  }
  if (last === undefined) throw new Error('no event')
  return { messages, last }
}

type Wanted = Parameters<typeof search>[0]

/** The same without a thread, so that many can follow each other quickly. */
async function direct(input: Wanted): Promise<{ messages: Message[]; last: SearchEvent }> {
  const messages: Message[] = []
  let last: SearchEvent | undefined
  const whole = { topic, limit: 10_000, order: 'newest', timeLimitMs: 60_000, ...input } as const
  for await (const event of searchIn(kafka, whole, new AbortController().signal)) {
    messages.push(...event.messages)
    last = event
  }
  if (last === undefined) throw new Error('no event')
  return { messages, last }
}

/** The same search piece by piece, each going on where the one before stood, with the numbers of all of them. */
async function piecewise(input: Wanted, piece: Partial<Wanted>, total = 6_000) {
  const messages: Message[] = []
  const sum = { scanned: 0, bytes: 0, passed: 0, misfits: 0 }
  let histogram: SearchEvent['histogram'] = null
  let places: SearchInput['places']
  for (let pieces = 1; pieces < 1_000; pieces += 1) {
    const { messages: found, last } = await direct({ ...input, ...piece, places })
    messages.push(...found)
    for (const key of ['scanned', 'bytes', 'passed', 'misfits'] as const) sum[key] += last[key]
    histogram = mergedHistograms(histogram, last.histogram)
    expect(sum.passed + last.total - last.passed).toBe(total)
    places = last.places
    if (last.done === 'end') return { messages, sum, histogram, pieces }
    expect(last.done).toMatch(/^(limit|time)$/)
  }
  throw new Error('it never ends')
}

describe.skipIf(missing !== null)('a search', () => {
  beforeAll(async () => {
    ;[broker, built] = await Promise.all([startBroker(keepOldRecords), buildEntry('searchWorker')])
    kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'test' })
    home = await testHome()
    saved = await openNamedItems(filtersFile(home.home), savedFilterSchema)
    api = feature()
    await kafka.createTopic({ topic, partitions: 4 })
    const producer = await kafka.producer({ acks: 'all', compression: 'zstd', idempotent: true })
    const all = records()
    for (let at = 0; at < all.length; at += 500) await producer.send(topic, all.slice(at, at + 500))
    await producer.close()
    lines = await byTool()
    expect(lines).toHaveLength(6_000)
  })
  afterAll(async () => {
    await kafka?.close()
    await broker?.stop()
    await built?.remove()
    await home?.remove()
  })

  it.each(['oldest', 'newest'] as const)('finds what another reader finds, %s first', async (order) => {
    const cases: readonly [SearchInput['filter'], (line: Line) => boolean][] = [
      [{ kind: 'text', text: 'albania', caseSensitive: false }, ({ text }) => text.includes('Albania')],
      [{ kind: 'text', text: 'albania', caseSensitive: true }, () => false],
      [{ kind: 'text', text: 'ünïque', caseSensitive: false }, ({ text }) => text.includes('Ünïque')],
      [{ kind: 'text', text: 'run-2', caseSensitive: true }, ({ text }) => text.includes('run-2')],
      [{ kind: 'expression', text: 'value.country == "Peru"' }, ({ text }) => text.includes('"Peru"')],
      [
        { kind: 'expression', text: 'key == null && partition == 2' },
        (line) => line.partition === 2 && /null\t/.test(line.text.trimStart()),
      ],
      [{ kind: 'expression', text: 'offset % 100 == 7' }, ({ offset }) => offset % 100 === 7],
      [{ kind: 'none' }, () => true],
    ]
    for (const [filter, wanted] of cases) {
      const { messages, last } = await search({ filter, order })
      const expected = lines.filter(wanted)
      if (filter.kind !== 'expression' || !filter.text.startsWith('key'))
        expect(places(messages), JSON.stringify(filter)).toEqual(places(expected))
      expect(last).toMatchObject({
        done: 'end',
        scanned: 6_000,
        matched: messages.length,
        total: 6_000,
        passed: 6_000,
      })
      expect(last.histogram?.scanned.reduce((a, b) => a + b)).toBe(6_000)
      expect(last.histogram?.matched.reduce((a, b) => a + b, 0)).toBe(messages.length)
    }
  })

  it('keeps each partition in its own order, from either end', async () => {
    for (const order of ['oldest', 'newest'] as const) {
      const { messages } = await search({ filter: { kind: 'none' }, order })
      for (const partition of [0, 1, 2]) {
        const offsets = messages
          .filter((each) => each.partition === partition)
          .map(({ offset }) => Number(offset))
        expect(offsets).toEqual(offsets.toSorted((a, b) => (order === 'oldest' ? a - b : b - a)))
      }
    }
  })

  it('looks only where it is told to: partition, offset, time, though the clock went back', async () => {
    const filter = { kind: 'none' } as const
    const one = await search({ filter, partition: 1 })
    expect(places(one.messages)).toEqual(places(lines.filter(({ partition }) => partition === 1)))
    const since = await search({ filter, fromOffset: '1990' })
    expect(places(since.messages)).toEqual(places(lines.filter(({ offset }) => offset >= 1_990)))
    for (const [from, to] of [
      [start + 100_000, start + 200_000],
      [start - 3_600_000, start],
      [start + 10 ** 9, start + 10 ** 10],
    ] as const) {
      const { messages } = await search({ filter, fromTime: from, toTime: to })
      const expected = lines.filter(({ timestamp }) => timestamp >= from && timestamp < to)
      expect(places(messages)).toEqual(places(expected))
    }
    await expect(search({ filter, partition: 9 })).rejects.toMatchObject({
      data: { code: 'PARTITION_UNKNOWN' },
    })
  })

  it('ends at its limit with the first ones, and at its time with what it has', async () => {
    const newest = await search({ filter: { kind: 'text', text: 'Chad', caseSensitive: true }, limit: 5 })
    expect(newest.last).toMatchObject({ done: 'limit', matched: 5 })
    const all = lines.filter(({ text }) => text.includes('Chad')).sort((a, b) => b.timestamp - a.timestamp)
    expect(newest.messages.map(({ timestamp }) => timestamp)).toEqual(
      all.slice(0, 5).map(({ timestamp }) => timestamp),
    )
    const slow = `value.n >= 0 && ${Array.from({ length: 60 }, () => 'text.split("").map(c => c.toLowerCase()).join("") != ""').join(' && ')}`
    const late = await search({
      filter: { kind: 'expression', text: slow },
      timeLimitMs: 150,
      order: 'oldest',
    })
    expect(late.last.done).toBe('time')
    expect(late.last.scanned).toBeLessThan(6_000)
    expect(late.last.passed).toBe(late.last.places.reduce((sum, { offset }) => sum + Number(offset), 0))
  })

  it.each(['oldest', 'newest'] as const)(
    'goes on where it stood, %s first: the pieces are the whole, nothing twice, and counted once',
    async (order) => {
      const cases: readonly [Wanted, Partial<Wanted>][] = [
        [{ filter: { kind: 'none' } }, { limit: 700 }],
        [{ filter: { kind: 'text', text: 'chad', caseSensitive: false } }, { limit: 90 }],
        [{ filter: { kind: 'text', text: 'run-', caseSensitive: true } }, { limit: 1_000 }],
        [
          { filter: { kind: 'expression', text: 'value.n.startsWith("1") || offset % 9 == 4' } },
          { limit: 50 },
        ],
        [{ filter: { kind: 'expression', text: 'partition == 2' } }, { limit: 999 }],
        [{ filter: { kind: 'none' }, fromTime: start + 100_000, toTime: start + 400_000 }, { limit: 400 }],
      ]
      for (const [wanted, piece] of cases) {
        const words = JSON.stringify([wanted, piece])
        const whole = await direct({ ...wanted, order })
        const { messages, sum, histogram } = await piecewise({ ...wanted, order }, piece, whole.last.total)
        expect(messages.length, words).toBe(whole.messages.length)
        expect(places(messages), words).toEqual(places(whole.messages))
        for (const partition of [0, 1, 2]) {
          const inOrder = (of: readonly Message[]) =>
            of.filter((each) => each.partition === partition).map(place)
          expect(inOrder(messages), words).toEqual(inOrder(whole.messages))
        }
        if (wanted.fromTime === undefined) {
          const { scanned, bytes, passed, misfits } = whole.last
          expect(sum, words).toEqual({ scanned, bytes, passed, misfits })
        }
        const counts = (of: SearchEvent['histogram']) =>
          [of?.scanned, of?.matched].map((counted) => counted?.reduce((a, b) => a + b))
        expect(counts(histogram), words).toEqual(counts(whole.last.histogram))
      }
    },
  )

  it.each(['oldest', 'newest'] as const)('goes on after its time was up, %s first', async (order) => {
    const slow = Array.from({ length: 30 }, () => 'text.split("").map(c => c.toLowerCase()).join("") != "~"')
    const filter = { kind: 'expression', text: `offset % 3 == 0 && ${slow.join(' && ')}` } as const
    const whole = await direct({ filter, order, timeLimitMs: 600_000 })
    // Longer each time, since going backwards a step that was not finished is done again.
    let timeLimitMs = 20
    const { messages, sum, pieces } = await piecewise(
      { filter, order },
      {
        get timeLimitMs() {
          timeLimitMs *= 2
          return timeLimitMs
        },
      },
    )
    expect(pieces).toBeGreaterThan(1)
    expect(places(messages)).toEqual(places(whole.messages))
    const { scanned, bytes, passed, misfits } = whole.last
    expect(sum).toEqual({ scanned, bytes, passed, misfits })
  })

  it('goes on after it was stopped, with what its reader had seen', async () => {
    const filter = {
      kind: 'expression',
      text: 'text.split("").every(c => c != "~") && value.n >= 0',
    } as const
    const whole = await direct({ filter, order: 'oldest' })
    const leaving = new AbortController()
    const seen: Message[] = []
    let last: SearchEvent | undefined
    const input = { topic, limit: 10_000, timeLimitMs: 60_000, order: 'oldest', filter } as const
    for await (const event of searchIn(kafka, input, leaving.signal)) {
      seen.push(...event.messages)
      last = event
      leaving.abort()
    }
    const rest = await direct({ filter, order: 'oldest', places: last?.places })
    expect(places([...seen, ...rest.messages])).toEqual(places(whole.messages))
    expect((last?.scanned ?? 0) + rest.last.scanned).toBe(6_000)
  })

  it('counts what its expression does not fit, and goes on', async () => {
    const { last } = await search({ filter: { kind: 'expression', text: 'value.n.startsWith("1")' } })
    expect(last.misfits).toBe(6_000 - 120 - 120)
    expect(last.misfit).toBe('startsWith is not for a number')
    expect(last.done).toBe('end')
  })

  it('refuses a filter that is none before anything is read', async () => {
    for (const call of [
      () => search({ filter: { kind: 'expression', text: 'value.' } }),
      () => api.check({ filter: { kind: 'expression', text: 'process.exit()' } }),
    ])
      await expect(call()).rejects.toMatchObject({ data: { code: 'FILTER_INVALID', field: 'filter' } })
    expect(await api.check({ filter: { kind: 'expression', text: 'value.a == 1' } })).toEqual({ ok: true })
  })

  it('sums a topic up as an independent count does', async () => {
    let last: Analysis | undefined
    for await (const now of await analyse().run({
      pipeline: 'this-computer',
      topic,
      filter: { kind: 'none' },
    }))
      last = now
    const all = records()
    const sum = (of: (record: OutRecord) => number) => all.reduce((total, record) => total + of(record), 0)
    const json = all.filter(({ value }) => value?.toString().startsWith('{'))
    expect(last).toMatchObject({
      done: 'end',
      scanned: 6_000,
      messages: 6_000,
      bytes: sum(({ key, value }) => (key?.length ?? 0) + (value?.length ?? 0)),
      values: { json: json.length, text: 0, binary: 120, tombstones: 120 },
      headers: [{ value: 'source', count: 600 }],
      fieldsLeftOut: 0,
    })
    expect(last?.keys).toMatchObject({ without: 1_500, distinct: 75, distinctExact: true, topError: 0 })
    expect(last?.keys.top[0]?.count).toBe(60)
    expect(last?.partitions.map(({ messages }) => messages)).toEqual([2_000, 2_000, 2_000])
    expect(last?.valueSizes.max).toBe(Math.max(...all.map(({ value }) => value?.length ?? 0)))
    expect(last?.valueSizes.mean).toBeCloseTo(sum(({ value }) => value?.length ?? 0) / 5_880, 6)
    const fields = new Map(last?.fields.map((field) => [field.name, field]))
    expect([...fields.keys()].sort()).toEqual(['country', 'n', 'note'])
    expect(fields.get('n')).toMatchObject({
      present: json.length,
      types: [{ type: 'number', count: json.length }],
      min: 0,
      max: 5_997,
    })
    const countries = new Map<string, number>()
    for (const { value } of json) {
      const { country } = JSON.parse(String(value))
      countries.set(country, (countries.get(country) ?? 0) + 1)
    }
    expect(new Map(fields.get('country')?.top.map(({ value, count }) => [value, count]))).toEqual(countries)
    expect(last?.histogram?.scanned.reduce((a, b) => a + b)).toBe(6_000)
  })

  it('sums up the newest part only where it is told to, and only what matches', async () => {
    let last: Analysis | undefined
    const filter = { kind: 'expression', text: 'value.country == "Chad"' } as const
    for await (const now of await analyse().run({ pipeline: 'this-computer', topic, filter, most: 400 }))
      last = now
    expect(last).toMatchObject({ scanned: 300, total: 300, done: 'end' })
    const newest = lines.filter(({ offset, text }) => offset >= 1_900 && text.includes('"Chad"'))
    expect(last?.messages).toBe(newest.length)
    expect(last?.fields.find(({ name }) => name === 'country')?.distinct).toBe(1)
  })

  it('keeps filters by name, and takes none that cannot be read', async () => {
    const peru = { name: 'peru', filter: { kind: 'expression', text: 'value.country == "Peru"' } } as const
    const chad = { name: 'chad', filter: { kind: 'text', text: 'Chad', caseSensitive: true } } as const
    await api.save(peru)
    expect(await api.save(chad)).toEqual([chad, peru])
    await expect(api.save({ ...peru, filter: { kind: 'expression', text: 'value =' } })).rejects.toThrow()
    expect((await openNamedItems(filtersFile(home.home), savedFilterSchema)).list()).toEqual([chad, peru])
    expect(await api.forget({ name: 'chad' })).toEqual([peru])
  })

  it('with a filter that never ends costs only itself', async () => {
    const bomb = {
      kind: 'expression',
      text: '/^(a+)+$/.test(text.split("").map(c => "a").join("") + "!")',
    } as const
    const began = Date.now()
    const hanging = search({ filter: bomb })
    // Meanwhile another search is as quick as ever.
    const other = await search({ filter: { kind: 'text', text: 'Togo', caseSensitive: true } })
    expect(other.messages.length).toBeGreaterThan(1_000)
    await expect(hanging).rejects.toMatchObject({ data: { code: 'FILTER_HANGS' } })
    expect(Date.now() - began).toBeLessThan(30_000)
  })

  it('is gone with its reader, and leaves no consumer group behind', async () => {
    const leaving = new AbortController()
    const slow = {
      kind: 'expression',
      text: 'text.split("").every(c => c != "~") && value.never == "x1"',
    } as const
    const stream = await api.run(
      { pipeline: 'this-computer', topic, filter: slow },
      { signal: leaving.signal },
    )
    const reading = (async () => {
      for await (const _ of stream);
    })()
    leaving.abort()
    await reading
    expect((await kafka.groups()).filter(({ id }) => !id.startsWith('console-consumer'))).toEqual([])
  })
})
