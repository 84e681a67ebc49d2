/** What only the workbench needs of Kafka: consumer groups, and changes to what exists. */
import type { KafkaClient } from './types.ts'

export interface KafkaGroup {
  readonly id: string
  /** Kafka's own word: Stable, Empty, PreparingRebalance …; empty where the broker is too old to say. */
  readonly state: string
  /** `classic`, or `consumer` for the newer protocol (KIP-848), or what else the broker knows (`share`, `streams`). */
  readonly type: string
  /** `consumer` for consumers, `connect` for Kafka Connect; empty for a group that only commits. */
  readonly protocol: string
  /** The broker that coordinates it. */
  readonly coordinator: number
}

export interface KafkaGroupMember {
  readonly id: string
  /** Its own fixed name (static membership); null without. */
  readonly instance: string | null
  readonly clientId: string
  readonly host: string
  readonly assigned: readonly { readonly topic: string; readonly partitions: readonly number[] }[]
}

export interface KafkaGroupDetail extends KafkaGroup {
  /** How the partitions are shared out; empty without members. */
  readonly assignor: string
  readonly members: readonly KafkaGroupMember[]
}

export interface TopicOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

export interface KafkaWorkbench extends KafkaClient {
  /** Sets the named settings; the others stay. */
  setTopicConfig(topic: string, config: Readonly<Record<string, string>>): Promise<void>
  /** Makes it have so many partitions; one that has as many or more stays as it is. Waits for their leaders. */
  addPartitions(topic: string, count: number): Promise<void>
  /** Every group of the cluster. */
  groups(): Promise<KafkaGroup[]>
  /** Throws AppError KAFKA_GROUP_NOT_FOUND. */
  group(id: string): Promise<KafkaGroupDetail>
  /** Everything a group has committed. */
  groupOffsets(id: string): Promise<TopicOffset[]>
  /** Sets where a group goes on; it must have no members. Throws AppError KAFKA_GROUP_BUSY. */
  commitGroup(id: string, offsets: readonly TopicOffset[]): Promise<void>
  /** Deletes a group without members, and what it has committed. Throws AppError KAFKA_GROUP_BUSY. */
  deleteGroup(id: string): Promise<void>
}
