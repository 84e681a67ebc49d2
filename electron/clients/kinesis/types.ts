/** What the rest of the app knows of Kinesis; no SDK type appears here. */

export interface KinesisAddress {
  /** Empty means AWS's own endpoint of the region. */
  readonly endpoint: string
  readonly region: string
}

export type StreamState = 'CREATING' | 'DELETING' | 'ACTIVE' | 'UPDATING'

export interface StreamInfo {
  readonly name: string
  readonly arn: string
  readonly state: StreamState
  readonly mode: 'PROVISIONED' | 'ON_DEMAND'
  readonly openShards: number
  readonly retentionHours: number
  readonly maxRecordBytes: number
}

export interface ShardInfo {
  readonly id: string
  readonly parent: string | null
  readonly adjacentParent: string | null
  readonly startHash: bigint
  readonly endHash: bigint
  readonly firstSequence: bigint
  /** Null while the shard is open. */
  readonly lastSequence: bigint | null
}

export interface PutEntry {
  readonly data: Buffer
  /** ≤ 256 characters. */
  readonly partitionKey: string
  /** Decimal text; takes the place of the partition key's own hash. */
  readonly explicitHashKey?: string | undefined
}

/** One record's answer, in the order of the request. */
export type PutResult =
  | { readonly ok: true; readonly shard: string; readonly sequence: bigint }
  | { readonly ok: false; readonly code: string; readonly message: string }

export interface ReadRecord {
  readonly shard: string
  readonly sequence: bigint
  readonly partitionKey: string
  readonly data: Buffer
  /** ms since 1970 */
  readonly arrivedAt: number
}

export type IteratorStart =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly time: number }
  | { readonly type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER'; readonly sequence: bigint }

export interface ShardRead {
  readonly records: readonly ReadRecord[]
  /** Null where the shard is closed and read to its end. */
  readonly next: string | null
  readonly millisBehindLatest: number
  readonly childShards: readonly string[]
}

/** A consumer registered for enhanced fan-out. */
export interface ConsumerInfo {
  readonly name: string
  readonly arn: string
  readonly state: 'CREATING' | 'DELETING' | 'ACTIVE'
  /** ms since 1970 */
  readonly createdAt: number
}

/** What a shard pushed at once, often no records. */
export interface ShardPush {
  readonly records: readonly ReadRecord[]
  /** Read on after this one, also where no records came; null where the shard is closed and read to its end. */
  readonly after: bigint | null
  readonly millisBehindLatest: number
  readonly childShards: readonly string[]
}

export interface KinesisClient {
  listStreams(): Promise<string[]>
  describe(stream: string): Promise<StreamInfo>
  shards(stream: string): Promise<ShardInfo[]>
  /** Waits until it is ACTIVE. */
  createStream(stream: string, shards: number, signal: AbortSignal): Promise<void>
  deleteStream(stream: string, signal: AbortSignal): Promise<void>
  /** Makes the stream keep records for so many hours (24 to 8760), whichever way that is. */
  setRetention?(stream: string, hours: number): Promise<void>
  /** Splits or merges to so many open shards of equal size and waits until it is ACTIVE. */
  scale?(stream: string, shards: number, signal: AbortSignal): Promise<void>
  /** Switches between provisioned and on demand and waits until it is ACTIVE. */
  setMode?(stream: string, mode: StreamInfo['mode'], signal: AbortSignal): Promise<void>
  /** The largest record it takes, KiB (1,024 to 10,240). */
  setMaxRecord?(stream: string, kib: number, signal: AbortSignal): Promise<void>
  /** One PutRecords call (≤ 500 records, ≤ 10 MiB); never retries. */
  putRecords(stream: string, entries: readonly PutEntry[]): Promise<PutResult[]>
  iterator(stream: string, shard: string, start: IteratorStart): Promise<string>
  /** One GetRecords call. AWS allows 5 a second and shard. */
  getRecords(shard: string, iterator: string, limit: number): Promise<ShardRead>
  /** Those registered with a stream for enhanced fan-out. */
  consumers?(stream: string): Promise<ConsumerInfo[]>
  /** Waits until it is ACTIVE; one that is there already is answered as it is. */
  registerConsumer?(stream: string, name: string, signal: AbortSignal): Promise<ConsumerInfo>
  /** Waits until it is gone. */
  deregisterConsumer?(stream: string, name: string, signal: AbortSignal): Promise<void>
  /** One SubscribeToShard call: ends after five minutes, or when the shard ends. `consumer`: its ARN. */
  subscribe?(
    consumer: string,
    shard: string,
    start: IteratorStart,
    signal: AbortSignal,
  ): AsyncIterable<ShardPush>
  close(): Promise<void>
}
