/** The calls about whole streams: making, describing, listing, deleting. */
import { Fault, invalidArgument } from '../fault.ts'
import { arnOf, type LiveStream } from '../liveStream.ts'
import { isOpen } from '../reshard.ts'
import { flag, integer, needed, text } from '../shape.ts'
import type { Store } from '../store.ts'
import {
  type Call,
  call,
  maxRecordKiB,
  modeDetails,
  ofStream,
  seconds,
  shardIdText,
  streamName,
  tags,
} from './call.ts'
import { describeShard } from './shards.ts'

/** An on-demand stream begins with four shards. */
const onDemandShards = 4
/** Open shards of all streams together: each keeps a file open. */
export const shardLimit = 500
const onDemandLimit = 50

const statusOf = (stream: LiveStream) => (stream.busy ? 'UPDATING' : 'ACTIVE')
export const openShardCount = (streams: readonly LiveStream[]) =>
  streams.reduce((sum, stream) => sum + stream.meta.shards.filter(isOpen).length, 0)

/** What every description of a stream begins with. */
function head(store: Store, stream: LiveStream) {
  return {
    StreamName: stream.meta.name,
    StreamARN: arnOf(store.region, stream.meta.name),
    StreamStatus: statusOf(stream),
    StreamModeDetails: { StreamMode: stream.meta.mode },
    StreamCreationTimestamp: seconds(stream.meta.createdAt),
  }
}

const settings = (stream: LiveStream) => ({
  RetentionPeriodHours: stream.meta.retentionHours,
  EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
  EncryptionType: 'NONE',
})

const createStream = call(
  'CreateStream',
  {
    StreamName: needed(streamName),
    ShardCount: integer({ min: 1 }),
    StreamModeDetails: modeDetails,
    Tags: tags,
    MaxRecordSizeInKiB: integer(maxRecordKiB),
  },
  async (store, input) => {
    const mode = input.StreamModeDetails?.StreamMode === 'ON_DEMAND' ? 'ON_DEMAND' : 'PROVISIONED'
    if (mode === 'ON_DEMAND' && input.ShardCount !== undefined) {
      throw invalidArgument('ShardCount must not be given for a stream in ON_DEMAND mode.')
    }
    if (mode === 'PROVISIONED' && input.ShardCount === undefined) {
      throw invalidArgument('ShardCount must be given for a stream in PROVISIONED mode.')
    }
    const shardCount = input.ShardCount ?? onDemandShards
    const streams = store.all()
    if (openShardCount(streams) + shardCount > shardLimit) {
      throw new Fault(
        'LimitExceededException',
        `This request would exceed the shard limit of ${shardLimit} of this account.`,
      )
    }
    const onDemand = streams.filter(({ meta }) => meta.mode === 'ON_DEMAND').length
    if (mode === 'ON_DEMAND' && onDemand >= onDemandLimit) {
      throw new Fault('LimitExceededException', `This account may have ${onDemandLimit} on-demand streams.`)
    }
    await store.create({
      name: input.StreamName,
      mode,
      shardCount,
      maxRecordKiB: input.MaxRecordSizeInKiB ?? maxRecordKiB.min,
      tags: (input.Tags ?? []).map(([key, value]) => [key, value]),
    })
    return null
  },
)

const deleteStream = call(
  'DeleteStream',
  { ...ofStream, EnforceConsumerDeletion: flag() },
  async (store, input) => {
    const stream = store.find(input)
    if (stream.meta.consumers.length > 0 && input.EnforceConsumerDeletion !== true) {
      throw new Fault(
        'ResourceInUseException',
        `Stream ${stream.meta.name} has registered consumers. Deregister them, or set EnforceConsumerDeletion.`,
      )
    }
    await store.remove(stream)
    return null
  },
)

const describeStream = call(
  'DescribeStream',
  { ...ofStream, Limit: integer({ min: 1, max: 10_000 }), ExclusiveStartShardId: shardIdText },
  (store, input) => {
    const stream = store.find(input)
    const after = input.ExclusiveStartShardId
    const shards = stream.meta.shards
      .map(describeShard)
      .filter((shard) => after === undefined || shard.ShardId > after)
    const limit = input.Limit ?? 100
    return {
      StreamDescription: {
        ...head(store, stream),
        ...settings(stream),
        Shards: shards.slice(0, limit),
        HasMoreShards: shards.length > limit,
      },
    }
  },
)

const describeStreamSummary = call('DescribeStreamSummary', ofStream, (store, input) => {
  const stream = store.find(input)
  return {
    StreamDescriptionSummary: {
      ...head(store, stream),
      ...settings(stream),
      OpenShardCount: openShardCount([stream]),
      ConsumerCount: stream.meta.consumers.length,
      MaxRecordSizeInKiB: stream.meta.maxRecordKiB,
    },
  }
})

const listStreams = call(
  'ListStreams',
  {
    Limit: integer({ min: 1, max: 10_000 }),
    ExclusiveStartStreamName: streamName,
    NextToken: text({ min: 1, max: 1_048_576 }),
  },
  (store, input) => {
    const token =
      input.NextToken === undefined ? undefined : Buffer.from(input.NextToken, 'base64').toString()
    const after = token ?? input.ExclusiveStartStreamName ?? ''
    const all = [...store.all()].sort((a, b) => (a.meta.name < b.meta.name ? -1 : 1))
    const left = all.filter(({ meta }) => meta.name > after)
    const page = left.slice(0, input.Limit ?? 100)
    const last = page.at(-1)
    const more = left.length > page.length && last !== undefined
    return {
      StreamNames: page.map(({ meta }) => meta.name),
      StreamSummaries: page.map((stream) => head(store, stream)),
      HasMoreStreams: more,
      ...(more ? { NextToken: Buffer.from(last.meta.name).toString('base64') } : {}),
    }
  },
)

const describeLimits = call('DescribeLimits', {}, (store) => ({
  ShardLimit: shardLimit,
  OpenShardCount: openShardCount(store.all()),
  OnDemandStreamCount: store.all().filter(({ meta }) => meta.mode === 'ON_DEMAND').length,
  OnDemandStreamCountLimit: onDemandLimit,
}))

export const streamCalls: readonly Call[] = [
  createStream,
  deleteStream,
  describeStream,
  describeStreamSummary,
  listStreams,
  describeLimits,
]
