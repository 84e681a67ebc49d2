/** Our Kinesis as the AWS SDK sees it, over HTTP/2 and HTTP/1.1, and what it keeps over restarts. */
import {
  CreateStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  KinesisClient as Sdk,
  type ShardIteratorType,
  SplitShardCommand,
  UpdateMaxRecordSizeCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis'
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler'
import { afterEach, describe, expect, it } from 'vitest'
import { type TestKinesis, testKinesis } from '../helpers/kinesis.ts'

const open: TestKinesis[] = []
const sdks: Sdk[] = []
afterEach(async () => {
  for (const sdk of sdks.splice(0)) sdk.destroy()
  for (const kinesis of open.splice(0)) await kinesis.stop()
})

async function start(options: Parameters<typeof testKinesis>[0] = {}): Promise<TestKinesis> {
  const kinesis = await testKinesis(options)
  open.push(kinesis)
  return kinesis
}

async function restart(kinesis: TestKinesis, options = {}): Promise<TestKinesis> {
  open.splice(open.indexOf(kinesis), 1)
  const again = await kinesis.restart(options)
  open.push(again)
  return again
}

function connect(
  kinesis: TestKinesis,
  requestHandler = new NodeHttp2Handler() as NodeHttpHandler | NodeHttp2Handler,
) {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
  const sdk = new Sdk({
    endpoint: kinesis.server.endpoint,
    region: 'us-east-1',
    credentials,
    requestHandler,
    maxAttempts: 1,
  })
  sdks.push(sdk)
  return sdk
}

const StreamName = 'pins'
const first = 'shardId-000000000000'
const entry = (text: string, PartitionKey = text) => ({ Data: Buffer.from(text), PartitionKey })

async function iterator(
  sdk: Sdk,
  ShardId: string,
  ShardIteratorType: ShardIteratorType,
  more: { StartingSequenceNumber?: string; Timestamp?: Date } = {},
): Promise<string> {
  const input = { StreamName, ShardId, ShardIteratorType, ...more }
  return (await sdk.send(new GetShardIteratorCommand(input))).ShardIterator ?? ''
}

/** All records of a shard from a place on. */
async function read(sdk: Sdk, from: string, Limit = 10_000): Promise<{ text: string; sequence: bigint }[]> {
  const records: { text: string; sequence: bigint }[] = []
  let next: string | undefined = from
  while (next !== undefined) {
    const answer: Awaited<ReturnType<typeof page>> = await page(sdk, next, Limit)
    for (const record of answer.Records ?? []) {
      const text = Buffer.from(record.Data ?? []).toString()
      records.push({ text, sequence: BigInt(record.SequenceNumber ?? 0) })
    }
    if (answer.MillisBehindLatest === 0 && answer.Records?.length === 0) break
    next = answer.NextShardIterator
  }
  return records
}
const page = (sdk: Sdk, ShardIterator: string, Limit: number) =>
  sdk.send(new GetRecordsCommand({ ShardIterator, Limit }))

describe.each([
  ['HTTP/2', () => new NodeHttp2Handler()],
  ['HTTP/1.1', () => new NodeHttpHandler()],
])('over %s', (_, handler) => {
  it('writes and reads records of every iterator type', async () => {
    const sdk = connect(await start(), handler())
    await sdk.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
    const one = await sdk.send(new PutRecordCommand({ StreamName, ...entry('one') }))
    await new Promise((resolve) => setTimeout(resolve, 5))
    const between = new Date()
    const Records = [entry('two'), entry('три'), entry('')].map((each) => ({ ...each, PartitionKey: 'k' }))
    const rest = await sdk.send(new PutRecordsCommand({ StreamName, Records }))
    expect(one.ShardId).toBe(first)
    expect(rest.FailedRecordCount).toBe(0)
    const sequence = { StartingSequenceNumber: rest.Records?.[0]?.SequenceNumber ?? '' }
    const texts = async (type: ShardIteratorType, more = {}) =>
      (await read(sdk, await iterator(sdk, first, type, more), 2)).map(({ text }) => text)
    expect(await texts('TRIM_HORIZON')).toEqual(['one', 'two', 'три', ''])
    expect(await texts('AT_SEQUENCE_NUMBER', sequence)).toEqual(['two', 'три', ''])
    expect(await texts('AFTER_SEQUENCE_NUMBER', sequence)).toEqual(['три', ''])
    expect(await texts('AT_TIMESTAMP', { Timestamp: between })).toEqual(['two', 'три', ''])
    expect(await texts('LATEST')).toEqual([])
    const latest = await iterator(sdk, first, 'LATEST')
    await sdk.send(new PutRecordCommand({ StreamName, ...entry('five') }))
    expect((await read(sdk, latest)).map(({ text }) => text)).toEqual(['five'])
  })

  it('carries ten MiB there and back', async () => {
    const sdk = connect(await start({ enforceLimits: false }), handler())
    await sdk.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
    const Records = Array.from({ length: 10 }, (_, nth) => ({
      Data: Buffer.alloc(1024 * 1024 - 10, nth),
      PartitionKey: String(nth),
    }))
    expect((await sdk.send(new PutRecordsCommand({ StreamName, Records }))).FailedRecordCount).toBe(0)
    const { Records: found } = await page(sdk, await iterator(sdk, first, 'TRIM_HORIZON'), 10_000)
    expect(found?.map((record) => record.Data?.[7])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('keeps many requests at once apart', async () => {
    const sdk = connect(await start(), handler())
    await sdk.send(new CreateStreamCommand({ StreamName, ShardCount: 3 }))
    const puts = Array.from({ length: 60 }, (_, nth) =>
      sdk.send(
        new PutRecordsCommand({
          StreamName,
          Records: Array.from({ length: 20 }, (_, at) => entry(`${nth}-${at}`)),
        }),
      ),
    )
    const answers = await Promise.all(puts)
    const acknowledged = new Map(
      answers.flatMap((answer, nth) =>
        (answer.Records ?? []).map((record, at) => [
          `${record.ShardId} ${record.SequenceNumber}`,
          `${nth}-${at}`,
        ]),
      ),
    )
    expect(acknowledged.size).toBe(1_200)
    let found = 0
    for (const shard of ['0', '1', '2'].map((nth) => `shardId-00000000000${nth}`)) {
      for (const { text, sequence } of await read(sdk, await iterator(sdk, shard, 'TRIM_HORIZON'))) {
        expect(acknowledged.get(`${shard} ${sequence}`)).toBe(text)
        found += 1
      }
    }
    expect(found).toBe(1_200)
  })
})

describe('restart', () => {
  it('keeps streams, settings, tags, records, iterators and the order of sequence numbers', async () => {
    let kinesis = await start({ segmentBytes: 4_000 })
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 2, Tags: { team: 'a' } })
    await kinesis.ask('CreateStream', { StreamName: '__proto__', ShardCount: 1 })
    await kinesis.ask('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 })
    let sdk = connect(kinesis)
    const Records = Array.from({ length: 300 }, (_, nth) => ({ ...entry(`a${nth}`), ExplicitHashKey: '0' }))
    for (let at = 0; at < 300; at += 20) {
      await sdk.send(new PutRecordsCommand({ StreamName, Records: Records.slice(at, at + 20) }))
    }
    const token = await iterator(sdk, first, 'TRIM_HORIZON')
    const before = (await kinesis.ask('DescribeStream', { StreamName })).body
    kinesis = await restart(kinesis)
    sdk = connect(kinesis)
    expect((await kinesis.ask('DescribeStream', { StreamName })).body).toEqual(before)
    expect((await kinesis.ask('ListTagsForStream', { StreamName })).body.Tags).toEqual([
      { Key: 'team', Value: 'a' },
    ])
    expect((await kinesis.ask('ListStreams', {})).body.StreamNames).toEqual(['__proto__', StreamName])
    const { SequenceNumber } = await sdk.send(
      new PutRecordCommand({ StreamName, ...entry('b'), ExplicitHashKey: '0' }),
    )
    const records = await read(sdk, token, 50)
    expect(records.map(({ text }) => text)).toEqual([...Records.map(({ PartitionKey }) => PartitionKey), 'b'])
    expect(records.at(-1)?.sequence).toBe(BigInt(SequenceNumber ?? 0))
    for (const [nth, record] of records.slice(1).entries()) {
      expect(record.sequence).toBeGreaterThan(records[nth]?.sequence ?? 0n)
    }
  })

  it('goes on counting where the clock went back', async () => {
    let kinesis = await start()
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 1 })
    const put = { StreamName, Data: 'eA==', PartitionKey: 'a' }
    const before = (await kinesis.ask('PutRecord', put)).body.SequenceNumber
    kinesis = await restart(kinesis, { now: () => Date.now() - 3_600_000 })
    const after = (await kinesis.ask('PutRecord', put)).body.SequenceNumber
    expect(BigInt(after)).toBeGreaterThan(BigInt(before))
  })

  it('refuses damaged metadata and leaves it as it is', async () => {
    const kinesis = await start()
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 1 })
    const { readFile, writeFile } = await import('node:fs/promises')
    const file = `${kinesis.dir}/streams.json`
    const good = await readFile(file, 'utf8')
    await kinesis.server.close()
    await writeFile(file, good.slice(0, 100))
    await expect(testKinesis({ dir: kinesis.dir })).rejects.toMatchObject({ code: 'KINESIS_DATA_DAMAGED' })
    expect(await readFile(file, 'utf8')).toBe(good.slice(0, 100))
  })

  it('never shows records of a deleted stream in a new one of the same name', async () => {
    let kinesis = await start()
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 1 })
    await kinesis.ask('PutRecord', { StreamName, Data: 'eA==', PartitionKey: 'a' })
    const token = await iterator(connect(kinesis), first, 'TRIM_HORIZON')
    await kinesis.ask('DeleteStream', { StreamName })
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 1 })
    kinesis = await restart(kinesis)
    const sdk = connect(kinesis)
    expect(await read(sdk, await iterator(sdk, first, 'TRIM_HORIZON'))).toEqual([])
    expect((await kinesis.ask('GetRecords', { ShardIterator: token })).body.__type).toBe(
      'ResourceNotFoundException',
    )
  })
})

