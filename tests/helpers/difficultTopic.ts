/** Topics full of what is difficult about topics, written by kafkajs and read by Kafka's own consumer: the app reads with neither. */
import { join } from 'node:path'
import { type IHeaders, Kafka, logLevel, type Message } from 'kafkajs'
import { kafkaTool } from './kafkaTools.ts'

/** A record as the independent reader sees it. */
export interface Seen {
  readonly partition: number
  readonly offset: number
  /** ms since 1970, as text: it may lie beyond a double. */
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** As pairs, one for each value of a name. */
  readonly headers: readonly (readonly [string, Buffer | null])[]
}

export interface DifficultTopic {
  readonly topic: string
  readonly partitions: number
  /** Everything that is there, by partition and offset. */
  readonly seen: readonly Seen[]
}

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const start = 1_700_000_000_000
/** Each is looked for by somebody. */
export const countries = ['Albania', 'Aruba', 'Chad', 'Peru', 'Togo'] as const

const client = (bootstrap: string) =>
  new Kafka({
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    // A transaction that begins before the last one is quite over is refused for a moment.
    retry: { initialRetryTime: 20, retries: 20, maxRetryTime: 500 },
  })

type Pick = (below: number) => number

/** JSON, text that CSV must quote, bytes that are no text, nothing, empty, and now and then half a megabyte. */
function bodyOf(pick: Pick, n: number): Buffer | null {
  switch (pick(12)) {
    case 0:
      return null
    case 1:
      return Buffer.alloc(0)
    case 2:
      return Buffer.from([0xff, 0xfe, n % 256, pick(256)])
    case 3:
      return Buffer.from(`plain, "quoted" ${n}\r\nnext\rline`)
    case 4:
      return Buffer.from(`\ufeff{"n":${n}}`)
    case 5:
      return pick(6) === 0 ? large(pick, n) : Buffer.from('=1+1')
    case 6:
      return Buffer.from(['NaN', 'true', '"text"', '[1,2]', '123456789012345678901234567890'][pick(5)] ?? '')
    default:
      return Buffer.from(
        `{"n":${n},\r\n "country":"${countries[pick(countries.length)]}","big":123456789012345678901234567890,"deep":{"x":null}}`,
      )
  }
}

/** No codec makes this small: 0.4 MB of text. */
function large(pick: Pick, n: number): Buffer {
  const noise = Array.from({ length: 60_000 }, () => pick(2 ** 24).toString(36))
  return Buffer.from(JSON.stringify({ n, text: noise.join('ü') }))
}

function keyOf(pick: Pick, keyed: boolean): Buffer | null {
  if (keyed) return Buffer.from(`key-${pick(40)}`)
  return [null, Buffer.alloc(0), Buffer.from([0xc3, 0x28]), Buffer.from(`key-${pick(40)}`)][pick(4)] ?? null
}

/** Time stands still, goes on, goes back by an hour, is missing, or was given in nanoseconds. */
function timeOf(pick: Pick, n: number): string {
  switch (pick(20)) {
    case 0:
      return String(start + n * 100 - 3_600_000)
    case 1:
      return '-1'
    case 2:
      return `${start + n * 100}000000`
    default:
      return String(start + Math.floor(n / 10) * 1_000)
  }
}

function headersOf(pick: Pick, n: number): IHeaders {
  switch (pick(6)) {
    case 0:
      return { source: `run-${n}`, '': 'no name' }
    case 1:
      return { many: ['one', 'two'], bytes: Buffer.from([0xff, 0]) }
    default:
      return {}
  }
}

function messages(pick: Pick, partition: number, from: number, count: number, keyed: boolean) {
  return Array.from({ length: count }, (_, at) => ({
    partition,
    key: keyOf(pick, keyed),
    value: bodyOf(pick, from + at),
    timestamp: timeOf(pick, from + at),
    headers: headersOf(pick, from + at),
  }))
}

/** One large one in each: the broker would not take more as one batch. */
function pieces(all: readonly Message[]): Message[][] {
  const ends = all.flatMap(({ value }, at) => ((value?.length ?? 0) > 100_000 ? [at + 1] : []))
  return [...ends, all.length]
    .map((end, nth) => all.slice(ends[nth - 1] ?? 0, end))
    .filter((piece) => piece.length > 0)
}

/**
 * Partition 0: batches of every size; 1: nothing; 2: transactions, committed and aborted, one after the other; 3: its
 * beginning deleted; 4: one record. `compacted` makes every record keyed and waits until the cleaner has left gaps.
 */
