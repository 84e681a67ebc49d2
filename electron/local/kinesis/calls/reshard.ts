/** The calls that change a stream's shards. */
import type { StreamMeta } from '../catalog.ts'
import { Fault, invalidArgument, shardNotFound } from '../fault.ts'
import { shardIndex } from '../hash.ts'
import { arnOf } from '../liveStream.ts'
import { isOpen, merge, openShards, scale, split } from '../reshard.ts'
import { integer, needed, text } from '../shape.ts'
import { type Call, call, hashKeyText, ofStream, shardIdText } from './call.ts'
import { openShardCount, shardLimit } from './streams.ts'

/** Throws Fault where there is no such shard or it is closed. */
function openShard(meta: StreamMeta, id: string) {
  const index = shardIndex(id)
  const shard = meta.shards.find((each) => each.index === index)
  if (!shard) throw shardNotFound(meta.name, id)
  if (!isOpen(shard)) {
    throw new Fault('ResourceInUseException', `Shard ${id} in stream ${meta.name} is closed already.`)
  }
  return shard
}

const updateShardCount = call(
  'UpdateShardCount',
  {
    ...ofStream,
    TargetShardCount: needed(integer({ min: 1 })),
    ScalingType: needed(text({ values: ['UNIFORM_SCALING'] })),
  },
  async (store, input) => {
    const stream = store.find(input)
    const target = input.TargetShardCount
    const before = openShards(stream.meta).length
    if (stream.meta.mode === 'ON_DEMAND') {
      throw invalidArgument(
        `The shards of ${stream.meta.name} cannot be counted out: it is in ON_DEMAND mode.`,
      )
    }
    if (store.enforceLimits && (target > before * 2 || target < before / 2)) {
      throw new Fault(
        'LimitExceededException',
        `UpdateShardCount cannot scale beyond double or below half of the ${before} open shards to ${target}.`,
      )
    }
    if (openShardCount(store.all()) - before + target > shardLimit) {
      throw new Fault('LimitExceededException', `This account may have ${shardLimit} open shards.`)
    }
    await store.reshard(stream, (meta, context) => scale(meta, target, context))
    return {
      StreamName: stream.meta.name,
      StreamARN: arnOf(store.region, stream.meta.name),
      CurrentShardCount: before,
      TargetShardCount: target,
    }
  },
)

const splitShard = call(
  'SplitShard',
  { ...ofStream, ShardToSplit: needed(shardIdText), NewStartingHashKey: needed(hashKeyText) },
  async (store, input) => {
    const stream = store.find(input)
    if (openShardCount(store.all()) + 1 > shardLimit) {
      throw new Fault('LimitExceededException', `This account may have ${shardLimit} open shards.`)
    }
    await store.reshard(stream, (meta, context) => {
      const shard = openShard(meta, input.ShardToSplit)
      const at = BigInt(input.NewStartingHashKey)
      // AWS wants two keys' room at the start: neither half may be empty.
      if (at <= shard.start + 1n || at > shard.end) {
        throw invalidArgument(
          `NewStartingHashKey ${at} used in SplitShard() on shard ${input.ShardToSplit} in stream ${meta.name} ` +
            "is not both greater than one plus the shard's StartingHashKey and less than the shard's EndingHashKey.",
        )
      }
      return split(meta, shard, at, context)
    })
    return null
  },
)

const mergeShards = call(
  'MergeShards',
  { ...ofStream, ShardToMerge: needed(shardIdText), AdjacentShardToMerge: needed(shardIdText) },
  async (store, input) => {
    const stream = store.find(input)
    await store.reshard(stream, (meta, context) => {
      const named = openShard(meta, input.ShardToMerge)
      const other = openShard(meta, input.AdjacentShardToMerge)
      const [lower, upper] = named.start < other.start ? [named, other] : [other, named]
      if (lower.end + 1n !== upper.start) {
        throw invalidArgument(
          `Shards ${input.ShardToMerge} and ${input.AdjacentShardToMerge} in stream ${meta.name} are not an ` +
            'adjacent pair of shards eligible for merging.',
        )
      }
      return merge(meta, lower, upper, context, named)
    })
    return null
  },
)

export const reshardCalls: readonly Call[] = [updateShardCount, splitShard, mergeShards]
