/**
 * Reads partitions by offset, without a consumer group (decision 13). Isolation is `read_uncommitted`, like the S3 sink
 * of Kafka Connect by default: records of aborted transactions are read too; control records never are.
 */
import { AppError } from '../../../shared/errors.ts'
import { pause } from '../../lib/broadcast.ts'
import { type Cluster, closedError } from './cluster.ts'
import { AnswerError, mayPass, passes, toAppError } from './errors.ts'
import { fetchById, fetchByName } from './fetch.ts'
import type { Link } from './link.ts'
import { batchesOf } from './recordBatches.ts'
import type { KafkaTopic, ReadBatch, ReadOptions } from './types.ts'

/** Bytes of one fetch; at most two are held in memory for each leader. */
const defaultMaxBytes = 8 * 1024 * 1024
/** Bytes of one partition in one fetch; a larger record still comes, alone. */
const partitionMaxBytes = 4 * 1024 * 1024
const defaultMaxWaitMs = 500
/** How long a follower goes on trying while no broker answers, ms. */
const patienceMs = 30_000
interface Place {
  readonly partition: number
  next: bigint
  readonly until: bigint | null
}

interface Answer {
  readonly batches: readonly ReadBatch[]
  /** Something has to be looked up again before the next fetch. */
  readonly moved: AnswerError | null
}

/**
 * Yields as `ReadOptions` says; ends when every partition has reached its `until`, or when the signal is aborted.
 * `ahead`: the next fetch is under way while a batch is worked on.
 */
export async function* readTopic(
  cluster: Cluster,
  options: ReadOptions,
  { ahead = true }: { readonly ahead?: boolean } = {},
): AsyncGenerator<ReadBatch> {
  const { topic, signal } = options
  const until = new Map(options.until?.map(({ partition, offset }) => [partition, offset]))
  const places: Place[] = options.from.map(({ partition, offset }) => ({
    partition,
    next: offset,
    until: until.get(partition) ?? null,
  }))
  const open = () => places.filter((place) => place.until === null || place.next < place.until)
  if (signal.aborted || open().length === 0) return
  const { id } = await cluster.patiently(() => cluster.topic(topic), { signal })
  if (options.topicId !== undefined && options.topicId !== '' && options.topicId !== id)
    throw recreated(topic)
  const lanes = new Map<number, Lane>()
  let failingSince: number | null = null

  /** Waits a moment and begins anew where the failure may pass; else throws. */
  const recover = async (error: unknown) => {
    for (const lane of lanes.values()) drop(lane)
    lanes.clear()
    cluster.forget(topic)
    failingSince ??= Date.now()
    if (cluster.closed()) throw closedError()
    if (!mayPass(error) || Date.now() - failingSince > patienceMs) throw toAppError(error)
    await pause(100, signal)
  }

  const next = async () => {
    for (const [node, theirs] of await leadersOf(cluster, topic, id, open())) {
      const lane = lanes.get(node) ?? { node, link: null, under: null, has: new Set() }
      lanes.set(node, lane)
      lane.under ??= fetchOnce(cluster, lane, options, id, theirs)
    }
    const under = [...lanes.values()].flatMap((lane) =>
      lane.under === null ? [] : [lane.under.then((answer) => ({ lane, answer }))],
    )
    return orAborted(Promise.race(under), signal)
  }

  try {
    while (!signal.aborted && open().length > 0) {
      let arrived: Awaited<ReturnType<typeof next>>
      try {
        arrived = await next()
      } catch (error) {
        if (signal.aborted) return
        await recover(error)
        continue
      }
      if (arrived === null) return
      const { lane, answer } = arrived
      lane.under = null
      for (const batch of answer.batches) {
        const place = places.find(({ partition }) => partition === batch.partition)
        if (place) place.next = batch.nextOffset
      }
      if (answer.moved === null) {
        failingSince = null
        // Meanwhile the broker may already gather the next.
        const again = open().filter(({ partition }) => lane.has.has(partition))
        if (ahead && again.length > 0) lane.under = fetchOnce(cluster, lane, options, id, again)
        lane.under?.catch(() => {})
      }
      for (const batch of answer.batches) {
        yield batch
        if (signal.aborted) return
      }
      if (answer.moved !== null) await recover(answer.moved)
    }
  } finally {
    for (const lane of lanes.values()) release(cluster, lane)
  }
}

