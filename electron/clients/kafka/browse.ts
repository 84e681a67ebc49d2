/** Pages of a topic's messages over all its partitions, forwards or backwards; each partition's own order is kept. */
import type { KafkaClient, KafkaRecord, PartitionOffsets } from './types.ts'

export interface Place {
  readonly partition: number
  readonly offset: bigint
}

/** What a page keeps of a record; the rest is let go at once, so that a page of large messages stays small. */
export interface Kept {
  readonly partition: number
  readonly offset: bigint
  /** ms since 1970 */
  readonly timestamp: number
}

export interface Page<T extends Kept> {
  readonly records: readonly T[]
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

/** What is read: `log` names the partitions and where they begin and end now. */
export interface Source<T extends Kept> {
  readonly kafka: Pick<KafkaClient, 'read'>
  readonly topic: string
  readonly log: readonly PartitionOffsets[]
  readonly keep: (record: KafkaRecord) => T
  readonly signal: AbortSignal
}

/** Bytes of one fetch: a page is small, and a larger record still comes, alone. */
const fetchBytes = 1024 * 1024
/** Partitions read at the same time. */
const atOnce = 8

/** Reads a range of one partition, at most `most` records. */
async function readRange<T extends Kept>(
  { kafka, topic, keep, signal }: Source<T>,
  range: Range,
  most: number,
): Promise<T[]> {
  const found: T[] = []
  if (range.from >= range.until) return found
  const { partition } = range
  const ending = new AbortController()
  const batches = kafka.read({
    topic,
    from: [{ partition, offset: range.from }],
    until: [{ partition, offset: range.until }],
    signal: AbortSignal.any([signal, ending.signal]),
    maxWaitMs: 200,
    maxBytes: fetchBytes,
  })
  for await (const batch of batches) {
    for (const record of batch.records) {
      if (record.offset < range.until && found.length < most) found.push(keep(record))
    }
    if (found.length >= most || batch.nextOffset >= range.until) break
  }
  ending.abort()
  return found
}

/** The answers in the order of the ranges. */
async function each<A>(ranges: readonly Range[], ask: (range: Range) => Promise<A>): Promise<A[]> {
  const answers: A[] = []
  for (let at = 0; at < ranges.length; at += atOnce) {
    answers.push(...(await Promise.all(ranges.slice(at, at + atOnce).map(ask))))
  }
  return answers
}

/** Takes the best head of the queues again and again; a queue's own order is never changed. */
export function merge<T extends Kept>(
  queues: readonly (readonly T[])[],
  most: number,
  before: (a: T, b: T) => boolean,
): T[] {
  const heads = queues.map(() => 0)
  const merged: T[] = []
  while (merged.length < most) {
    let best: { readonly queue: number; readonly record: T } | null = null
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
export async function pageForward<T extends Kept>(
  source: Source<T>,
  places: readonly Place[],
  limit: number,
): Promise<Page<T>> {
  const ranges = source.log.flatMap(({ partition, low, high }) => {
    const place = places.find((each) => each.partition === partition)
    return place === undefined
      ? []
      : [{ partition, from: place.offset < low ? low : place.offset, until: high }]
  })
  const queues = await each(ranges, (range) => readRange(source, range, limit))
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
async function readBack<T extends Kept>(
  source: Source<T>,
  range: Range,
  limit: number,
): Promise<{ records: T[]; from: bigint }> {
  for (let width = BigInt(limit); ; width *= 4n) {
    const start = range.until - width
    const from = start > range.from ? start : range.from
    const records = (await readRange(source, { ...range, from }, Number.POSITIVE_INFINITY)).toReversed()
    if (records.length >= limit || from === range.from || width > BigInt(limit) * widest)
      return { records, from }
  }
}

/** Backwards from before the given places, newest first. */
export async function pageBackward<T extends Kept>(
  source: Source<T>,
  places: readonly Place[],
  limit: number,
): Promise<Page<T>> {
  const ranges = source.log.flatMap(({ partition, low, high }) => {
    const place = places.find((each) => each.partition === partition)
    return place === undefined
      ? []
      : [{ partition, from: low, until: place.offset > high ? high : place.offset }]
  })
  const looked = await each(ranges, (range) => readBack(source, range, limit))
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
