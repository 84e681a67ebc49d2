import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { type TestGateway, testGateway } from '../../tests/helpers/memoryGateway.ts'
import type { KinesisClient, PutEntry, PutResult } from '../clients/kinesis/types.ts'

const puts: { stream: string; entries: readonly PutEntry[] }[] = []
let results: (entries: readonly PutEntry[]) => PutResult[]
let failure: unknown = null
let created: [string, number] | null = null

const kinesis: KinesisClient = {
  listStreams: async () => ['b', 'a'],
  describe: async (name) => ({
    name,
    arn: `arn:${name}`,
    state: 'ACTIVE',
    mode: 'PROVISIONED',
    openShards: 1,
    retentionHours: 24,
    maxRecordBytes: 1_048_576,
  }),
  shards: async () => [
    {
      id: 'shardId-000000000000',
      parent: null,
      adjacentParent: null,
      startHash: 0n,
      endHash: 2n ** 128n - 1n,
      firstSequence: 49_000n,
      lastSequence: null,
    },
  ],
  createStream: async (stream, shards) => {
    if (failure !== null) throw failure
    created = [stream, shards]
  },
  deleteStream: async () => undefined,
  putRecords: async (stream, entries) => {
    if (failure !== null) throw failure
    puts.push({ stream, entries })
    return results(entries)
  },
  iterator: async (_, shard, from) => `${shard}:${from.type}:${'sequence' in from ? from.sequence : ''}`,
  getRecords: async (_, iterator, limit) => ({
    records: [{ shard: '', sequence: 7n, partitionKey: 'k', data: Buffer.from('é'), arrivedAt: 1_500 }],
    next: iterator === 'last' ? null : `next-${limit}`,
    millisBehindLatest: 5,
    childShards: [],
  }),
  close: async () => undefined,
}

let gateway: TestGateway
beforeEach(() => {
  gateway = testGateway({ kinesis })
  puts.length = 0
  failure = null
  created = null
  results = (entries) =>
    entries.map((_, at) => ({ ok: true, shard: 'shardId-000000000000', sequence: 49_000n + BigInt(at) }))
})
afterEach(() => gateway.close())

const put = (path: string, body: string | object, type = 'application/json') =>
  gateway.call('PUT', `/streams/${path}`, body, type === '' ? {} : { 'content-type': type })
const data = () => puts.flatMap((each) => each.entries).map((entry) => entry.data.toString())