/** One leader's connection and the fetch under way on it. */
interface Lane {
  readonly node: number
  link: Promise<Link> | null
  under: Promise<Answer> | null
  /** The partitions of that fetch. */
  has: ReadonlySet<number>
}

async function leadersOf(
  cluster: Cluster,
  topic: string,
  id: string,
  places: readonly Place[],
): Promise<Map<number, Place[]>> {
  const seen = await cluster.topic(topic)
  if (seen.id !== id) throw recreated(topic)
  return Map.groupBy(places, ({ partition }) => leaderOf(seen, partition))
}

function leaderOf(topic: KafkaTopic, partition: number): number {
  const found = topic.partitions.find((each) => each.partition === partition)
  if (!found) throw toAppError(new AnswerError(3, `${topic.name}/${partition}`))
  if (found.leader < 0) throw new AnswerError(5, `${topic.name}/${partition}`)
  return found.leader
}

/** The topic of this name is another one now: its offsets mean nothing for the old. */
export function recreated(topic: string): AppError {
  return new AppError({
    code: 'KAFKA_TOPIC_RECREATED',
    message: `The topic was deleted and made again while it was read: ${topic}`,
    hint: 'Start again: the new topic begins at offset 0.',
  })
}

async function fetchOnce(
  cluster: Cluster,
  lane: Lane,
  options: ReadOptions,
  id: string,
  places: readonly Place[],
): Promise<Answer> {
  lane.link ??= cluster.borrow(lane.node)
  lane.has = new Set(places.map(({ partition }) => partition))
  const link = await lane.link
  const { topic, maxBytes = defaultMaxBytes, maxWaitMs = defaultMaxWaitMs } = options
  const named = id === '' || link.version(fetchById) === null
  const wanted = places.map(({ partition, next }) => ({
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: next,
    lastFetchedEpoch: -1,
    partitionMaxBytes: Math.min(partitionMaxBytes, maxBytes),
  }))
  const asked = [{ topicId: named ? topic : id, partitions: wanted }]
  const answer = named
    ? await link.call(fetchByName, maxWaitMs, 1, maxBytes, 0, 0, -1, asked, [], '')
    : await link.call(fetchById, maxWaitMs, 1, maxBytes, 0, 0, -1, asked, [], '')
  if (answer.errorCode !== 0) throw new AnswerError(answer.errorCode, topic)
  const batches: ReadBatch[] = []
  let moved: AnswerError | null = null
  for (const found of answer.partitions) {
    const place = places.find(({ partition }) => partition === found.partition)
    if (!place) continue
    if (found.errorCode !== 0) {
      const error = new AnswerError(found.errorCode, `${topic}/${place.partition}, offset ${place.next}`)
      if (!passes(found.errorCode)) throw error
      moved = error
      continue
    }
    const { partition, next, until } = place
    batches.push(...batchesOf(found.bytes, { partition, from: next, until }, found.high))
  }
  return { batches, moved }
}

function drop(lane: Lane): void {
  lane.under?.catch(() => {})
  lane.link?.then(
    (link) => link.close(),
    () => {},
  )
}

/** Gives the connection back once nothing is under way on it any more. */
function release(cluster: Cluster, lane: Lane): void {
  const { link, under, node } = lane
  if (link === null) return
  Promise.resolve(under)
    .then(() => link)
    .then(
      (open) => cluster.giveBack(node, open),
      () => drop(lane),
    )
}

/** Null when the signal was aborted first. One listener for each wait, so that a long tail gathers none. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const done = () => resolve(null)
    signal.addEventListener('abort', done, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', done))
  })
}
