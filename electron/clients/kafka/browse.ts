/** Pages of a topic's messages over all its partitions, forwards or backwards; each partition's own order is kept. */
import type { KafkaClient, KafkaRecord, PartitionOffsets } from './types.ts'

export interface Place {
  readonly partition: number
  readonly offset: bigint
}

export interface Page {
  readonly records: readonly KafkaRecord[]
  /** Forwards: the next offset to read; backwards: the offset before which to go on. By partition. */
  readonly next: readonly Place[]
  /** Nothing is left in that direction. */
  readonly end: boolean
}

interface Range {
  readonly partition: number
  readonly from: bigint
  /** Exclusive. */
  readonly until: bigint
}

type Reader = Pick<KafkaClient, 'read'>

/** Reads a range of one partition, at most `most` records. */
async function readRange(
  kafka: Reader,
  topic: string,
  range: Range,
  most: number,
  signal: AbortSignal,
): Promise<KafkaRecord[]> {
  const found: KafkaRecord[] = []
  if (range.from >= range.until) return found
  const { partition } = range
  const ending = new AbortController()
  const batches = kafka.read({
    topic,
    from: [{ partition, offset: range.from }],
    until: [{ partition, offset: range.until }],
    signal: AbortSignal.any([signal, ending.signal]),
    maxWaitMs: 200,
  })
  for await (const batch of batches) {
    for (const record of batch.records) {
      if (record.offset < range.until && found.length < most) found.push(record)
    }
    if (found.length >= most || batch.nextOffset >= range.until) break
  }
  ending.abort()
  return found
}

/** Takes the best head of the queues again and again; a queue's own order is never changed. */
function merge(
  queues: readonly (readonly KafkaRecord[])[],
  most: number,
  before: (a: KafkaRecord, b: KafkaRecord) => boolean,
): KafkaRecord[] {
  const heads = queues.map(() => 0)
  const merged: KafkaRecord[] = []
  while (merged.length < most) {
    let best: { readonly queue: number; readonly record: KafkaRecord } | null = null
    for (const [queue, records] of queues.entries()) {
      const record = records[heads[queue] ?? 0]
      if (record !== undefined && (best === null || before(record, best.record))) best = { queue, record }
    }
    if (best === null) break
    heads[best.queue] = (heads[best.queue] ?? 0) + 1
    merged.push(best.record)
  }
  return merged
}

/** Onwards from the given places to where the log ends now. */
export async function pageForward(
  kafka: Reader,
  topic: string,
  places: readonly Place[],
  log: readonly PartitionOffsets[],
  limit: number,
  signal: AbortSignal,
): Promise<Page> {
  const ranges = log.flatMap(({ partition, low, high }) => {
    const place = places.find((each) => each.partition === partition)
    return place === undefined
      ? []
      : [{ partition, from: place.offset < low ? low : place.offset, until: high }]
  })
  const queues = await Promise.all(ranges.map((range) => readRange(kafka, topic, range, limit, signal)))
  const records = merge(queues, limit, (a, b) => a.timestamp < b.timestamp)
  const next = ranges.map(({ partition, from, until }, nth) => {
    const taken = records.filter((record) => record.partition === partition)
    const last = taken.at(-1)
    // Read to its end and all taken: what is left are gaps.
    const all = (queues[nth]?.length ?? 0) < limit && taken.length === queues[nth]?.length
    return { partition, offset: all ? until : last === undefined ? from : last.offset + 1n }
  })
  const end = next.every(({ offset }, nth) => offset >= (ranges[nth]?.until ?? 0n))
  return { records, next, end }
}

/** How far one step back may go where gaps (compaction, transactions) leave a window nearly empty: this many windows. */
const widest = 4_096n

/** The newest records before a place of one partition, newest first, and how far back was looked. */
async function readBack(
  kafka: Reader,
  topic: string,
  range: Range,
  limit: number,
  signal: AbortSignal,
): Promise<{ records: KafkaRecord[]; from: bigint }> {
  for (let width = BigInt(limit); ; width *= 4n) {
    const start = range.until - width
    const from = start > range.from ? start : range.from
    const records = (
      await readRange(kafka, topic, { ...range, from }, Number.POSITIVE_INFINITY, signal)
    ).toReversed()
    if (records.length >= limit || from === range.from || width > BigInt(limit) * widest)
      return { records, from }
  }
}

/** Backwards from before the given places, newest first. */
export async function pageBackward(
  kafka: Reader,
  topic: string,
  places: readonly Place[],
  log: readonly PartitionOffsets[],
  limit: number,
  signal: AbortSignal,
): Promise<Page> {
  const ranges = log.flatMap(({ partition, low, high }) => {
    const place = places.find((each) => each.partition === partition)
    return place === undefined
      ? []
      : [{ partition, from: low, until: place.offset > high ? high : place.offset }]
  })
  const looked = await Promise.all(ranges.map((range) => readBack(kafka, topic, range, limit, signal)))
  const queues = looked.map(({ records }) => records)
  const records = merge(queues, limit, (a, b) => a.timestamp > b.timestamp)
  const next = ranges.map(({ partition, until }, nth) => {
    const taken = records.filter((record) => record.partition === partition)
    const last = taken.at(-1)
    const all = taken.length === queues[nth]?.length
    return {
      partition,
      offset: all ? (looked[nth]?.from ?? until) : last === undefined ? until : last.offset,
    }
  })
  const end = next.every(({ offset }, nth) => offset <= (ranges[nth]?.from ?? 0n))
  return { records, next, end }
}