describe('shards', () => {
  it('leads a reader from a closed shard to its children without losing a record', async () => {
    const kinesis = await start()
    const sdk = connect(kinesis)
    await sdk.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
    const sent: string[] = []
    const put = async (count: number) => {
      const Records = Array.from({ length: count }, () => entry(`r${sent.push('') - 1}`))
      for (const [nth, record] of Records.entries()) sent[sent.length - count + nth] = record.PartitionKey
      expect((await sdk.send(new PutRecordsCommand({ StreamName, Records }))).FailedRecordCount).toBe(0)
    }
    await put(50)
    // Records keep coming while the shards change.
    await Promise.all([
      put(50),
      sdk.send(
        new UpdateShardCountCommand({ StreamName, TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' }),
      ),
      put(50),
    ])
    await put(50)
    const found: string[] = []
    const seen = new Set<string>()
    const queue = [first]
    while (queue.length > 0) {
      const shard = queue.shift() ?? ''
      if (seen.has(shard)) continue
      seen.add(shard)
      let next: string | undefined = await iterator(sdk, shard, 'TRIM_HORIZON')
      while (next !== undefined) {
        const answer: Awaited<ReturnType<typeof page>> = await page(sdk, next, 7)
        found.push(...(answer.Records ?? []).map((record) => Buffer.from(record.Data ?? []).toString()))
        for (const child of answer.ChildShards ?? []) queue.push(child.ShardId ?? '')
        if (answer.Records?.length === 0 && answer.NextShardIterator) break
        next = answer.NextShardIterator
      }
    }
    expect([...found].sort()).toEqual([...sent].sort())
    expect(seen.size).toBe((await sdk.send(new ListShardsCommand({ StreamName }))).Shards?.length)
  })

  it('lists no shard that cannot be read yet', async () => {
    const kinesis = await start()
    const sdk = connect(kinesis)
    await sdk.send(new CreateStreamCommand({ StreamName, ShardCount: 16 }))
    let splitting = true
    const seen = new Set<string>()
    const reader = async () => {
      while (splitting) {
        const { Shards } = await sdk.send(new ListShardsCommand({ StreamName }))
        const fresh = (Shards ?? []).flatMap(({ ShardId: id = '' }) => (seen.has(id) ? [] : [id]))
        for (const id of fresh) seen.add(id)
        await Promise.all(fresh.map((id) => iterator(sdk, id, 'TRIM_HORIZON')))
      }
    }
    const scale = async () => {
      for (const TargetShardCount of [32, 64, 128]) {
        await sdk.send(
          new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }),
        )
      }
      splitting = false
    }
    await Promise.all([reader(), scale()])
    expect(seen.size).toBeGreaterThan(16 + 32)
  })

  it('splits and merges, and survives a restart in between', async () => {
    let kinesis = await start()
    let sdk = connect(kinesis)
    await sdk.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
    await sdk.send(new PutRecordCommand({ StreamName, ...entry('parent') }))
    await sdk.send(
      new SplitShardCommand({ StreamName, ShardToSplit: first, NewStartingHashKey: String(2n ** 127n) }),
    )
    kinesis = await restart(kinesis)
    sdk = connect(kinesis)
    const put = await sdk.send(new PutRecordCommand({ StreamName, ...entry('child'), ExplicitHashKey: '0' }))
    expect(put.ShardId).toBe('shardId-000000000001')
    await sdk.send(
      new MergeShardsCommand({
        StreamName,
        ShardToMerge: 'shardId-000000000002',
        AdjacentShardToMerge: 'shardId-000000000001',
      }),
    )
    const { Shards } = await sdk.send(new ListShardsCommand({ StreamName }))
    expect(Shards?.at(-1)).toMatchObject({
      ShardId: 'shardId-000000000003',
      ParentShardId: 'shardId-000000000002',
      AdjacentParentShardId: 'shardId-000000000001',
    })
    kinesis = await restart(kinesis)
    sdk = connect(kinesis)
    expect((await read(sdk, await iterator(sdk, first, 'TRIM_HORIZON')))[0]?.text).toBe('parent')
    expect((await read(sdk, await iterator(sdk, 'shardId-000000000001', 'TRIM_HORIZON')))[0]?.text).toBe(
      'child',
    )
    const last = await sdk.send(new PutRecordCommand({ StreamName, ...entry('grandchild') }))
    expect(last.ShardId).toBe('shardId-000000000003')
    expect(BigInt(last.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(put.SequenceNumber ?? 0))
  })

  it('lists many shards in pages and gives an on-demand stream four', async () => {
    const kinesis = await start()
    const sdk = connect(kinesis)
    await sdk.send(new CreateStreamCommand({ StreamName, ShardCount: 25 }))
    const ids: string[] = []
    let NextToken: string | undefined
    do {
      const input = NextToken ? { NextToken, MaxResults: 10 } : { StreamName, MaxResults: 10 }
      const answer = await sdk.send(new ListShardsCommand(input))
      ids.push(...(answer.Shards ?? []).map(({ ShardId }) => ShardId ?? ''))
      NextToken = answer.NextToken
    } while (NextToken)
    expect(new Set(ids).size).toBe(25)
    const StreamModeDetails = { StreamMode: 'ON_DEMAND' } as const
    await sdk.send(new CreateStreamCommand({ StreamName: 'od', StreamModeDetails }))
    const { StreamDescription } = await sdk.send(new DescribeStreamCommand({ StreamName: 'od' }))
    expect(StreamDescription?.Shards).toHaveLength(4)
    expect(await sdk.send(new DescribeLimitsCommand({}))).toMatchObject({ OpenShardCount: 29 })
  })
})

describe('time', () => {
  it('ends iterators and page tokens after five minutes', async () => {
    let time = Date.now()
    const kinesis = await start({ now: () => time })
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 2 })
    const { ShardIterator } = (
      await kinesis.ask('GetShardIterator', { StreamName, ShardId: first, ShardIteratorType: 'LATEST' })
    ).body
    const { NextToken } = (await kinesis.ask('ListShards', { StreamName, MaxResults: 1 })).body
    time += 300_000
    expect((await kinesis.ask('GetRecords', { ShardIterator })).status).toBe(200)
    time += 1
    expect((await kinesis.ask('GetRecords', { ShardIterator })).body.__type).toBe('ExpiredIteratorException')
    expect((await kinesis.ask('ListShards', { NextToken })).body.__type).toBe('ExpiredNextTokenException')
  })

  it('hides what is older than the retention at once, and closed shards when they are', async () => {
    let time = Date.now()
    const kinesis = await start({ now: () => time })
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 1 })
    const put = (text: string) =>
      kinesis.ask('PutRecord', { StreamName, Data: Buffer.from(text).toString('base64'), PartitionKey: 'a' })
    const all = async (shard: string) => {
      const start = { StreamName, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' }
      const { ShardIterator } = (await kinesis.ask('GetShardIterator', start)).body
      const { Records } = (await kinesis.ask('GetRecords', { ShardIterator })).body
      return Records.map(({ Data }: { Data: string }) => Buffer.from(Data, 'base64').toString())
    }
    await put('old')
    time += 3_600_000
    await put('young')
    expect(await all(first)).toEqual(['old', 'young'])
    time += 23.5 * 3_600_000
    expect(await all(first)).toEqual(['young'])
    await kinesis.ask('UpdateShardCount', { StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' })
    expect(await all(first)).toEqual(['young'])
    time += 25 * 3_600_000
    expect(await all(first)).toEqual([])
    const again = await restart(kinesis, { now: () => time })
    await expect.poll(async () => (await again.ask('ListShards', { StreamName })).body.Shards.length).toBe(2)
  })
})

