/** The call that lists the shards of a stream, and how a shard is described everywhere. */
import type { ShardMeta } from '../catalog.ts'
import { Fault, invalidArgument } from '../fault.ts'
import { shardId } from '../hash.ts'
import { type LiveStream, retentionStart } from '../liveStream.ts'
import { isOpen } from '../reshard.ts'
import { sequenceNumber } from '../sequence.ts'
import { integer, needed, structure, text, timestamp } from '../shape.ts'
import { readPage, tokenLifeMs, writeToken } from '../token.ts'
import { type Call, call, ofStream, shardIdText, tokenText } from './call.ts'

export function describeShard(shard: ShardMeta) {
  return {
    ShardId: shardId(shard.index),
    ...(shard.parent === null ? {} : { ParentShardId: shardId(shard.parent) }),
    ...(shard.adjacentParent === null ? {} : { AdjacentParentShardId: shardId(shard.adjacentParent) }),
    HashKeyRange: { StartingHashKey: String(shard.start), EndingHashKey: String(shard.end) },
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumber(shard, 0),
      ...(shard.endCounter === null ? {} : { EndingSequenceNumber: sequenceNumber(shard, shard.endCounter) }),
    },
  }
}

const filterTypes = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
] as const

interface Filter {
  readonly Type: string
  readonly ShardId?: string | undefined
  readonly Timestamp?: number | undefined
}

/** Which shards a filter lets through (`ShardFilter` of ListShards). Throws Fault. */
function filterOf(filter: Filter, stream: LiveStream, now: number): (shard: ShardMeta) => boolean {
  const openAt = (time: number) => (shard: ShardMeta) =>
    shard.createdAt <= time && (shard.closedAt === null || shard.closedAt > time)
  const openSince = (time: number) => (shard: ShardMeta) => shard.closedAt === null || shard.closedAt >= time
  const horizon = Math.max(stream.meta.createdAt, retentionStart(stream.meta, now))
  const { ShardId: after, Timestamp: time } = filter
  if (filter.Type === 'AFTER_SHARD_ID') {
    if (after === undefined) throw invalidArgument('ShardId must be given for the filter AFTER_SHARD_ID.')
    return (shard) => shardId(shard.index) > after
  }
  if (filter.Type === 'AT_TRIM_HORIZON') return openAt(horizon)
  if (filter.Type === 'FROM_TRIM_HORIZON') return openSince(horizon)
  if (filter.Type === 'AT_LATEST') return isOpen
  if (time === undefined) throw invalidArgument(`Timestamp must be given for the filter ${filter.Type}.`)
  return filter.Type === 'AT_TIMESTAMP' ? openAt(Math.max(time, horizon)) : openSince(time)
}

const listShards = call(
  'ListShards',
  {
    ...ofStream,
    NextToken: tokenText,
    ExclusiveStartShardId: shardIdText,
    MaxResults: integer({ min: 1, max: 10_000 }),
    StreamCreationTimestamp: timestamp(),
    ShardFilter: structure({
      Type: needed(text({ values: filterTypes })),
      ShardId: shardIdText,
      Timestamp: timestamp(),
    }),
  },
  (store, input) => {
    const now = store.now()
    const page = input.NextToken === undefined ? null : readPage(input.NextToken, 'page')
    if (input.NextToken !== undefined) {
      if (input.StreamName !== undefined || input.ExclusiveStartShardId !== undefined || input.ShardFilter) {
        throw invalidArgument('NextToken and StreamName cannot be provided together.')
      }
      if (!page) throw invalidArgument('Invalid NextToken.')
      if (Math.abs(now - page.madeAt) > tokenLifeMs) {
        throw new Fault(
          'ExpiredNextTokenException',
          'The pagination token expired: it is valid for 300 seconds.',
        )
      }
    }
    const stream = page
      ? store.all().find(({ meta }) => meta.folder === page.stream)
      : store.find({ StreamName: input.StreamName, StreamARN: input.StreamARN })
    if (!stream) throw new Fault('ResourceNotFoundException', 'The stream of NextToken was deleted.')
    const filter: Filter | undefined = page
      ? (JSON.parse(page.filter) as { filter?: Filter }).filter
      : input.ShardFilter
    const after = page?.after ?? input.ExclusiveStartShardId ?? ''
    const shards = stream.meta.shards
      .filter(filter ? filterOf(filter, stream, now) : () => true)
      .filter((shard) => shardId(shard.index) > after)
    const most = input.MaxResults ?? 1_000
    const shown = shards.slice(0, most)
    const last = shown.at(-1)
    const next =
      last && shards.length > most
        ? writeToken({
            kind: 'page',
            stream: stream.meta.folder,
            after: shardId(last.index),
            filter: JSON.stringify({ filter }),
            madeAt: now,
          })
        : null
    return {
      Shards: shown.map(describeShard),
      ...(next === null ? {} : { NextToken: next }),
    }
  },
)

export const shardCalls: readonly Call[] = [listShards]