export async function difficultTopic(
  bootstrap: string,
  { topic, seed, compacted }: { readonly topic: string; readonly seed: number; readonly compacted: boolean },
): Promise<DifficultTopic> {
  const pick = seeded(seed)
  const kafka = client(bootstrap)
  const admin = kafka.admin()
  await admin.connect()
  const settings = {
    'message.timestamp.before.max.ms': '9223372036854775807',
    'message.timestamp.after.max.ms': '9223372036854775807',
    'retention.ms': '-1',
    ...(compacted
      ? {
          'cleanup.policy': 'compact',
          'segment.bytes': '1048576',
          'segment.ms': '100',
          'min.cleanable.dirty.ratio': '0.001',
          'max.compaction.lag.ms': '200',
        }
      : {}),
  }
  const partitions = 5
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      {
        topic,
        numPartitions: partitions,
        configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
      },
    ],
  })
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  let n = 0
  const write = async (partition: number, count: number) => {
    const all = messages(pick, partition, n, count, compacted)
    for (const some of pieces(all)) await producer.send({ topic, messages: some })
    n += count
  }
  for (let left = 300 + pick(200); left > 0; ) {
    const count = Math.min(left, 1 + pick(60))
    await write(0, count)
    left -= count
  }
  for (let batch = 0; batch < 4; batch += 1) await write(3, 40 + pick(60))
  await write(4, 1)
  await transactions(kafka, topic, pick, compacted, () => n++)
  if (compacted) await untilCompacted(bootstrap, topic, write)
  else {
    // Without a look at its offsets kafkajs does not know the topic's leaders.
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 3, offset: String(20 + pick(30)) }] })
  }
  await producer.disconnect()
  const { seen } = await readIndependently(bootstrap, topic)
  await admin.disconnect()
  return { topic, partitions, seen }
}

/** Each ends with a marker in the log that is no record; the last one is aborted, so that the log ends with a gap. */
async function transactions(kafka: Kafka, topic: string, pick: Pick, keyed: boolean, next: () => number) {
  const producer = kafka.producer({
    transactionalId: `${topic}-writer`,
    idempotent: true,
    maxInFlightRequests: 1,
  })
  await producer.connect()
  const count = 12 + pick(6)
  for (let nth = 0; nth < count; nth += 1) {
    const transaction = await producer.transaction()
    const some = 1 + pick(12)
    for (const piece of pieces(messages(pick, 2, next(), some, keyed)))
      await transaction.send({ topic, messages: piece })
    if (nth === count - 1 || pick(3) === 0) await transaction.abort()
    else await transaction.commit()
  }
  await producer.disconnect()
}

/** Only closed segments are compacted, and a segment closes with a later write. */
async function untilCompacted(
  bootstrap: string,
  topic: string,
  write: (partition: number, count: number) => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + 60_000
  for (;;) {
    for (const partition of [0, 2, 3]) await write(partition, 2)
    const { seen, ends } = await readIndependently(bootstrap, topic)
    const gaps = (ends.get(0) ?? 0) - seen.filter(({ partition }) => partition === 0).length
    if (gaps > 100) return
    if (Date.now() > deadline) throw new Error(`${topic} was not compacted`)
  }
}

/** Everything in a topic, also of aborted transactions, as Kafka's own consumer reads it; with the end of each partition. */
export async function readIndependently(
  bootstrap: string,
  topic: string,
): Promise<{ readonly seen: Seen[]; readonly ends: ReadonlyMap<number, number> }> {
  const text = await kafkaTool(join(import.meta.dirname, 'Reader.java'), [bootstrap, topic])
  const lines = text.split('\n').map((line) => line.split(' '))
  const ends = new Map(
    lines.filter(([what]) => what === 'end').map(([, partition, end]) => [Number(partition), Number(end)]),
  )
  const seen = lines
    .filter(([what]) => what === 'record')
    .map(([, partition, offset, timestamp = '', key, value, ...headers]) => ({
      partition: Number(partition),
      offset: Number(offset),
      timestamp,
      key: bytesOf(key),
      value: bytesOf(value),
      headers: Array.from({ length: headers.length / 2 }, (_, nth) => {
        return [String(bytesOf(headers[2 * nth])), bytesOf(headers[2 * nth + 1])] as const
      }),
    }))
    .sort((a, b) => a.partition - b.partition || a.offset - b.offset)
  return { seen, ends }
}

const bytesOf = (text = '-') => (text === '-' ? null : Buffer.from(text.slice(1), 'base64'))