describe('record', () => {
  it('takes nested Data as the original sends it, encoded once (F-46)', async () => {
    const answer = await put(
      's-pin/record',
      '{"StreamName":"other","Data":{"n": 12345678901234567890},"PartitionKey":"p"}',
    )
    expect([answer.status, answer.type]).toEqual([200, 'application/json'])
    expect(answer.json).toEqual({ SequenceNumber: '49000', ShardId: 'shardId-000000000000' })
    expect(puts[0]?.stream).toBe('s-pin')
    expect(puts[0]?.entries[0]?.partitionKey).toBe('p')
    expect(data()).toEqual(['{"n":12345678901234567890}'])
  })

  it('takes a text as its own content, not quoted', async () => {
    await put('s/record', { Data: '{"a":"é\n"}', PartitionKey: 5 })
    expect(data()).toEqual(['{"a":"é\n"}'])
    expect(puts[0]?.entries[0]?.partitionKey).toBe('5')
    expect((await put('s/record', { Data: 'x', PartitionKey: 'k' }, '')).status).toBe(200)
  })

  it('answers the record’s own failure with AWS’s name and status', async () => {
    results = () => [{ ok: false, code: 'ProvisionedThroughputExceededException', message: 'Rate exceeded' }]
    const slow = await put('s/record', { Data: 1, PartitionKey: 'k' })
    expect([slow.status, slow.json]).toEqual([
      400,
      { __type: 'ProvisionedThroughputExceededException', message: 'Rate exceeded' },
    ])
    results = () => [{ ok: false, code: 'InternalFailure', message: '' }]
    expect((await put('s/record', { Data: 1, PartitionKey: 'k' })).status).toBe(500)
  })

  it.each([
    [{ PartitionKey: 'k' }, 'data'],
    [{ Data: null, PartitionKey: 'k' }, 'data'],
    [{ Data: 1 }, 'partitionKey'],
    [{ Data: 1, PartitionKey: '' }, 'partitionKey'],
    [{ Data: 1, PartitionKey: {} }, 'partitionKey'],
    [{ Data: 1, PartitionKey: 'k'.repeat(257) }, 'partitionKey'],
    ['{"Data":"\\ud800","PartitionKey":"k"}', 'surrogate'],
  ])('%j → ValidationException', async (body, words) => {
    const answer = await put('s/record', body)
    expect([answer.status, answer.json.__type]).toEqual([400, 'ValidationException'])
    expect(answer.json.message).toContain(words)
    expect(puts).toEqual([])
  })

  it.each(['', '{"Data":', '[]', 'null', '{"Data":NaN}'])('body %j → 400', async (body) => {
    const answer = await put('s/record', body)
    expect([answer.status, answer.json.message]).toEqual([
      400,
      expect.stringContaining('Could not parse request body into json'),
    ])
  })

  it('refuses other media types as a template without a match does (F-50)', async () => {
    for (const type of ['text/plain', 'application/x-amz-json-1.1', 'application/vnd.kafka.json.v2+json']) {
      const answer = await put('s/record', { Data: 1, PartitionKey: 'k' }, type)
      expect([answer.status, answer.json]).toEqual([415, { message: 'Unsupported Media Type' }])
    }
  })
})

describe('records', () => {
  it('takes the template’s own names and capitals, nested data and texts (F-48, F-49)', async () => {
    const answer = await put('s/records', {
      records: [
        { data: { a: 1 }, 'partition-key': 'k' },
        { Data: 'text', PartitionKey: 'K' },
      ],
    })
    expect(answer.json).toEqual({
      FailedRecordCount: 0,
      Records: [
        { SequenceNumber: '49000', ShardId: 'shardId-000000000000' },
        { SequenceNumber: '49001', ShardId: 'shardId-000000000000' },
      ],
    })
    expect(data()).toEqual(['{"a":1}', 'text'])
    expect((await put('s/records', { Records: [{ Data: 1, PartitionKey: 'k' }] })).status).toBe(200)
  })

  it('tells single failures inside a 200', async () => {
    const failed = { ok: false, code: 'ProvisionedThroughputExceededException', message: 'slow' } as const
    results = () => [{ ok: true, shard: 's', sequence: 1n }, failed]
    const record = { data: 1, 'partition-key': 'k' }
    const answer = await put('s/records', { records: [record, record] })
    expect(answer.status).toBe(200)
    expect(answer.json.FailedRecordCount).toBe(1)
    expect(answer.json.Records[1]).toEqual({ ErrorCode: failed.code, ErrorMessage: 'slow' })
    const stats = gateway.counters.read({ inFlight: 0, consumers: 0 })
    expect([stats.streams, stats.errors]).toEqual([{ s: 1 }, 1])
  })

  it.each([
    [{ records: [] }],
    [{}],
    [{ records: {} }],
    [{ records: [1] }],
    [{ records: [{ data: 1 }] }],
    [{ records: Array.from({ length: 501 }, () => ({ data: 1, 'partition-key': 'k' })) }],
  ])('%.60j → ValidationException', async (body) => {
    const answer = await put('s/records', body)
    expect([answer.status, answer.json.__type]).toEqual([400, 'ValidationException'])
    expect(puts).toEqual([])
  })
})

