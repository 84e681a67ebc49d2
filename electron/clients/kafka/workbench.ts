/** What only the workbench needs of Kafka: consumer groups, and changes to what exists. */
import type { KafkaClient, PartitionOffsets } from './types.ts'

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

export interface PartitionPlace {
  readonly partition: number
  readonly offset: bigint
}

/** Set on the topic, on its broker while it runs, on all brokers while they run, in the broker's file, or nowhere. */
export type SettingSource = 'topic' | 'broker' | 'brokers' | 'file' | 'default'

export interface KafkaSetting {
  readonly name: string
  /** Null where the cluster keeps it to itself. */
  readonly value: string | null
  /** What would hold without a value of the topic's own; null where the cluster does not tell. */
  readonly fallback: string | null
  readonly source: SettingSource
  /** Kafka's word for the kind of value: `int`, `long`, `boolean`, `list` …; empty where it does not tell. */
  readonly type: string
  readonly readOnly: boolean
  readonly sensitive: boolean
  /** Kafka's own words, with HTML in them; empty where it does not tell. */
  readonly documentation: string
}

export interface KafkaLogDir {
  readonly path: string
  /** Of the partitions in it, bytes. */
  readonly bytes: number
  readonly partitions: number
  /** Of its file system, bytes; null where the broker is too old to say. */
  readonly total: number | null
  readonly usable: number | null
  /** Kafka's word for what is wrong with it; null where it is well. */
  readonly failure: string | null
}

export interface KafkaBrokerDetail {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  /** Null where the broker does not tell, with the reason. */
  readonly dirs: readonly KafkaLogDir[] | null
  readonly silent: string | null
}

export interface KafkaClusterDetail {
  readonly clusterId: string
  readonly controller: number
  readonly brokers: readonly KafkaBrokerDetail[]
  /** The level that the cluster agreed on (`metadata.version`); null where it does not tell. */
  readonly metadataLevel: number | null
  /** The numbers of the requests that it answers. */
  readonly requests: ReadonlySet<number>
}

export interface KafkaWorkbench extends KafkaClient {
  /** Every setting with where it comes from and Kafka's own explanation. */
  topicSettings(topic: string): Promise<KafkaSetting[]>
  /**
   * Sets the named settings, or takes them back (null); the others stay. `validateOnly` changes nothing. Throws AppError
   * KAFKA_CONFIG_INVALID.
   */
  alterTopicConfig(
    topic: string,
    changes: readonly { readonly name: string; readonly value: string | null }[],
    options?: { readonly validateOnly?: boolean },
  ): Promise<void>
  /** Deletes what is below each offset. Throws AppError KAFKA_POLICY where the topic is only compacted. */
  deleteRecords(topic: string, before: readonly PartitionPlace[]): Promise<void>
  /** Where the logs of many topics begin and end, in few requests; one that is gone is left out. */
  logs(topics: readonly string[]): Promise<Map<string, PartitionOffsets[]>>
  /** The brokers with what each keeps, and what this cluster knows to do. */
  clusterDetail(): Promise<KafkaClusterDetail>
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
