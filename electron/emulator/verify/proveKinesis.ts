/** Reads each shard back from the start of the run and compares it with what was acknowledged there. */
import { AppError } from '../../../shared/errors.ts'
import { readPace } from '../../clients/kinesis/pace.ts'
import { shardReader } from '../../clients/kinesis/read.ts'
import type { KinesisClient } from '../../clients/kinesis/types.ts'
import type { JournalScan } from '../journal/scan.ts'
import type { WorkerInit } from '../protocol.ts'
import { createCursor } from './cursor.ts'
import { matchPlace, type Standing } from './match.ts'
import type { VerifyProgress } from './progress.ts'
import { addProofs, noPlace, noProof, type Proof, sortedOf, unansweredBy } from './proof.ts'
import { counted } from './proveKafka.ts'

type Init = Extract<WorkerInit, { mode: 'verify' }>

/** Our clock and the service's may differ by so much; reading begins that much earlier, ms. */
const clockMarginMs = 60_000
/** What arrived so long before the run began is not of it, ms: both clocks of one computer agree. */
const beforeMs = 1_000
/** Kinesis' own limit of one GetRecords call. */
const mostRecords = 10_000

/** Throws AppError, and the signal's reason once it is aborted. */
export async function proveKinesis(
  client: KinesisClient,
  init: Init,
  scan: JournalScan,
  progress: VerifyProgress,
  signal: AbortSignal,
): Promise<Proof> {
  const unanswered = unansweredBy(scan, 'kinesis', init.targets.streams)
  const cursor = await createCursor(sortedOf(scan, 'kinesis'))
  const pace = readPace()
  const upTo = init.next?.startedAt ?? Number.POSITIVE_INFINITY
  let proof = noProof
  try {
    for (const { stream, shard, place, last } of await findShards(client, init, scan)) {
      const counts = unanswered.get(stream) ?? new Map<number, number>()
      if (place === noPlace && counts.size === 0) continue
      progress.say(`Reading ${stream} back, ${shard}`)
      const reader = shard === null ? none() : readShard({ client, pace, stream, shard, last, init, signal })
      const count = await matchPlace(cursor, place, counted(reader, progress), counts, ({ arrivedAt }) => {
        return arrivedAt >= init.startedAt - beforeMs && arrivedAt < upTo
      })
      proof = addProofs(proof, count)
    }
    return proof
  } finally {
    await cursor.close()
  }
}

interface ShardStretch {
  readonly stream: string
  /** Null where it is gone. */
  readonly shard: string | null
  readonly place: number
  /** The last acknowledged sequence number. */
  readonly last: bigint
}

/** Of all shards with acknowledged positions, in their order; then of the other shards of the run's streams. */
async function findShards(client: KinesisClient, init: Init, scan: JournalScan): Promise<ShardStretch[]> {
  const places = scan.places.filter(({ to }) => to === 'kinesis')
  const streams = new Set([...Object.values(init.targets.streams), ...places.map(({ name }) => name)])
  const there = new Map<string, { readonly stream: string; readonly shard: string }>()
  for (const stream of streams) {
    for (const shard of await shardsOf(client, stream)) there.set(`${stream}/${shard}`, { stream, shard })
  }
  const known = places.map(({ id, name, shard, last }) => ({
    stream: name,
    shard: there.delete(`${name}/${shard}`) ? shard : null,
    place: id,
    last,
  }))
  return [...known, ...[...there.values()].map((where) => ({ ...where, place: noPlace, last: 0n }))]
}

/** A stream that is gone holds nothing: what was acknowledged in it is missing, and that is the report's to say. */
async function shardsOf(client: KinesisClient, stream: string): Promise<string[]> {
  try {
    return (await client.shards(stream)).map(({ id }) => id)
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'STREAM_NOT_FOUND') return []
    throw thrown
  }
}

interface StandingAt extends Standing {
  /** ms since 1970 */
  readonly arrivedAt: number
}

async function* none(): AsyncGenerator<StandingAt[]> {}

async function* readShard(from: {
  readonly client: KinesisClient
  readonly pace: ReturnType<typeof readPace>
  readonly stream: string
  readonly shard: string
  readonly last: bigint
  readonly init: Init
  readonly signal: AbortSignal
}): AsyncGenerator<StandingAt[]> {
  const { client, pace, stream, shard, init, signal } = from
  const start = { type: 'AT_TIMESTAMP', time: init.startedAt - clockMarginMs } as const
  // What arrives after this belongs to somebody else and would keep us for ever.
  const latest = Math.min(Date.now(), init.next?.startedAt ?? Number.POSITIVE_INFINITY) + clockMarginMs
  const reader = shardReader(client, pace, { stream, shard, start }, signal)
  for (;;) {
    signal.throwIfAborted()
    const read = await reader.next(mostRecords)
    if (read === null) return
    yield read.records.map(({ sequence, data, arrivedAt }) => ({ key: sequence, content: data, arrivedAt }))
    const end = read.records.at(-1)
    const passed = end !== undefined && end.arrivedAt > latest && end.sequence >= from.last
    if (read.next === null || read.millisBehindLatest === 0 || passed) return
  }
}
