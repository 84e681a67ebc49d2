/** Reads each partition's stretch of the run back and compares it with what was acknowledged there. */
import { AppError } from '../../../shared/errors.ts'
import type { KafkaClient } from '../../clients/kafka/types.ts'
import type { AckedPlace, JournalScan } from '../journal/scan.ts'
import type { StartPositions, WorkerInit } from '../protocol.ts'
import { createCursor } from './cursor.ts'
import { matchPlace, type Standing } from './match.ts'
import type { VerifyProgress } from './progress.ts'
import { addProofs, noPlace, noProof, type Proof, sortedOf, unansweredBy } from './proof.ts'

type Init = Extract<WorkerInit, { mode: 'verify' }>

export interface KafkaProof extends Proof {
  /** The last offset of the run in each partition that holds something of it. */
  readonly reached: readonly { readonly topic: string; readonly partition: number; readonly last: bigint }[]
}

/** Throws AppError, and the signal's reason once it is aborted. */
export async function proveKafka(
  client: KafkaClient,
  init: Init,
  scan: JournalScan,
  progress: VerifyProgress,
  signal: AbortSignal,
): Promise<KafkaProof> {
  const reached: { topic: string; partition: number; last: bigint }[] = []
  const unanswered = unansweredBy(scan, 'kafka', init.targets.topics)
  const cursor = await createCursor(sortedOf(scan, 'kafka'))
  let proof: Proof = noProof
  try {
    for (const { place, ...stretch } of await findStretches(client, init, scan)) {
      const counts = unanswered.get(stretch.topic) ?? new Map<number, number>()
      if (place === null && counts.size === 0) continue
      progress.say(`Reading ${stretch.topic} back, partition ${stretch.partition}`)
      const { bound } = stretch
      const count = await matchPlace(
        cursor,
        place?.id ?? noPlace,
        counted(readStretch(client, stretch, signal), progress),
        counts,
        ({ key }) => bound === null || key < bound,
      )
      proof = addProofs(proof, count)
      const { topic, partition } = stretch
      if (count.last !== null) reached.push({ topic, partition, last: count.last })
    }
    return { ...proof, reached }
  } finally {
    await cursor.close()
  }
}

interface Stretch {
  readonly topic: string
  readonly partition: number
  readonly from: bigint
  /** The offset after the last. */
  readonly until: bigint
  /** From here on what was not acknowledged belongs to a later run. */
  readonly bound: bigint | null
}

/** Of all places with acknowledged positions, in their order; then of the other partitions of the run's topics. */
async function findStretches(
  client: KafkaClient,
  init: Init,
  scan: JournalScan,
): Promise<(Stretch & { readonly place: AckedPlace | null })[]> {
  const ends = new Map<string, { readonly low: bigint; readonly high: bigint }>()
  const places = scan.places.filter(({ to }) => to === 'kafka')
  const topics = new Set([...Object.values(init.targets.topics), ...places.map(({ name }) => name)])
  for (const topic of topics) {
    for (const { partition, low, high } of await offsetsOf(client, topic)) {
      ends.set(keyOf(topic, partition), { low, high })
    }
  }
  const stretch = (topic: string, partition: number, place: AckedPlace | null) => {
    const { low, high } = ends.get(keyOf(topic, partition)) ?? { low: 0n, high: 0n }
    const begun = offsetAt(init.start, topic, partition)
    const bound = offsetAt(init.next?.start ?? null, topic, partition)
    const first = least([begun, place?.first ?? null]) ?? high
    const last = place === null ? first : place.last + 1n
    const wanted = bound === null || bound < last ? (bound === null ? high : last) : bound
    return {
      place,
      topic,
      partition,
      bound,
      from: first < low ? low : first,
      until: wanted < high ? wanted : high,
    }
  }
  const known = new Set(places.map(({ name, partition }) => keyOf(name, partition)))
  const others = [...ends.keys()].filter((key) => !known.has(key))
  return [
    ...places.map((place) => stretch(place.name, place.partition, place)),
    ...others.map((key) => {
      const [topic = '', partition = '0'] = key.split('/')
      return stretch(topic, Number(partition), null)
    }),
  ]
}

const keyOf = (topic: string, partition: number) => `${topic}/${partition}`

const least = (offsets: readonly (bigint | null)[]) =>
  offsets
    .filter((offset) => offset !== null)
    .reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null)

/** A topic that is gone holds nothing: what was acknowledged in it is missing, and that is the report's to say. */
async function offsetsOf(client: KafkaClient, topic: string) {
  try {
    return await client.offsets(topic)
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'KAFKA_TOPIC_NOT_FOUND') return []
    throw thrown
  }
}

export function offsetAt(start: StartPositions | null, topic: string, partition: number): bigint | null {
  const found = start?.kafka.find((at) => at.topic === topic && at.partition === partition)
  return found ? BigInt(found.offset) : null
}

async function* readStretch(
  client: KafkaClient,
  { topic, partition, from, until }: Stretch,
  signal: AbortSignal,
): AsyncGenerator<Standing[]> {
  if (from >= until) return
  const range = { from: [{ partition, offset: from }], until: [{ partition, offset: until }] }
  for await (const { records } of client.read({ topic, ...range, signal })) {
    yield records
      .filter(({ offset }) => offset >= from && offset < until)
      .map(({ offset, value }) => ({ key: offset, content: value }))
  }
  signal.throwIfAborted()
}

/** Tells the progress what passes through. */
export async function* counted<T>(
  batches: AsyncGenerator<readonly T[]>,
  progress: VerifyProgress,
): AsyncGenerator<readonly T[]> {
  for await (const batch of batches) {
    yield batch
    progress.step(batch.length)
  }
}
