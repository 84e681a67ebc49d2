/** What becomes of a record behind the gateway: read at its place in the topic or the stream, and awaited in the lake. */
import type { RecordPlace } from '../../../shared/contract/trace.ts'
import type { Kind } from '../../../shared/names.ts'
import type { KafkaClient, KafkaRecord } from '../../clients/kafka/types.ts'
import type { ReadPace } from '../../clients/kinesis/pace.ts'
import { shardReader } from '../../clients/kinesis/read.ts'
import type { KinesisClient, ReadRecord } from '../../clients/kinesis/types.ts'
import { pause } from '../../lib/broadcast.ts'
import { toLine } from '../../local/lake/line.ts'
import type { Board } from './hops.ts'
import { lakePlace } from './lakePlace.ts'

/** How long a record may take from the acknowledgement until it can be read, ms. */
const readableMs = 20_000
/** How long after its time a file of the lake may come, ms. */
const lakeGraceMs = 20_000
const lookEveryMs = 200

export interface FollowDeps {
  readonly kafka: Pick<KafkaClient, 'read'> | null
  readonly kinesis: KinesisClient | null
  readonly pace: ReadPace
  readonly lakeDir: string | null
  readonly lakeRotateMs: number
}

type InTopic = Extract<RecordPlace, { in: 'topic' }>
type InStream = Extract<RecordPlace, { in: 'stream' }>

/** Null where it cannot be read within the time. */
export async function recordOfTopic(
  kafka: Pick<KafkaClient, 'read'>,
  { topic, partition, offset }: InTopic,
  signal: AbortSignal,
): Promise<KafkaRecord | null> {
  const at = BigInt(offset)
  const both = AbortSignal.any([signal, AbortSignal.timeout(readableMs)])
  const range = { from: [{ partition, offset: at }], until: [{ partition, offset: at + 1n }] }
  try {
    for await (const { records } of kafka.read({ topic, ...range, signal: both, maxWaitMs: 100 })) {
      const found = records.find((record) => record.offset === at)
      if (found) return found
    }
  } catch (thrown) {
    if (!both.aborted) throw thrown
  }
  return null
}

/** Null where it cannot be read within the time. */
export async function recordOfStream(
  { kinesis, pace }: { readonly kinesis: KinesisClient; readonly pace: ReadPace },
  { stream, shard, sequence }: InStream,
  signal: AbortSignal,
): Promise<ReadRecord | null> {
  const start = { type: 'AT_SEQUENCE_NUMBER', sequence: BigInt(sequence) } as const
  const both = AbortSignal.any([signal, AbortSignal.timeout(readableMs)])
  const reader = shardReader(kinesis, pace, { stream, shard, start }, both)
  try {
    for (let read = await reader.next(1); read !== null; read = await reader.next(1)) {
      const found = read.records.find((record) => record.sequence === BigInt(sequence))
      if (found) return found
      if (read.records.length > 0) return null
    }
  } catch (thrown) {
    if (!both.aborted) throw thrown
  }
  return null
}

/** `sentAt` and `ackAt` in ms since 1970; null where the post was not sent by us. */
export async function followTopic(
  deps: FollowDeps,
  board: Board,
  kind: Kind | null,
  place: InTopic,
  times: { readonly sentAt: number | null; readonly ackAt: number | null },
  signal: AbortSignal,
): Promise<void> {
  const { sentAt, ackAt } = times
  const since = (at: number) => (sentAt === null ? null : Math.max(0, at - sentAt))
  const text = `partition ${place.partition}, offset ${place.offset}`
  board.set(kind, 'topic', { place, text })
  if (deps.kafka === null)
    return board.set(kind, 'topic', { state: 'missing', note: 'There is no address for Kafka.' })
  const record = await recordOfTopic(deps.kafka, place, signal)
  const readAt = Date.now()
  if (record === null)
    return board.set(kind, 'topic', { state: 'missing', note: 'It cannot be read at its place.' })
  board.set(kind, 'topic', {
    state: 'reached',
    at: record.timestamp,
    afterMs: since(readAt),
    tookMs: ackAt === null ? null : Math.max(0, readAt - ackAt),
    note: 'Its time is the one in the record; the latency is until it was read.',
  })
  if (deps.lakeDir === null) return
  await awaitLake(deps, deps.lakeDir, board, kind, place, record, { sentAt, readAt }, signal)
}

async function awaitLake(
  { lakeRotateMs }: FollowDeps,
  dir: string,
  board: Board,
  kind: Kind | null,
  place: InTopic,
  record: KafkaRecord,
  { sentAt, readAt }: { readonly sentAt: number | null; readonly readAt: number },
  signal: AbortSignal,
): Promise<void> {
  const due = Math.ceil((Date.now() + 1) / lakeRotateMs) * lakeRotateMs
  const dueText = `Its file is due at ${new Date(due).toTimeString().slice(0, 8)}, or as soon as it is full.`
  for (
    const until = due + lakeGraceMs;
    Date.now() < until && !signal.aborted;
    await pause(lookEveryMs, signal)
  ) {
    const found = await lakePlace(dir, place.topic, place.partition, record.offset, signal).catch(() => null)
    if (found === null) {
      board.set(kind, 'lake', { state: 'waiting', note: dueText })
      continue
    }
    const same = toLine(record.value).bytes.equals(found.content)
    return board.set(kind, 'lake', {
      state: same ? 'reached' : 'missing',
      text: `${found.file}, line ${found.line}`,
      at: found.at,
      afterMs: sentAt === null ? null : Math.max(0, found.at - sentAt),
      tookMs: sentAt === null ? null : Math.max(0, found.at - readAt),
      note: same ? null : 'The line holds something else.',
    })
  }
  if (!signal.aborted)
    board.set(kind, 'lake', {
      state: 'missing',
      note: 'No file of the lake holds it yet; is the lake running?',
    })
}

export async function followStream(
  deps: FollowDeps,
  board: Board,
  kind: Kind | null,
  place: InStream,
  times: { readonly sentAt: number | null; readonly ackAt: number | null },
  signal: AbortSignal,
): Promise<void> {
  const text = `${place.shard}, sequence number ${place.sequence}`
  board.set(kind, 'stream', { place, text })
  if (deps.kinesis === null)
    return board.set(kind, 'stream', { state: 'missing', note: 'There is no address for Kinesis.' })
  const record = await recordOfStream({ kinesis: deps.kinesis, pace: deps.pace }, place, signal)
  const readAt = Date.now()
  if (record === null)
    return board.set(kind, 'stream', { state: 'missing', note: 'It cannot be read at its place.' })
  board.set(kind, 'stream', {
    state: 'reached',
    at: record.arrivedAt,
    afterMs: times.sentAt === null ? null : Math.max(0, readAt - times.sentAt),
    tookMs: times.ackAt === null ? null : Math.max(0, readAt - times.ackAt),
    note: 'Its time is when Kinesis took it; the latency is until it was read, at most four times a second.',
  })
}
