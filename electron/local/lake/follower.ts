/** Follows one topic into the lake: each partition from where the lake itself ends, new partitions as they come. */
import type { LakeChoice } from '../../../shared/contract/local.ts'
import { AppError, type ErrorDetail, toErrorDetail } from '../../../shared/errors.ts'
import type { KafkaClient, KafkaTopic, PartitionOffsets } from '../../clients/kafka/types.ts'
import { pause } from '../../lib/broadcast.ts'
import { continueFromEarliest, setAside } from './choices.ts'
import type { Totals } from './entry.ts'
import { createPartitionWriter, type PartitionWriter } from './partitionWriter.ts'
import { type PartitionState, recoverPartition } from './recover.ts'

export interface FollowerOptions {
  readonly dir: string
  readonly topic: string
  readonly flushSize: number
  readonly rotateMs: number
  readonly signal: AbortSignal
  /** The one client of the lake; connected again where it was lost. */
  kafka(): Promise<KafkaClient>
  log(line: string): void
  /** Null takes the partition's problem back. */
  onProblem(partition: number, problem: ErrorDetail | null): void
  /** Something is in place, up to this offset. */
  onSettled(partition: number, next: bigint): void
}

export interface Follower {
  totals(): Totals
  /** Records the topic holds that are not in place yet; null where that is not known. */
  lag(): number | null
  /** Throws AppError LAKE_CHOICE_IMPOSSIBLE, LAKE_NOT_STOPPED or LAKE_NO_TOPIC. */
  choose(partition: number, choice: LakeChoice): Promise<void>
  /** Resolves when it has ended and everything read is in place. */
  readonly done: Promise<void>
}

interface Part {
  writer: PartitionWriter | null
  totals: Totals
  /** What a person has to decide. */
  stopped: ErrorDetail | null
  /** Writing failed, and no file has come into place since. */
  broken: boolean
  /** The lake seemed to be ahead of the topic: believed when it is still so at the next look, a broker may be starting. */
  ahead: boolean
  high: bigint | null
}

/** How often the topic is looked at for new partitions, or for having been made again, ms. */
const lookEveryMs = 2_000
/** After a failure (broker gone, disk full) it is tried again so often, ms. */
const againMs = 1_000

/** Why a partition cannot simply go on, or null. */
export function obstacle(
  topic: KafkaTopic,
  at: PartitionOffsets,
  { next, topicId }: Pick<PartitionState, 'next' | 'topicId'>,
): ErrorDetail | null {
  if (next === null) return null
  const place = `${topic.name}, partition ${at.partition}`
  const hint =
    'Start a new generation: the old files are kept aside and the topic is written from its beginning.'
  if (topicId !== '' && topic.id !== '' && topicId !== topic.id) {
    return {
      code: 'LAKE_TOPIC_RECREATED',
      message: `The topic was deleted and made again; the lake holds the earlier one: ${place}`,
      hint,
    }
  }
  if (next > at.high) {
    return {
      code: 'LAKE_OFFSET_AHEAD',
      message: `The lake holds more than the topic, up to offset ${next} of ${at.high}: ${place}`,
      hint,
    }
  }
  if (next < at.low) {
    return {
      code: 'LAKE_OFFSET_LOST',
      message: `Offsets ${next} to ${at.low - 1n} were deleted before the lake wrote them: ${place}`,
      hint: 'Continue from the earliest that is left (the gap is recorded), or start a new generation.',
    }
  }
  return null
}

/** Also where another door was quicker. */
export function notStopped(topic: string, partition: number): AppError {
  return new AppError({
    code: 'LAKE_NOT_STOPPED',
    message: `The lake did not stop there, so there is nothing to choose: ${topic}, partition ${partition}`,
    hint: 'The status of the local stack names the places where it stopped.',
  })
}

function notThere(topic: string, partition: number): AppError {
  return new AppError({
    code: 'LAKE_NO_TOPIC',
    message: `The topic is not there, so the lake cannot go on: ${topic}, partition ${partition}`,
    hint: 'Make the topic first ("Start" does it), then choose again.',
  })
}