describe('limits', () => {
  const records = (count: number, bytes = 1) =>
    Array.from({ length: count }, () => ({ Data: Buffer.alloc(bytes).toString('base64'), PartitionKey: 'a' }))

  it('refuses the 1,001st record of a second by itself, inside a 200', async () => {
    let time = Date.now()
    const kinesis = await start({ enforceLimits: true, now: () => time })
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 1 })
    const put = async () => (await kinesis.ask('PutRecords', { StreamName, Records: records(400) })).body
    expect([(await put()).FailedRecordCount, (await put()).FailedRecordCount]).toEqual([0, 0])
    const third = await put()
    expect(third.FailedRecordCount).toBe(200)
    expect(third.Records[199]).toHaveProperty('SequenceNumber')
    expect(third.Records[200]).toEqual({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: `Rate exceeded for shard ${first} in stream ${StreamName} under account 000000000000.`,
    })
    const one = await kinesis.ask('PutRecord', { StreamName, Data: 'eA==', PartitionKey: 'a' })
    expect([one.status, one.body.__type]).toEqual([400, 'ProvisionedThroughputExceededException'])
    time += 1_000
    expect((await put()).FailedRecordCount).toBe(0)
    expect(kinesis.server.stats().get(StreamName)).toMatchObject({
      accepted: 1_400,
      throttled: 201,
      records: 1_400,
    })
  })

  it('refuses more than five reads a second of one shard', async () => {
    let time = Date.now()
    const kinesis = await start({ enforceLimits: true, now: () => time })
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 2 })
    const tokens = await Promise.all(
      [first, 'shardId-000000000001'].map(async (ShardId) => {
        const at = { StreamName, ShardId, ShardIteratorType: 'LATEST' }
        return (await kinesis.ask('GetShardIterator', at)).body.ShardIterator
      }),
    )
    const statuses: number[] = []
    for (let nth = 0; nth < 6; nth += 1) {
      statuses.push((await kinesis.ask('GetRecords', { ShardIterator: tokens[0] })).status)
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 400])
    expect((await kinesis.ask('GetRecords', { ShardIterator: tokens[1] })).status).toBe(200)
    time += 200
    expect((await kinesis.ask('GetRecords', { ShardIterator: tokens[0] })).status).toBe(200)
  })

  it('goes by the record size of the stream, 500 records and 10 MiB a request', async () => {
    const kinesis = await start({ enforceLimits: true })
    const sdk = connect(kinesis)
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 10 })
    const put = (Records: object[]) => kinesis.ask('PutRecords', { StreamName, Records })
    expect((await put(records(501))).body.__type).toBe('ValidationException')
    expect((await put(records(1, 1_048_576))).body.__type).toBe('ValidationException')
    expect((await put(records(1, 1_048_575))).status).toBe(200)
    expect((await put(records(11, 1_000_000))).body.__type).toBe('InvalidArgumentException')
    const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`
    await sdk.send(new UpdateMaxRecordSizeCommand({ StreamARN, MaxRecordSizeInKiB: 4_096 }))
    const wide = {
      Data: Buffer.alloc(3_000_000).toString('base64'),
      PartitionKey: 'z',
      ExplicitHashKey: String(2n ** 128n - 1n),
    }
    expect((await put([wide])).body.FailedRecordCount).toBe(0)
    expect(
      (
        await kinesis.ask('UpdateShardCount', {
          StreamName,
          TargetShardCount: 21,
          ScalingType: 'UNIFORM_SCALING',
        })
      ).body.__type,
    ).toBe('LimitExceededException')
  })

  it('enforces none of them when switched off', async () => {
    const kinesis = await start({ enforceLimits: false })
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 1 })
    expect(
      (await kinesis.ask('PutRecords', { StreamName, Records: records(3_000) })).body.FailedRecordCount,
    ).toBe(0)
    expect(
      (await kinesis.ask('PutRecords', { StreamName, Records: records(2, 3_000_000) })).body
        .FailedRecordCount,
    ).toBe(0)
  })

  it('only asks whether it would succeed where DryRun is set', async () => {
    const kinesis = await start()
    await kinesis.ask('CreateStream', { StreamName, ShardCount: 1 })
    const put = { StreamName, Data: 'eA==', PartitionKey: 'a', DryRun: true }
    expect((await kinesis.ask('PutRecord', put)).body.__type).toBe('DryRunOperationException')
    expect(kinesis.server.stats().get(StreamName)?.records).toBe(0)
  })
})
