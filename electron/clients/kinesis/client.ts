/** Kinesis through the AWS SDK, which is imported nowhere else. */
import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordsCommand,
  KinesisClient as Sdk,
  type Shard,
  UpdateMaxRecordSizeCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis'
import type { Network } from '../../lib/network.ts'
import { askedEachTime } from '../aws/clientConfig.ts'
import type { WhoseKeys } from '../aws/types.ts'
import { awsHandler } from '../awsHandler.ts'
import { consumerCalls } from './consumers.ts'
import { kinesisError } from './errors.ts'
import { readRecord } from './record.ts'
import type { IteratorStart, KinesisAddress, KinesisClient, ShardInfo, StreamInfo } from './types.ts'

/** How long a stream may take to become ACTIVE or to be gone, seconds. */
const waitSeconds = 300

/** Whether a Kinesis is AWS's own. What imitates it elsewhere checks no signature, and must never see a real key. */
export const isAwsKinesis = (endpoint: string): boolean =>
  endpoint === '' || new URL(endpoint).hostname.endsWith('.amazonaws.com')

function credentialsFor(endpoint: string, keys: WhoseKeys) {
  if (!isAwsKinesis(endpoint)) return { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
  return keys === null ? {} : { credentials: askedEachTime(keys) }
}

/** Calls do nothing until used; keys are asked for with each one, and only for AWS itself. Calls reject with AppError. */
export function connectKinesis(
  address: KinesisAddress,
  network: Network = {},
  keys: WhoseKeys = null,
): Required<KinesisClient> {
  const { endpoint, region } = address
  const shared = {
    region,
    ...(endpoint === '' ? {} : { endpoint }),
    ...credentialsFor(endpoint, keys),
    requestHandler: awsHandler(endpoint, network),
  }
  const sdk = new Sdk({ ...shared, maxAttempts: 3 })
  /** For calls that would do something twice, or whose refusal the caller wants to see. */
  const once = new Sdk({ ...shared, maxAttempts: 1 })
  /** Each subscription holds a connection for minutes: they must not use up those of the other calls. */
  const pushes = new Sdk({
    ...shared,
    maxAttempts: 1,
    requestHandler: awsHandler(endpoint, network, Number.POSITIVE_INFINITY),
  })

  const guarded = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (thrown) {
      throw kinesisError(thrown, what)
    }
  }

  const describe = (stream: string): Promise<StreamInfo> =>
    guarded(stream, async () => {
      const answer = await sdk.send(new DescribeStreamSummaryCommand({ StreamName: stream }))
      const summary = answer.StreamDescriptionSummary
      return {
        name: stream,
        arn: summary?.StreamARN ?? '',
        state: summary?.StreamStatus ?? 'CREATING',
        mode: summary?.StreamModeDetails?.StreamMode ?? 'PROVISIONED',
        openShards: summary?.OpenShardCount ?? 0,
        retentionHours: summary?.RetentionPeriodHours ?? 24,
        maxRecordBytes: (summary?.MaxRecordSizeInKiB ?? 1_024) * 1_024,
      }
    })

  const untilActive = async (stream: string, signal: AbortSignal) => {
    const wait = { client: sdk, maxWaitTime: waitSeconds, minDelay: 1, maxDelay: 10, abortSignal: signal }
    await waitUntilStreamExists(wait, { StreamName: stream })
  }

  return {
    listStreams: () =>
      guarded(endpoint || region, async () => {
        const names: string[] = []
        for (let more = true; more; ) {
          // By the last name, which every server understands; page tokens are not known to all.
          const ExclusiveStartStreamName = names.at(-1)
          const page = await sdk.send(new ListStreamsCommand({ Limit: 100, ExclusiveStartStreamName }))
          names.push(...(page.StreamNames ?? []))
          more = page.HasMoreStreams === true && page.StreamNames?.length !== 0
        }
        return names
      }),

    describe,

    shards: (stream) =>
      guarded(stream, async () => {
        const shards: ShardInfo[] = []
        let NextToken: string | undefined
        do {
          const input = NextToken === undefined ? { StreamName: stream } : { NextToken }
          const page = await sdk.send(new ListShardsCommand(input))
          shards.push(...(page.Shards ?? []).map(shardInfo))
          NextToken = page.NextToken
        } while (NextToken !== undefined)
        return shards
      }),

    createStream: (stream, shards, signal) =>
      guarded(stream, async () => {
        const abort = { abortSignal: signal }
        await sdk.send(new CreateStreamCommand({ StreamName: stream, ShardCount: shards }), abort)
        await untilActive(stream, signal)
      }),

    deleteStream: (stream, signal) =>
      guarded(stream, async () => {
        const abort = { abortSignal: signal }
        await sdk.send(new DeleteStreamCommand({ StreamName: stream, EnforceConsumerDeletion: true }), abort)
        const wait = { client: sdk, maxWaitTime: waitSeconds, minDelay: 1, maxDelay: 10, ...abort }
        await waitUntilStreamNotExists(wait, { StreamName: stream })
      }),

    setRetention: (stream, hours) =>
      guarded(stream, async () => {
        const { retentionHours } = await describe(stream)
        const input = { StreamName: stream, RetentionPeriodHours: hours }
        if (hours > retentionHours) await sdk.send(new IncreaseStreamRetentionPeriodCommand(input))
        if (hours < retentionHours) await sdk.send(new DecreaseStreamRetentionPeriodCommand(input))
      }),

    scale: (stream, shards, signal) =>
      guarded(stream, async () => {
        for (;;) {
          const { openShards } = await describe(stream)
          if (openShards === shards) return
          // One call goes at most to double or half.
          const target = Math.min(openShards * 2, Math.max(Math.ceil(openShards / 2), shards))
          const input = {
            StreamName: stream,
            TargetShardCount: target,
            ScalingType: 'UNIFORM_SCALING',
          } as const
          await once.send(new UpdateShardCountCommand(input), { abortSignal: signal })
          await untilActive(stream, signal)
        }
      }),

    setMode: (stream, mode, signal) =>
      guarded(stream, async () => {
        const { arn } = await describe(stream)
        const input = { StreamARN: arn, StreamModeDetails: { StreamMode: mode } }
        await once.send(new UpdateStreamModeCommand(input), { abortSignal: signal })
        await untilActive(stream, signal)
      }),

    setMaxRecord: (stream, kib, signal) =>
      guarded(stream, async () => {
        const { arn } = await describe(stream)
        const input = { StreamARN: arn, MaxRecordSizeInKiB: kib }
        await once.send(new UpdateMaxRecordSizeCommand(input), { abortSignal: signal })
        await untilActive(stream, signal)
      }),

    putRecords: (stream, entries) =>
      guarded(stream, async () => {
        const Records = entries.map(({ data, partitionKey, explicitHashKey }) => ({
          Data: data,
          PartitionKey: partitionKey,
          ...(explicitHashKey === undefined ? {} : { ExplicitHashKey: explicitHashKey }),
        }))
        const answer = await once.send(new PutRecordsCommand({ StreamName: stream, Records }))
        return (answer.Records ?? []).map((record) =>
          record.ErrorCode === undefined
            ? { ok: true, shard: record.ShardId ?? '', sequence: BigInt(record.SequenceNumber ?? 0) }
            : { ok: false, code: record.ErrorCode, message: record.ErrorMessage ?? '' },
        )
      }),

    iterator: (stream, shard, start) =>
      guarded(stream, async () => {
        const input = { StreamName: stream, ShardId: shard, ...startInput(start) }
        const answer = await sdk.send(new GetShardIteratorCommand(input))
        return answer.ShardIterator ?? ''
      }),

    getRecords: (shard, iterator, limit) =>
      guarded(shard, async () => {
        const answer = await once.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: limit }))
        return {
          records: (answer.Records ?? []).map((record) => readRecord(shard, record)),
          next: answer.NextShardIterator ?? null,
          millisBehindLatest: answer.MillisBehindLatest ?? 0,
          childShards: (answer.ChildShards ?? []).flatMap((child) => child.ShardId ?? []),
        }
      }),

    ...consumerCalls({ sdk, pushes, arnOf: async (stream) => (await describe(stream)).arn, guarded }),

    async close() {
      sdk.destroy()
      once.destroy()
      pushes.destroy()
    },
  }
}

function startInput(start: IteratorStart) {
  if (start.type === 'AT_TIMESTAMP') {
    return { ShardIteratorType: start.type, Timestamp: new Date(start.time) }
  }
  if ('sequence' in start) {
    return { ShardIteratorType: start.type, StartingSequenceNumber: start.sequence.toString() }
  }
  return { ShardIteratorType: start.type }
}

function shardInfo(shard: Shard): ShardInfo {
  const { StartingSequenceNumber: first, EndingSequenceNumber: last } = shard.SequenceNumberRange ?? {}
  return {
    id: shard.ShardId ?? '',
    parent: shard.ParentShardId ?? null,
    adjacentParent: shard.AdjacentParentShardId ?? null,
    startHash: BigInt(shard.HashKeyRange?.StartingHashKey ?? 0),
    endHash: BigInt(shard.HashKeyRange?.EndingHashKey ?? 0),
    firstSequence: BigInt(first ?? 0),
    lastSequence: last === undefined ? null : BigInt(last),
  }
}
