/** Our Kinesis answers what kinesis-local answers, call by call; where it differs on purpose the reason stands beside it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  ask,
  base64,
  eventually,
  startKinesisLocal,
  type TestKinesis,
  testKinesis,
} from '../helpers/kinesis.ts'

let ours: TestKinesis
let theirs: Awaited<ReturnType<typeof startKinesisLocal>>

beforeAll(async () => {
  ours = await testKinesis({ enforceLimits: true })
  theirs = await startKinesisLocal()
})
afterAll(async () => {
  await theirs?.stop()
  await ours?.stop()
})

/** Values that are different with every server and every call. */
const varying = /SequenceNumber$|Timestamp$|ShardIterator$|NextToken$/
/**
 * Left out: what kinesis-local gives beyond AWS (null where there is nothing, an end for open shards, EncryptionType of
 * records, a NextToken on the last page), what only we and AWS give (summaries, the record size, the ARN of a reshard),
 * and limits that each server sets for itself.
 */
const leftOut = new Set([
  'EncryptionType',
  'EndingSequenceNumber',
  'NextToken',
  'StreamSummaries',
  'MaxRecordSizeInKiB',
  'MillisBehindLatest',
])
/** AWS and we tell apart a wrong type and a wrong value; kinesis-local mostly says InvalidArgument for either. */
const refusals = /^(ValidationException|SerializationException|InvalidArgumentException)$/

function comparable(answer: { status: number; body: unknown }): unknown {
  const body = JSON.stringify(answer.body, (name, value: unknown) => {
    if (value === null || leftOut.has(name)) return undefined
    if (name === 'message' || name === 'Message') return typeof value
    if (name === '__type' && refusals.test(String(value))) return 'refused'
    if (varying.test(name)) return typeof value
    // A consumer's tags are no part of its description on AWS and here.
    if (name === 'Tags' && !Array.isArray(value)) return undefined
    if (name === 'ConsumerARN') return String(value).replace(/\d+$/, '')
    // kinesis-local ends the first of two shards one key too early; AWS and we do not.
    if (name.endsWith('HashKey')) return String(value).slice(0, -1)
    return value
  })
  return { status: answer.status, body: body === undefined ? '' : JSON.parse(body) }
}

type Memory = Record<string, string>
const memories: { ours: Memory; theirs: Memory } = { ours: {}, theirs: {} }

/** Both are asked the same; `keep` remembers values that later requests need, for each server its own. */
async function same(
  call: string,
  body: object | ((memory: Memory) => object),
  keep?: (body: Record<string, string>, memory: Memory) => void,
): Promise<void> {
  const request = (memory: Memory) => (typeof body === 'function' ? body(memory) : body)
  const mine = await ours.ask(call, request(memories.ours))
  const other = await ask(theirs.endpoint, call, request(memories.theirs))
  expect({ call, ...(comparable(mine) as object) }).toEqual({ call, ...(comparable(other) as object) })
  keep?.(mine.body, memories.ours)
  keep?.(other.body, memories.theirs)
}

/** kinesis-local changes streams a little later; ours has done so when it answers. */
async function settled(stream: string): Promise<void> {
  await eventually(async () => {
    const answer = await ask(theirs.endpoint, 'DescribeStreamSummary', { StreamName: stream })
    return answer.body.StreamDescriptionSummary.StreamStatus === 'ACTIVE'
  })
}

