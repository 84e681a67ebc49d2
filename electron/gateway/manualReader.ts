/** Reads assigned partitions by offset, without a group join: what `assignments` of the consumer API needs (decision 13). */
import { AppError } from '../../shared/errors.ts'
import type { KafkaClient, PartitionOffsets } from '../clients/kafka/types.ts'
import type { TopicRecord } from './consumerRecords.ts'
import { sizeOf } from './consumerRecords.ts'

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}
export interface TopicOffset extends TopicPartition {
  readonly offset: bigint
}

export interface PollOptions {
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** What a consumer instance reads with: a member of a group, or partitions named by hand. */
export interface Reader {
  poll(options: PollOptions): Promise<readonly TopicRecord[]>
  seek(positions: readonly TopicOffset[]): Promise<void>
  assignment(): readonly TopicPartition[]
  commit(offsets: readonly TopicOffset[]): Promise<void>
  close(): Promise<void>
}

export const placeOf = (at: TopicPartition) => `${at.topic}/${at.partition}`

export interface ManualOptions {
  readonly kafka: KafkaClient
  readonly group: string
  readonly partitions: readonly TopicPartition[]
  readonly autoOffsetReset: 'earliest' | 'latest'
}

/** Once one topic had something, the others are waited for this long, ms. */
const graceMs = 100

/** Begins at the group's committed offset, else where `autoOffsetReset` says; keeps nothing it has not handed out. */
export function manualReader({ kafka, group, partitions, autoOffsetReset }: ManualOptions): Reader {
  const positions = new Map<string, bigint>()
  /** Partitions whose committed offset is of no use. */
  const lost = new Set<string>()
  const ended = new AbortController()

  async function place(topic: string): Promise<void> {
    const mine = partitions.filter((each) => each.topic === topic && !positions.has(placeOf(each)))
    if (mine.length === 0) return
    const [committed, offsets] = await Promise.all([kafka.committed(group, topic), kafka.offsets(topic)])
    for (const each of mine) {
      const found = committed.find((one) => one.partition === each.partition)?.offset ?? null
      const kept = lost.has(placeOf(each)) ? null : found
      const ends = offsets.find((found) => found.partition === each.partition)
      if (ends !== undefined) positions.set(placeOf(each), kept ?? fresh(ends))
    }
  }

  /** What was asked for is no longer kept: begin again where `autoOffsetReset` says. */
  function forget(topic: string): void {
    for (const each of partitions.filter((one) => one.topic === topic)) {
      positions.delete(placeOf(each))
      lost.add(placeOf(each))
    }
  }

  const fresh = (ends: PartitionOffsets) => (autoOffsetReset === 'earliest' ? ends.low : ends.high)

  async function readTopic(
    topic: string,
    options: PollOptions,
    signal: AbortSignal,
    out: TopicRecord[],
  ): Promise<void> {
    await place(topic)
    const from = partitions.flatMap((each) => {
      const offset = each.topic === topic ? positions.get(placeOf(each)) : undefined
      return offset === undefined ? [] : [{ partition: each.partition, offset }]
    })
    if (from.length === 0) return
    let bytes = 0
    for await (const batch of kafka.read({
      topic,
      from,
      signal,
      maxBytes: options.maxBytes,
      maxWaitMs: 100,
    })) {
      let next = batch.nextOffset
      for (const record of batch.records) {
        const size = sizeOf(record as TopicRecord)
        if (bytes > 0 && bytes + size > options.maxBytes) {
          next = record.offset
          break
        }
        bytes += size
        out.push({ ...record, topic })
      }
      positions.set(placeOf({ topic, partition: batch.partition }), next)
      if (
        bytes > 0 &&
        (bytes >= options.maxBytes || batch.nextOffset >= batch.high || next !== batch.nextOffset)
      )
        return
    }
  }

  return {
    poll: async (options) => {
      const topics = [...new Set(partitions.map((each) => each.topic))]
      const share = { ...options, maxBytes: Math.max(1, Math.floor(options.maxBytes / topics.length)) }
      const enough = new AbortController()
      const signal = AbortSignal.any([AbortSignal.timeout(options.timeoutMs), ended.signal, enough.signal])
      let grace: NodeJS.Timeout | undefined
      const found = await Promise.all(
        topics.map(async (topic) => {
          const out: TopicRecord[] = []
          try {
            await readTopic(topic, share, signal, out)
          } catch (error) {
            if (isBehind(error)) forget(topic)
            else if (out.length === 0 && !signal.aborted) throw error
          }
          if (out.length > 0) grace ??= setTimeout(() => enough.abort(), graceMs)
          return out
        }),
      )
      clearTimeout(grace)
      return found.flat()
    },
    seek: async (wanted) => {
      for (const position of wanted) positions.set(placeOf(position), position.offset)
    },
    assignment: () => partitions,
    commit: async (offsets) => {
      for (const topic of new Set(offsets.map((each) => each.topic))) {
        await kafka.commit(
          group,
          topic,
          offsets.filter((each) => each.topic === topic),
        )
      }
    },
    close: async () => ended.abort(),
  }
}

function isBehind(error: unknown): boolean {
  return error instanceof AppError && error.code === 'KAFKA_OFFSET_OUT_OF_RANGE'
}
