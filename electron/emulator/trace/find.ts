/** Finds where else a record stands: the same bytes in the stream or topic of its kind, and its line in the lake. */
import type { RecordPlace } from '../../../shared/contract/trace.ts'
import { AppError } from '../../../shared/errors.ts'
import { type Kind, kinds } from '../../../shared/names.ts'
import type { KafkaClient } from '../../clients/kafka/types.ts'
import { shardReader } from '../../clients/kinesis/read.ts'
import type { Targets } from '../targets.ts'
import { type FollowDeps, followStream, followTopic, recordOfStream, recordOfTopic } from './follow.ts'
import type { Board } from './hops.ts'

/** How far before and after its own time the other place is looked for, ms. */
const aroundMs = 60_000
const perRead = 5_000

export interface FindInput extends FollowDeps {
  readonly kafka: Pick<KafkaClient, 'read' | 'offsets' | 'offsetsAt'> | null
  readonly targets: Pick<Targets, 'topics' | 'streams'>
}

const unsent = { sentAt: null, ackAt: null }

/** Throws AppError MESSAGE_GONE where nothing is at the place, NO_TARGET where it cannot be asked. */
export async function findRecord(
  input: FindInput,
  board: Board,
  place: RecordPlace,
  signal: AbortSignal,
): Promise<void> {
  if (place.in === 'topic') await fromTopic(input, board, place, signal)
  else await fromStream(input, board, place, signal)
}

const kindIn = (names: Readonly<Record<Kind, string>>, name: string): Kind | null =>
  kinds.find((kind) => names[kind] === name) ?? null

async function fromTopic(
  input: FindInput,
  board: Board,
  place: Extract<RecordPlace, { in: 'topic' }>,
  signal: AbortSignal,
): Promise<void> {
  if (input.kafka === null) throw noTarget('Kafka')
  const kind = kindIn(input.targets.topics, place.topic)
  const record = await recordOfTopic(input.kafka, place, signal)
  if (record === null) throw gone(`partition ${place.partition}, offset ${place.offset} of ${place.topic}`)
  const following = followTopic(input, board, kind, place, unsent, signal)
  if (kind !== null && record.value !== null)
    await findInStream(input, board, kind, record.value, record.timestamp, signal)
  await following
}

async function fromStream(
  input: FindInput,
  board: Board,
  place: Extract<RecordPlace, { in: 'stream' }>,
  signal: AbortSignal,
): Promise<void> {
  if (input.kinesis === null) throw noTarget('Kinesis')
  const kind = kindIn(input.targets.streams, place.stream)
  const record = await recordOfStream({ kinesis: input.kinesis, pace: input.pace }, place, signal)
  if (record === null) throw gone(`${place.shard}, ${place.sequence} of ${place.stream}`)
  const following = followStream(input, board, kind, place, unsent, signal)
  if (kind !== null) await findInTopic(input, board, kind, record.data, record.arrivedAt, signal)
  await following
}

const around = 'It was looked for a minute before and after its time'

async function findInStream(
  input: FindInput,
  board: Board,
  kind: Kind,
  value: Buffer,
  time: number,
  signal: AbortSignal,
): Promise<void> {
  const { kinesis, pace } = input
  if (kinesis === null) return
  const stream = input.targets.streams[kind]
  board.set(kind, 'stream', { note: `${around}.` })
  for (const { id: shard } of await kinesis.shards(stream)) {
    const start = { type: 'AT_TIMESTAMP', time: time - aroundMs } as const
    const reader = shardReader(kinesis, pace, { stream, shard, start }, signal)
    for (let read = await reader.next(perRead); read !== null; read = await reader.next(perRead)) {
      const found = read.records.find(({ data }) => data.equals(value))
      if (found) {
        const place = { in: 'stream', stream, shard, sequence: String(found.sequence) } as const
        return followStream(input, board, kind, place, unsent, signal)
      }
      const last = read.records.at(-1)
      if (read.next === null || read.millisBehindLatest === 0) break
      if (last !== undefined && last.arrivedAt > time + aroundMs) break
    }
  }
  board.set(kind, 'stream', {
    state: 'missing',
    note: `${around} in every shard of ${stream}, and is not there.`,
  })
}

async function findInTopic(
  input: FindInput,
  board: Board,
  kind: Kind,
  value: Buffer,
  time: number,
  signal: AbortSignal,
): Promise<void> {
  const { kafka } = input
  if (kafka === null) return
  const topic = input.targets.topics[kind]
  board.set(kind, 'topic', { note: `${around}.` })
  const log = await kafka.offsets(topic)
  const [begin, end] = await Promise.all([
    kafka.offsetsAt(topic, time - aroundMs),
    kafka.offsetsAt(topic, time + aroundMs),
  ])
  const at = (list: typeof begin, partition: number) =>
    list.find((each) => each.partition === partition)?.offset
  const from = log.map(({ partition, low }) => ({ partition, offset: at(begin, partition) ?? low }))
  const until = log.map(({ partition, high }) => ({ partition, offset: at(end, partition) ?? high }))
  const wanted = from.filter(({ partition, offset }) => offset < (at(until, partition) ?? 0n))
  const range = {
    from: wanted,
    until: until.filter(({ partition }) => wanted.some((each) => each.partition === partition)),
  }
  if (wanted.length > 0) {
    for await (const { records } of kafka.read({ topic, ...range, signal, maxWaitMs: 100 })) {
      const found = records.find((record) => record.value?.equals(value))
      if (!found) continue
      const place = { in: 'topic', topic, partition: found.partition, offset: String(found.offset) } as const
      return followTopic(input, board, kind, place, unsent, signal)
    }
  }
  board.set(kind, 'topic', {
    state: 'missing',
    note: `${around} in every partition of ${topic}, and is not there.`,
  })
}

function noTarget(what: string): AppError {
  return new AppError({
    code: 'NO_TARGET',
    message: `There is no address for ${what}.`,
    hint: 'Start the pipeline, or enter the address in its settings.',
    field: 'place',
  })
}

function gone(where: string): AppError {
  return new AppError({
    code: 'MESSAGE_GONE',
    message: `There is no record at ${where}`,
    hint: 'Retention or compaction may have removed it. Read the page again.',
    field: 'place',
  })
}
