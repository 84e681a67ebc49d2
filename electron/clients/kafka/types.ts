/** What the rest of the app knows of Kafka; no vendor type appears here. Offsets are bigint inside the back end. */
import type { KafkaSecurity } from './security.ts'

export interface KafkaAddress {
  /** `host:port` of one or more brokers. */
  readonly bootstrap: readonly string[]
  /** Shown in the broker's log. */
  readonly clientId: string
  /** TLS and the sign-in; left out or null, Kafka is spoken to in clear. */
  readonly security?: KafkaSecurity | null
}

export interface KafkaTopic {
  readonly name: string
  /** Kafka's own id (UUID text), which changes when a topic is deleted and made again; empty where unknown. */
  readonly id: string
  readonly internal: boolean
  readonly partitions: readonly KafkaPartition[]
}

export interface KafkaPartition {
  readonly partition: number
  /** −1 while there is none. */
  readonly leader: number
  readonly replicas: readonly number[]
  readonly inSync: readonly number[]
}

export interface PartitionOffsets {
  readonly partition: number
  /** First offset kept. */
  readonly low: bigint
  /** Offset the next record will get (high watermark). */
  readonly high: bigint
}

export interface KafkaHeader {
  readonly name: string
  readonly value: Buffer | null
}

export interface KafkaRecord {
  readonly partition: number
  readonly offset: bigint
  /** ms since 1970 */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly KafkaHeader[]
}

export interface OutRecord {
  readonly key?: Buffer | null
  readonly value: Buffer | null
  readonly headers?: readonly KafkaHeader[]
  /** Fixed partition; else by key, or round-robin without one. */
  readonly partition?: number
  readonly timestamp?: number
}

/** Where a record went: `offset` is null with acks=0. */
export interface Position {
  readonly partition: number
  readonly offset: bigint | null
}

export interface KafkaProducer {
  /**
   * Sends one batch; answers a position for each record, in order. Never resends by itself unless idempotent. Throws
   * KafkaSendError (an AppError, `sendError.ts`) with an outcome for each record where some or all of them failed.
   */
  send(topic: string, records: readonly OutRecord[]): Promise<Position[]>
  close(): Promise<void>
}

export interface ReadOptions {
  readonly topic: string
  /** Refuse (KAFKA_TOPIC_RECREATED) where the topic of this name has another id by now. */
  readonly topicId?: string
  /** Where to begin, by partition. */
  readonly from: readonly { readonly partition: number; readonly offset: bigint }[]
  /** Stop a partition before this offset; without, follow for ever. */
  readonly until?: readonly { readonly partition: number; readonly offset: bigint }[]
  readonly signal: AbortSignal
  /** Bytes of one fetch over all partitions. */
  readonly maxBytes?: number
  /** How long the broker may wait for data, ms (≤ 500 for interactive use). */
  readonly maxWaitMs?: number
}

/**
 * One batch of one partition. `nextOffset` is where to go on, also where records were passed over (compaction,
 * transaction markers) and `records` is empty.
 */
export interface ReadBatch {
  readonly partition: number
  /** Decoded when they are first asked for; throws AppError KAFKA_UNREADABLE. */
  readonly records: readonly KafkaRecord[]
  /** How many they are; costs next to nothing while they are not asked for. */
  readonly count: number
  /** As they came, packed or not. */
  readonly bytes: number
  readonly nextOffset: bigint
  readonly high: bigint
}

/** A member of a consumer group: what the REST consumer API of the gateway needs (decision 13). */
export interface KafkaGroupConsumer {
  /** Joins with the first call; resolves with what has arrived, at the latest after `timeoutMs`. */
  poll(options: {
    readonly timeoutMs: number
    readonly maxBytes: number
  }): Promise<(KafkaRecord & { readonly topic: string })[]>
  commit(
    offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: bigint }[],
  ): Promise<void>
  seek(
    positions: readonly { readonly topic: string; readonly partition: number; readonly offset: bigint }[],
  ): Promise<void>
  assignment(): readonly { readonly topic: string; readonly partition: number }[]
  close(): Promise<void>
}

export interface KafkaClient {
  /** Cluster and topics in one call; refreshes the metadata. */
  topics(names?: readonly string[]): Promise<KafkaTopic[]>
  brokers(): Promise<{
    readonly clusterId: string
    readonly controller: number
    readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[]
  }>
  /** Waits until each partition has a leader (producing earlier meets NOT_LEADER and may duplicate). */
  createTopic(options: {
    readonly topic: string
    readonly partitions: number
    readonly replicationFactor?: number
    readonly config?: Readonly<Record<string, string>>
  }): Promise<void>
  deleteTopic(topic: string): Promise<void>
  topicConfig(
    topic: string,
  ): Promise<{ readonly name: string; readonly value: string; readonly isDefault: boolean }[]>
  offsets(topic: string): Promise<PartitionOffsets[]>
  /**
   * An offset at or after a time, as the broker looks it up; the high watermark where there is none. Of several records of
   * exactly this time it may be a later one (the broker's time index names one of them); none of later times is left out.
   */
  offsetsAt(topic: string, timeMs: number): Promise<{ readonly partition: number; readonly offset: bigint }[]>
  /** Bytes on disk by topic and partition; empty where the cluster does not tell. */
  sizes(): Promise<ReadonlyMap<string, readonly { readonly partition: number; readonly bytes: number }[]>>
  /** Reads by offset; no consumer group is made (decision 13). */
  read(options: ReadOptions): AsyncIterable<ReadBatch>
  producer(options: {
    readonly acks: 'all' | 'leader' | 'none'
    readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
    readonly idempotent: boolean
  }): Promise<KafkaProducer>
  groupConsumer(options: {
    readonly group: string
    readonly topics: readonly string[] | RegExp
    readonly autoOffsetReset: 'earliest' | 'latest'
  }): Promise<KafkaGroupConsumer>
  /** Committed offsets of a group for a topic; null where the group has none. */
  committed(
    group: string,
    topic: string,
  ): Promise<{ readonly partition: number; readonly offset: bigint | null }[]>
  /** Commits for a group without members: used by the lake only to show its lag (decision 5). */
  commit(
    group: string,
    topic: string,
    offsets: readonly { readonly partition: number; readonly offset: bigint }[],
  ): Promise<void>
  close(): Promise<void>
}
