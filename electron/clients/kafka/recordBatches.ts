/** Record batches as a fetch brings them: counted by their heads alone, decoded when their records are looked at. */
import { readRecords, unpack } from './records.ts'
import type { KafkaRecord, ReadBatch } from './types.ts'
import { unreadable } from './unreadable.ts'

/** Places within a batch's head (Kafka's record batch format, version 2). */
const head = {
  length: 8,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTime: 27,
  maxTime: 35,
  count: 57,
  bytes: 61,
} as const
/** The length counts from behind itself. */
const beforeLength = 12

const controlBatch = 1 << 5
const logAppendTime = 1 << 3

/** Bytes of neighbouring batches that are handed out together: their records die before the next are made. */
const chunkBytes = 256 * 1_024

/** What was asked for of a partition. */
export interface Wanted {
  readonly partition: number
  /** Batches may begin before it. */
  readonly from: bigint
  /** And end after it; null asks for all. */
  readonly until: bigint | null
}

interface Span {
  readonly begin: number
  readonly end: number
  readonly first: bigint
  /** Behind the last offset, whether or not a record stands there. */
  readonly next: bigint
  readonly count: number
  readonly control: boolean
}

/** Whole batches only; what is cut off at the end is asked for again by the next fetch. */
function* spansOf(bytes: Buffer): Generator<Span> {
  for (let begin = 0; bytes.length - begin >= head.bytes; ) {
    const end = begin + beforeLength + bytes.readInt32BE(begin + head.length)
    if (end > bytes.length) return
    const first = bytes.readBigInt64BE(begin)
    yield {
      begin,
      end,
      first,
      next: first + BigInt(bytes.readInt32BE(begin + head.lastOffsetDelta)) + 1n,
      count: bytes.readInt32BE(begin + head.count),
      control: (bytes.readInt16BE(begin + head.attributes) & controlBatch) !== 0,
    }
    begin = end
  }
}

/** In their order; empty where nothing came that lies behind `from`. */
export function batchesOf(bytes: Buffer, wanted: Wanted, high: bigint): ReadBatch[] {
  const batches: ReadBatch[] = []
  let spans: Span[] = []
  let size = 0
  const close = () => {
    const last = spans.at(-1)
    if (last !== undefined && last.next > wanted.from) batches.push(batch(bytes, spans, wanted, high))
    spans = []
    size = 0
  }
  for (const span of spansOf(bytes)) {
    spans.push(span)
    size += span.end - span.begin
    if (size >= chunkBytes) close()
  }
  close()
  return batches
}

function batch(bytes: Buffer, spans: readonly Span[], wanted: Wanted, high: bigint): ReadBatch {
  const { partition, from, until } = wanted
  const end = spans.at(-1)?.next ?? from
  const isWhole = ({ first, next }: Span) => first >= from && (until === null || next <= until)
  let decoded: KafkaRecord[] | null = null
  const records = () => {
    if (decoded === null) {
      const found: KafkaRecord[] = []
      for (const span of spans) if (!span.control) decode(bytes, span, wanted, found)
      decoded = found
    }
    return decoded
  }
  return {
    partition,
    high,
    bytes: (spans.at(-1)?.end ?? 0) - (spans[0]?.begin ?? 0),
    nextOffset: until !== null && end > until ? until : end,
    get records() {
      return records()
    },
    get count() {
      if (decoded !== null || !spans.every(isWhole)) return records().length
      return spans.reduce((sum, { count, control }) => sum + (control ? 0 : count), 0)
    },
  }
}

/** Throws AppError KAFKA_UNREADABLE. */
function decode(bytes: Buffer, span: Span, { partition, from, until }: Wanted, into: KafkaRecord[]): void {
  const { begin, end, first, count } = span
  const attributes = bytes.readInt16BE(begin + head.attributes)
  const fixedTime = attributes & logAppendTime ? Number(bytes.readBigInt64BE(begin + head.maxTime)) : null
  const timeOf = timesFrom(bytes.readBigInt64BE(begin + head.firstTime))
  try {
    const body = unpack(bytes.subarray(begin + head.bytes, end), attributes)
    readRecords(body, count, ({ offsetDelta, timestampDelta, key, value, headers }) => {
      const offset = first + BigInt(offsetDelta)
      if (offset < from || (until !== null && offset >= until)) return
      into.push({
        partition,
        offset,
        timestamp: fixedTime ?? timeOf(timestampDelta),
        key,
        value,
        headers,
      })
    })
  } catch (error) {
    throw unreadable(error)
  }
}

/**
 * A compacted batch with tombstones has the time when those may go in place of its first time, and with a long
 * `delete.retention.ms` that is beyond what a double holds: then it is added up exactly.
 */
function timesFrom(first: bigint): (delta: number | bigint) => number {
  const near = Number(first)
  const exact = Number.isSafeInteger(near)
  return (delta) => (exact && typeof delta === 'number' ? near + delta : Number(first + BigInt(delta)))
}
