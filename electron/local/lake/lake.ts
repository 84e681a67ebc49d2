/** What MSK Connect's S3 sink does, on disk and exactly once: follows the topics and writes them as files (decision 5). */
import { mkdir, rm } from 'node:fs/promises'
import type { LakeChoice } from '../../../shared/contract/local.ts'
import { type ErrorDetail, toErrorDetail } from '../../../shared/errors.ts'
import { connectKafka } from '../../clients/kafka/client.ts'
import type { KafkaAddress, KafkaClient } from '../../clients/kafka/types.ts'
import { pause } from '../../lib/broadcast.ts'
import { lockFolder } from '../../lib/folderLock.ts'
import type { Totals } from './entry.ts'
import { type Follower, followTopic, notStopped } from './follower.ts'
import { writingFolder } from './paths.ts'

export interface LakeOptions {
  /** Holds `topics/` and what belongs to it. */
  readonly dir: string
  readonly kafka: KafkaAddress
  readonly topics: readonly string[]
  /** Records of one file at most, as the connector's `flush.size`. */
  readonly flushSize: number
  /** ms, as the connector's `rotate.schedule.interval.ms`. */
  readonly rotateMs: number
  /** Gets committed offsets, which only show the lag; where to go on is read from the lake. */
  readonly group: string
  log(line: string): void
  /** Null takes it back. */
  onProblem(topic: string, partition: number, problem: ErrorDetail | null): void
}

export interface LakeStats extends Totals {
  /** By topic. */
  readonly recordsOf: Readonly<Record<string, number>>
  readonly lagOf: Readonly<Record<string, number | null>>
}

export interface Lake {
  stats(): LakeStats
  /** Throws AppError LAKE_CHOICE_IMPOSSIBLE, LAKE_NOT_STOPPED or LAKE_NO_TOPIC. */
  choose(topic: string, partition: number, choice: LakeChoice): Promise<void>
  /** Puts what was read into place and gives the folder back. */
  close(): Promise<void>
}

/** Commits only show lag: once a second is often enough, ms. */
const commitEveryMs = 1_000

/** What the last commit gets at the end, ms. */
const lastCommitMs = 2_000

/** Resolves when it follows. Throws AppError FOLDER_IN_USE where another lake writes there. */
export async function startLake(options: LakeOptions): Promise<Lake> {
  const { dir, topics, group, log } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const unlock = await lockFolder(dir)
  // Files that were never put into place: their records are read again.
  await rm(writingFolder(dir), { recursive: true, force: true })

  const ending = new AbortController()
  let client: Promise<KafkaClient> | null = null
  const kafka = (): Promise<KafkaClient> => {
    client ??= connectKafka(options.kafka).catch((thrown) => {
      client = null
      throw thrown
    })
    return client
  }

  const settled = new Map<string, Map<number, bigint>>()
  const followers = new Map<string, Follower>(
    topics.map((topic) => [
      topic,
      followTopic({
        ...options,
        topic,
        signal: ending.signal,
        kafka,
        onProblem: (partition, problem) => options.onProblem(topic, partition, problem),
        onSettled: (partition, next) => {
          const of = settled.get(topic) ?? new Map<number, bigint>()
          settled.set(topic, of.set(partition, next))
        },
      }),
    ]),
  )

  const commitAll = async (): Promise<void> => {
    for (const [topic, offsets] of settled) {
      settled.delete(topic)
      const places = [...offsets].map(([partition, offset]) => ({ partition, offset }))
      // Only for show: a commit that fails is made up for by the next.
      await kafka()
        .then((each) => each.commit(group, topic, places))
        .catch((thrown) => log(`lake: offsets not committed: ${toErrorDetail(thrown).message}`))
    }
  }
  const committing = (async () => {
    while (!ending.signal.aborted) {
      await pause(commitEveryMs, ending.signal)
      await commitAll()
    }
  })()

  return {
    stats() {
      const each = [...followers].map(([topic, follower]) => ({
        topic,
        lag: follower.lag(),
        ...follower.totals(),
      }))
      const sum = (of: keyof Totals) => each.reduce((total, one) => total + one[of], 0)
      return {
        files: sum('files'),
        records: sum('records'),
        bytes: sum('bytes'),
        recordsOf: Object.fromEntries(each.map(({ topic, records }) => [topic, records])),
        lagOf: Object.fromEntries(each.map(({ topic, lag }) => [topic, lag])),
      }
    },
    choose: async (topic, partition, choice) => {
      const follower = followers.get(topic)
      if (follower === undefined) throw notStopped(topic, partition)
      await follower.choose(partition, choice)
    },
    async close() {
      ending.abort()
      await Promise.all([...followers.values()].map((follower) => follower.done))
      // A broker that is gone must not hold up the end for the sake of a number that is only shown.
      await Promise.race([committing.then(commitAll), pause(lastCommitMs, undefined)])
      await client?.then((each) => each.close()).catch(() => {})
      await unlock()
    },
  }
}

/** The numbers a child program tells its app: those of all topics, and those of each. */
export function lakeNumbers({ recordsOf, lagOf, files, records, bytes }: LakeStats): Record<string, number> {
  const numbers: Record<string, number> = {
    'lake.files': files,
    'lake.records': records,
    'lake.bytes': bytes,
  }
  for (const [topic, value] of Object.entries(recordsOf)) numbers[`lake.records.${topic}`] = value
  for (const [topic, value] of Object.entries(lagOf)) if (value !== null) numbers[`lake.lag.${topic}`] = value
  return numbers
}
