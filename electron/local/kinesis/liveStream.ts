/** One stream while the server runs: what it is, the logs of its shards, and what was counted. */
import { join } from 'node:path'
import type { ShardMeta, StreamMeta } from './catalog.ts'
import { account, shardNotFound } from './fault.ts'
import { shardId, shardIndex } from './hash.ts'
import { type ShardLimits, shardLimits } from './limits.ts'
import { openShards } from './reshard.ts'
import { sequenceNumbersOf } from './sequence.ts'
import { openShardLog, type ShardLog } from './shardLog.ts'
import type { Subscription } from './subscription.ts'

/** A shard with everything needed to serve it. */
export interface LiveShard {
  readonly id: string
  readonly log: ShardLog
  readonly limits: ShardLimits
  readonly sequence: (counter: number) => string
  /** Where reading begins: records before it are older than the retention. Looked up at most once a second. */
  horizon: { counter: number; checkedAt: number }
}

export interface LiveStream {
  meta: StreamMeta
  readonly shards: Map<number, LiveShard>
  /** The open shards by hash range. */
  routes: readonly ShardMeta[]
  /** While shards are split or merged: records wait for it. */
  busy: Promise<unknown> | null
  gone: boolean
  /** By consumer and shard: the newest subscription, also after its end, since AWS counts from its beginning. */
  readonly subscriptions: Map<string, Subscription>
  /** Records acknowledged, and records or calls refused for throughput, since the server started. */
  accepted: number
  throttled: number
}

export interface StreamFiles {
  readonly dir: string
  readonly segmentBytes: number
  readonly log: (line: string) => void
}

export const shardFolder = (dir: string, meta: StreamMeta, shard: ShardMeta) =>
  join(dir, 'data', meta.folder, String(shard.index))

export async function openStream(meta: StreamMeta, files: StreamFiles): Promise<LiveStream> {
  const stream: LiveStream = {
    meta,
    shards: new Map(),
    routes: openShards(meta),
    busy: null,
    gone: false,
    subscriptions: new Map(),
    accepted: 0,
    throttled: 0,
  }
  await openNewShards(stream, meta.shards, files)
  return stream
}

/** Opens the logs of those of `shards` that are not open yet. */
export async function openNewShards(
  stream: LiveStream,
  shards: readonly ShardMeta[],
  files: StreamFiles,
): Promise<void> {
  for (const shard of shards) {
    if (stream.shards.has(shard.index)) continue
    const folder = shardFolder(files.dir, stream.meta, shard)
    const log = await openShardLog({ ...files, folder, closed: shard.endCounter !== null })
    stream.shards.set(shard.index, {
      id: shardId(shard.index),
      log,
      limits: shardLimits(),
      sequence: sequenceNumbersOf(shard),
      horizon: { counter: log.first(), checkedAt: Number.NEGATIVE_INFINITY },
    })
  }
}

export function arnOf(region: string, name: string): string {
  return `arn:aws:kinesis:${region}:${account}:stream/${name}`
}

/** Time before which records no longer count, ms. */
export const retentionStart = (meta: StreamMeta, now: number) => now - meta.retentionHours * 3_600_000

/** First counter that may be read. */
export async function horizonOf(stream: LiveStream, shard: LiveShard, now: number): Promise<number> {
  const { horizon } = shard
  if (Math.abs(now - horizon.checkedAt) >= 1_000) {
    horizon.checkedAt = now
    horizon.counter = Math.max(horizon.counter, await shard.log.counterAt(retentionStart(stream.meta, now)))
  }
  return Math.max(horizon.counter, shard.log.first())
}

/** A shard by the id a client gave. Throws Fault ResourceNotFoundException. */
export function shardOf(
  stream: LiveStream,
  id: string,
): { readonly meta: ShardMeta; readonly live: LiveShard } {
  const index = shardIndex(id)
  const meta = stream.meta.shards.find((shard) => shard.index === index)
  const live = index === null ? undefined : stream.shards.get(index)
  if (!meta || !live) throw shardNotFound(stream.meta.name, id)
  return { meta, live }
}

/** Records that can still be read, and bytes on disk. */
export function keptOf(stream: LiveStream): { readonly records: number; readonly bytes: number } {
  let records = 0
  let bytes = 0
  for (const { log, horizon } of stream.shards.values()) {
    records += log.next() - Math.max(horizon.counter, log.first())
    bytes += log.bytes()
  }
  return { records, bytes }
}