it('streams', async () => {
  await same('ListStreams', {})
  await same('CreateStream', { StreamName: 'foo', ShardCount: 2 })
  await settled('foo')
  await same('CreateStream', { StreamName: 'foo', ShardCount: 2 })
  await same('CreateStream', { StreamName: 'foo!', ShardCount: 2 })
  await same('CreateStream', { StreamName: 'x', ShardCount: 5_000 })
  await same('CreateStream', { ShardCount: 1 })
  await same('CreateStream', { StreamName: 'bad', StreamModeDetails: { StreamMode: 'X' } })
  await same('CreateStream', { StreamName: 'on-demand', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  await settled('on-demand')
  await same('ListStreams', {})
  await same('ListStreams', { Limit: 1 })
  await same('ListStreams', { ExclusiveStartStreamName: 'foo' })
  await same('ListStreams', { Limit: 'x' })
  await same('ListStreams', { Limit: 0 })
  await same('DescribeStream', { StreamName: 'foo' })
  await same('DescribeStream', { StreamName: 'foo', Limit: 1 })
  await same('DescribeStream', { StreamName: 'foo', ExclusiveStartShardId: 'shardId-000000000000' })
  await same('DescribeStream', { StreamName: 'nope' })
  await same('DescribeStreamSummary', { StreamName: 'foo' })
  await same('DescribeStreamSummary', { StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/foo' })
  await same('DescribeStreamSummary', { StreamName: 'on-demand' })
  await same('DescribeStreamSummary', {})
  await same('DescribeLimits', {})
})

it('shards', async () => {
  await same('ListShards', { StreamName: 'foo' })
  await same('ListShards', { StreamName: 'foo', MaxResults: 1 }, (body, memory) => {
    memory.token = body.NextToken ?? ''
  })
  await same('ListShards', (memory) => ({ NextToken: memory.token }))
  await same('ListShards', { NextToken: 'abc' })
  await same('ListShards', { StreamName: 'foo', NextToken: 'abc' })
  for (const Type of [
    'AT_LATEST',
    'AT_TRIM_HORIZON',
    'FROM_TRIM_HORIZON',
    'AFTER_SHARD_ID',
    'AT_TIMESTAMP',
  ]) {
    await same('ListShards', { StreamName: 'foo', ShardFilter: { Type } })
  }
  const filter = { Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000000' }
  await same('ListShards', { StreamName: 'foo', ShardFilter: filter })
})

it('writing', async () => {
  const put = { StreamName: 'foo', Data: base64('hi'), PartitionKey: 'a' }
  await same('PutRecord', put, (body, memory) => {
    memory.shard = body.ShardId ?? ''
    memory.sequence = body.SequenceNumber ?? ''
  })
  await same('PutRecord', (memory) => ({ ...put, SequenceNumberForOrdering: memory.sequence }))
  await same('PutRecord', { ...put, Data: '', ExplicitHashKey: '0' })
  await same('PutRecord', { ...put, ExplicitHashKey: '340282366920938463463374607431768211455' })
  await same('PutRecord', { ...put, ExplicitHashKey: '340282366920938463463374607431768211456' })
  await same('PutRecord', { ...put, ExplicitHashKey: '-1' })
  await same('PutRecord', { ...put, PartitionKey: '' })
  await same('PutRecord', { ...put, PartitionKey: 'k'.repeat(257) })
  await same('PutRecord', { StreamName: 'foo', Data: base64('hi') })
  await same('PutRecord', { StreamName: 'foo', PartitionKey: 'a' })
  await same('PutRecord', { ...put, StreamName: 'nope' })
  await same('PutRecord', { ...put, Data: base64(Buffer.alloc(1_048_577)) })
  const records = ['a', 'test', 'pin_pk', 'partition-1'].map((PartitionKey) => ({
    Data: base64('1'),
    PartitionKey,
  }))
  await same('PutRecords', { StreamName: 'foo', Records: records })
  await same('PutRecords', { StreamName: 'foo', Records: 'x' })
})

it('reading', async () => {
  const at = (memory: Memory, ShardIteratorType: string) => ({
    StreamName: 'foo',
    ShardId: memory.shard,
    ShardIteratorType,
  })
  const keepIterator = (body: Record<string, string>, memory: Memory) => {
    memory.iterator = body.ShardIterator ?? body.NextShardIterator ?? ''
  }
  const read = (Limit: number) =>
    same('GetRecords', (memory) => ({ ShardIterator: memory.iterator, Limit }), keepIterator)

  await same('GetShardIterator', (memory) => at(memory, 'TRIM_HORIZON'), keepIterator)
  await read(2)
  await read(100)
  for (const type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']) {
    await same(
      'GetShardIterator',
      (memory) => ({ ...at(memory, type), StartingSequenceNumber: memory.sequence }),
      keepIterator,
    )
    await read(1)
  }
  await same('GetShardIterator', (memory) => at(memory, 'LATEST'), keepIterator)
  await read(1)

  for (const type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'AT_TIMESTAMP', 'NOPE']) {
    await same('GetShardIterator', (memory) => at(memory, type))
  }
  await same('GetShardIterator', (memory) => ({
    ...at(memory, 'AT_TIMESTAMP'),
    Timestamp: Date.now() / 1_000 + 1_000,
  }))
  await same('GetShardIterator', { ...at({ shard: 'shardId-000000000007' }, 'TRIM_HORIZON') })
  await same('GetShardIterator', { ...at({ shard: 'x' }, 'TRIM_HORIZON') })
  await same('GetRecords', {})
})

it('settings and tags', async () => {
  await same('IncreaseStreamRetentionPeriod', { StreamName: 'foo', RetentionPeriodHours: 48 })
  await same('IncreaseStreamRetentionPeriod', { StreamName: 'foo', RetentionPeriodHours: 24 })
  await same('DecreaseStreamRetentionPeriod', { StreamName: 'foo', RetentionPeriodHours: 30 })
  await same('DecreaseStreamRetentionPeriod', { StreamName: 'foo', RetentionPeriodHours: 50 })
  await same('DecreaseStreamRetentionPeriod', { StreamName: 'foo', RetentionPeriodHours: 5 })
  await same('DescribeStreamSummary', { StreamName: 'foo' })
  await same('AddTagsToStream', { StreamName: 'foo', Tags: { a: 'b', c: '' } })
  await same('ListTagsForStream', { StreamName: 'foo' })
  await same('ListTagsForStream', { StreamName: 'foo', Limit: 1 })
  await same('RemoveTagsFromStream', { StreamName: 'foo', TagKeys: ['a'] })
  const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/foo'
  await same('ListTagsForResource', { ResourceARN: arn })
  await same('UpdateStreamMode', { StreamARN: 'foo', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
})

it('consumers of enhanced fan-out', async () => {
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/foo'
  const keepArn = (body: { Consumer?: { ConsumerARN?: string } }, memory: Memory) => {
    memory.consumer = body.Consumer?.ConsumerARN ?? ''
  }
  const ready = (name: string) =>
    eventually(async () => {
      const answer = await ask(theirs.endpoint, 'DescribeStreamConsumer', { StreamARN, ConsumerName: name })
      return answer.body.ConsumerDescription.ConsumerStatus === 'ACTIVE'
    })
  await same('ListStreamConsumers', { StreamARN })
  await same('RegisterStreamConsumer', { StreamARN, ConsumerName: 'one' }, keepArn as never)
  await ready('one')
  await same('RegisterStreamConsumer', { StreamARN, ConsumerName: 'two' })
  await ready('two')
  await same('RegisterStreamConsumer', { StreamARN, ConsumerName: 'one' })
  await same('RegisterStreamConsumer', { StreamARN, ConsumerName: 'bad name' })
  await same('RegisterStreamConsumer', { StreamARN: `${StreamARN}-not`, ConsumerName: 'one' })
  await same('RegisterStreamConsumer', { ConsumerName: 'one' })
  await same('ListStreamConsumers', { StreamARN })
  await same('ListStreamConsumers', { StreamARN, MaxResults: 1 })
  await same('DescribeStreamConsumer', { StreamARN, ConsumerName: 'two' })
  await same('DescribeStreamConsumer', (memory) => ({ ConsumerARN: memory.consumer }))
  await same('DescribeStreamConsumer', { StreamARN, ConsumerName: 'nobody' })
  await same('DescribeStreamConsumer', { ConsumerName: 'two' })
  await same('TagResource', (memory) => ({ ResourceARN: memory.consumer, Tags: { a: 'b' } }))
  await same('ListTagsForResource', (memory) => ({ ResourceARN: memory.consumer }))
  await same('UntagResource', (memory) => ({ ResourceARN: memory.consumer, TagKeys: ['a'] }))
  await same('DeregisterStreamConsumer', (memory) => ({ ConsumerARN: memory.consumer }))
  await same('DeregisterStreamConsumer', { StreamARN, ConsumerName: 'two' })
  await same('DeregisterStreamConsumer', { StreamARN, ConsumerName: 'nobody' })
  await eventually(async () => {
    const answer = await ask(theirs.endpoint, 'ListStreamConsumers', { StreamARN })
    return answer.body.Consumers.length === 0
  })
  await same('ListStreamConsumers', { StreamARN })
})

it('splitting and merging', async () => {
  await same('CreateStream', { StreamName: 'split', ShardCount: 1 })
  await settled('split')
  const middle = '170141183460469231731687303715884105728'
  const split = { StreamName: 'split', NewStartingHashKey: middle }
  await same('SplitShard', { ...split, ShardToSplit: 'shardId-000000000000' })
  await settled('split')
  await same('SplitShard', { ...split, ShardToSplit: 'shardId-000000000000' })
  await same('SplitShard', { ...split, ShardToSplit: 'shardId-000000000009' })
  await same('ListShards', { StreamName: 'split' })
  const merge = { ShardToMerge: 'shardId-000000000001', AdjacentShardToMerge: 'shardId-000000000002' }
  await same('MergeShards', { StreamName: 'split', ...merge })
  await settled('split')
  await same('MergeShards', { StreamName: 'split', ...merge })
  await same('ListShards', { StreamName: 'split' })
  await same('ListShards', { StreamName: 'split', ShardFilter: { Type: 'AT_LATEST' } })
  await same('UpdateShardCount', { StreamName: 'split', TargetShardCount: 1, ScalingType: 'X' })
})

it('deleting', async () => {
  await same('DeleteStream', { StreamName: 'split' })
  await same('DeleteStream', { StreamName: 'nope' })
  await eventually(async () => {
    const answer = await ask(theirs.endpoint, 'DescribeStream', { StreamName: 'split' })
    return answer.body.__type === 'ResourceNotFoundException'
  })
  await same('DescribeStream', { StreamName: 'split' })
  await same('ListStreams', {})
})