export function followTopic(options: FollowerOptions): Follower {
  const { dir, topic, signal, onProblem } = options
  const parts = new Map<number, Part>()
  /** Ends one round of reading, so that the next begins with what is true then. */
  let round = new AbortController()
  /** What broke is being cleaned up: nothing new may be written under the same names before that. */
  let cleaning: Promise<unknown> = Promise.resolve()

  const stopPart = (partition: number, part: Part, problem: ErrorDetail) => {
    part.stopped = problem
    onProblem(partition, problem)
  }

  /** What is written aside is thrown away and read again later; nothing is in place that is not whole. */
  const breakPart = (partition: number, part: Part, error: unknown) => {
    const writer = part.writer
    part.writer = null
    part.broken = true
    cleaning = Promise.all([cleaning, writer?.discard()])
    const detail = toErrorDetail(error)
    onProblem(partition, {
      code: 'LAKE_WRITE_FAILED',
      message: `The lake cannot write: ${detail.message}`,
      hint: 'Free some space on the disk; it is tried again by itself.',
    })
    round.abort()
  }

  const openPart = async (meta: KafkaTopic, at: PartitionOffsets): Promise<void> => {
    const { partition } = at
    const part: Part = parts.get(partition) ?? {
      writer: null,
      totals: { files: 0, records: 0, bytes: 0 },
      stopped: null,
      broken: false,
      ahead: false,
      high: null,
    }
    parts.set(partition, part)
    part.high = at.high
    if (part.writer !== null || part.stopped !== null) return
    let state: PartitionState
    try {
      state = await recoverPartition(dir, topic, partition)
    } catch (thrown) {
      if (!(thrown instanceof AppError)) return breakPart(partition, part, thrown)
      stopPart(partition, part, toErrorDetail(thrown))
      return
    }
    part.totals = state.totals
    const problem = obstacle(meta, at, state)
    const ahead = problem?.code === 'LAKE_OFFSET_AHEAD'
    const known = part.ahead
    part.ahead = ahead
    if (ahead && !known) return
    if (problem !== null) {
      stopPart(partition, part, problem)
      return
    }
    if (!part.broken) onProblem(partition, null)
    part.writer = createPartitionWriter({
      dir,
      topic,
      topicId: meta.id,
      partition,
      next: state.next ?? at.low,
      totals: state.totals,
      flushSize: options.flushSize,
      rotateMs: options.rotateMs,
      onFile: (next) => {
        part.totals = part.writer?.totals() ?? part.totals
        if (part.broken) onProblem(partition, null)
        part.broken = false
        options.onSettled(partition, next)
      },
      onFailure: (error) => breakPart(partition, part, error),
    })
  }

  const look = async (kafka: KafkaClient): Promise<KafkaTopic | null> =>
    (await kafka.topics([topic]))[0] ?? null

  /** Ends the round when the topic has other partitions, or is another one. */
  const watch = async (kafka: KafkaClient, meta: KafkaTopic, current: AbortController): Promise<void> => {
    const ending = AbortSignal.any([signal, current.signal])
    while (!ending.aborted) {
      await pause(lookEveryMs, ending)
      if (ending.aborted) return
      const now = await look(kafka).catch(() => meta)
      if (now === null || now.id !== meta.id || now.partitions.length !== meta.partitions.length)
        current.abort()
    }
  }

  /** Everything that was read and is sound goes into place; the next round looks anew. */
  const settleAll = async (): Promise<void> => {
    for (const [partition, part] of parts) {
      const writer = part.writer
      if (writer === null) continue
      await writer.rotate().catch((error) => breakPart(partition, part, error))
      part.totals = writer.totals()
    }
  }

  /** The writers are given up: the next round compares what the lake holds with what the topic has. */
  const lookAnew = async (): Promise<void> => {
    await settleAll()
    for (const part of parts.values()) part.writer = null
  }

  const readRound = async (kafka: KafkaClient, meta: KafkaTopic, current: AbortController): Promise<void> => {
    await cleaning
    const offsets = await kafka.offsets(topic)
    for (const at of offsets) await openPart(meta, at)
    const from = [...parts].flatMap(([partition, { writer }]) =>
      writer === null ? [] : [{ partition, offset: writer.next() }],
    )
    const ending = AbortSignal.any([signal, current.signal])
    if (from.length === 0) {
      await pause(lookEveryMs, ending)
      return
    }
    void watch(kafka, meta, current)
    for await (const batch of kafka.read({ topic, topicId: meta.id, from, signal: ending, maxWaitMs: 500 })) {
      const part = parts.get(batch.partition)
      const writer = part?.writer ?? null
      if (part === undefined || writer === null) continue
      part.high = batch.high
      try {
        await writer.accept(batch)
      } catch (thrown) {
        breakPart(batch.partition, part, thrown)
      }
    }
  }

  const run = async (): Promise<void> => {
    let lastId: string | null = null
    while (!signal.aborted) {
      const current = new AbortController()
      round = current
      try {
        const kafka = await options.kafka()
        const meta = await look(kafka)
        if (lastId !== null && meta?.id !== lastId) await lookAnew()
        lastId = meta?.id ?? lastId
        if (meta !== null) await readRound(kafka, meta, current)
      } catch (thrown) {
        if (signal.aborted) break
        options.log(`lake: ${topic}: ${toErrorDetail(thrown).message}`)
        // Retention was faster than the lake, or the log was cut: each partition has to be held against it again.
        if (toErrorDetail(thrown).code === 'KAFKA_OFFSET_OUT_OF_RANGE') await lookAnew()
      } finally {
        current.abort()
      }
      // A missing topic, a lost broker or a full disk is not asked a thousand times a second.
      await pause(againMs, signal)
    }
    await settleAll()
    await cleaning
  }

  const choose = async (partition: number, choice: LakeChoice): Promise<void> => {
    const part = parts.get(partition)
    if (part?.stopped == null) throw notStopped(topic, partition)
    const kafka = await options.kafka()
    const meta = await look(kafka)
    const at = (await kafka.offsets(topic)).find((each) => each.partition === partition)
    if (meta === null || at === undefined) throw notThere(topic, partition)
    if (choice === 'newGeneration') await setAside(dir, topic, partition)
    else await continueFromEarliest(dir, topic, meta.id, at)
    part.stopped = null
    onProblem(partition, null)
    round.abort()
  }

  return {
    totals: () => {
      const all = [...parts.values()].map((part) => part.writer?.totals() ?? part.totals)
      const sum = (of: keyof Totals) => all.reduce((total, each) => total + each[of], 0)
      return { files: sum('files'), records: sum('records'), bytes: sum('bytes') }
    },
    lag: () => {
      const known = [...parts.values()].map(({ writer, high }) =>
        writer === null || high === null ? null : Math.max(0, Number(high - writer.settled())),
      )
      return known.length === 0 || known.includes(null)
        ? null
        : known.reduce<number>((sum, lag) => sum + (lag ?? 0), 0)
    },
    choose,
    done: run(),
  }
}