describe('streams and reading', () => {
  it('lists, describes, creates and deletes', async () => {
    expect((await gateway.call('GET', '/streams')).json).toEqual({
      HasMoreStreams: false,
      StreamNames: ['a', 'b'],
    })
    const { StreamDescription: stream } = (await gateway.call('GET', '/streams/a')).json
    expect(stream).toMatchObject({ StreamName: 'a', StreamStatus: 'ACTIVE', RetentionPeriodHours: 24 })
    expect(stream.Shards[0]).toEqual({
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: '340282366920938463463374607431768211455' },
      SequenceNumberRange: { StartingSequenceNumber: '49000' },
      ShardId: 'shardId-000000000000',
    })
    for (const [body, count] of [
      [undefined, 1],
      ['{}', 1],
      ['{"ShardCount":4}', 4],
      ['{"ShardCount":"3"}', 3],
      ['{"ShardCount":null}', 1],
    ] as const) {
      const answer = await gateway.call('POST', '/streams/new', body, { 'content-type': 'application/json' })
      expect([answer.status, answer.text, created]).toEqual([200, '', ['new', count]])
    }
    const wrong = await gateway.call('POST', '/streams/new', '{"ShardCount":0}')
    expect([wrong.status, wrong.json.__type]).toEqual([400, 'ValidationException'])
    expect((await gateway.call('DELETE', '/streams/a')).status).toBe(200)
  })

  it('gives iterators and records', async () => {
    const iterator = async (query: string) =>
      (await gateway.call('GET', `/streams/s/sharditerator?${query}`)).json
    expect(await iterator('shard-id=x')).toEqual({ ShardIterator: 'x:TRIM_HORIZON:' })
    expect(await iterator('shard-id=x&shard-iterator-type=LATEST')).toEqual({ ShardIterator: 'x:LATEST:' })
    const after = 'shard-id=x&shard-iterator-type=AFTER_SEQUENCE_NUMBER&starting-sequence-number=9'
    expect(await iterator(after)).toEqual({ ShardIterator: 'x:AFTER_SEQUENCE_NUMBER:9' })
    for (const query of [
      '',
      'shard-id=x&shard-iterator-type=NO',
      'shard-id=x&shard-iterator-type=AT_TIMESTAMP',
    ]) {
      expect((await iterator(query)).__type).toBe('ValidationException')
    }
    const read = await gateway.call('GET', '/streams/s/records', undefined, { 'shard-iterator': 'here' })
    expect(read.json).toEqual({
      MillisBehindLatest: 5,
      NextShardIterator: 'next-10000',
      Records: [{ ApproximateArrivalTimestamp: 1.5, Data: 'w6k=', PartitionKey: 'k', SequenceNumber: '7' }],
    })
    const last = await gateway.call('GET', '/streams/s/records', undefined, { 'shard-iterator': 'last' })
    expect(last.json.NextShardIterator).toBeUndefined()
    expect((await gateway.call('GET', '/streams/s/records')).json.__type).toBe('ValidationException')
  })

  it('hands on AWS’s own words, and tells away from silent', async () => {
    const said = Object.assign(new Error('Stream s under account 000000000000 not found.'), {
      name: 'ResourceNotFoundException',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    })
    failure = new AppError({ code: 'STREAM_NOT_FOUND', message: 'ours', hint: '' }, said)
    const answer = await put('s/record', { Data: 1, PartitionKey: 'k' })
    expect([answer.status, answer.json]).toEqual([400, { __type: said.name, message: said.message }])
    expect((await gateway.call('POST', '/streams/s')).json.__type).toBe('ResourceNotFoundException')
    failure = new AppError({ code: 'KINESIS_UNREACHABLE', message: 'away', hint: '' })
    const away = await put('s/record', { Data: 1, PartitionKey: 'k' })
    expect([away.status, away.headers['retry-after']]).toEqual([503, '1'])
    failure = new AppError({ code: 'KINESIS_TIMEOUT', message: 'silent', hint: '' })
    expect((await put('s/record', { Data: 1, PartitionKey: 'k' })).status).toBe(504)
  })
})
