/** The contract's `streams` against our Kinesis with AWS's limits on: listing, browsing, tailing, deleting, failing. */
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import { readPace } from '../../electron/clients/kinesis/pace.ts'
import type { KinesisClient } from '../../electron/clients/kinesis/types.ts'
import { streamsFeature } from '../../electron/features/streams.ts'
import { deletes } from '../../shared/contract/app.ts'
import type { ShardPlace, StreamRecord, StreamTail } from '../../shared/contract/streams.ts'
import { AppError } from '../../shared/errors.ts'
import { noFanOut } from '../helpers/fanOut.ts'
import { eventually, type TestKinesis, testKinesis } from '../helpers/kinesis.ts'

const pipeline = 'this-computer'
const stream = 'streaming-learner-pin'
let kinesis: TestKinesis
let client: KinesisClient
let api: ReturnType<typeof feature>
let noted: string[]

beforeEach(async () => {
  kinesis = await testKinesis({ enforceLimits: true })
  client = connectKinesis({ endpoint: kinesis.server.endpoint, region: 'us-east-1' })
  noted = []
  api = feature()
})
afterEach(async () => {
  await client.close()
  await kinesis.stop()
})

type Describe = (request: { action: string; pipeline: string; names: string[] }) => Promise<unknown>
let describeRemoval: Describe | null = null

function feature() {
  const streams = streamsFeature({
    pace: readPace(),
    fanOut: noFanOut,
    kinesis: async () => ({
      client,
      counts: () => new Map([...kinesis.server.stats()].map(([name, { records }]) => [name, records])),
    }),
    kindOf: (_, name) => (name.endsWith('-pin') ? 'pin' : null),
    consent: {
      redeem: async (token, request) => {
        if (token === `yes ${JSON.stringify(request)}`.slice(0, 128)) return
        throw new AppError({ code: 'CONSENT_NEEDED', message: 'Not agreed.', hint: 'Agree.' })
      },
      describe: (_, question) => {
        describeRemoval = question as Describe
      },
    },
    activity: { add: ({ text }) => noted.push(text) },
  })
  return createRouterClient({ streams }).streams
}

async function put(count: number, size = 20): Promise<string[]> {
  const entries = Array.from({ length: count }, (_, nth) => ({
    data: Buffer.from(`${nth} `.padEnd(size, '.')),
    partitionKey: `key ${nth}`,
  }))
  const results = await client.putRecords(stream, entries)
  expect(results.filter(({ ok }) => !ok)).toEqual([])
  return results.map((result) => (result.ok ? `${result.shard} ${result.sequence}` : ''))
}
const places = (records: readonly StreamRecord[]) =>
  records.map(({ shard, sequence }) => `${shard} ${sequence}`)

describe('the list', () => {
  it('shows what there is, and what is made and deleted', async () => {
    expect(await api.list({ pipeline })).toEqual([])
    const made = await api.create({ pipeline, stream, shards: 3 })
    expect(made).toMatchObject({ name: stream, kind: 'pin', state: 'ACTIVE', openShards: 3, records: 0 })
    await put(10)
    expect(await api.list({ pipeline })).toMatchObject([{ name: stream, records: 10, mode: 'PROVISIONED' }])
    const detail = await api.get({ pipeline, stream })
    expect(detail.shards.map(({ id, open }) => [id, open])).toEqual([
      ['shardId-000000000000', true],
      ['shardId-000000000001', true],
      ['shardId-000000000002', true],
    ])
    const request = { action: 'streams.remove', pipeline, names: [stream] } as const
    expect(await describeRemoval?.({ ...request, names: [stream] })).toEqual({
      title: `Delete the stream ${stream}?`,
      ...deletes,
      losses: [`${stream}: 10 records in 3 open shards`],
      typed: stream,
    })
    await expect(api.remove({ pipeline, stream, consent: 'x'.repeat(16) })).rejects.toMatchObject({
      data: { code: 'CONSENT_NEEDED' },
    })
    const consent = `yes ${JSON.stringify(request)}`.slice(0, 128)
    expect(await api.remove({ pipeline, stream, consent })).toEqual({ removed: true })
    expect(await api.list({ pipeline })).toEqual([])
    expect(noted).toEqual([`Made stream ${stream} with 3 shard(s)`, `Deleted stream ${stream}`])
  })

  it('is watched with a rate', async () => {
    await api.create({ pipeline, stream, shards: 1 })
    const stop = new AbortController()
    let most = 0
    for await (const rows of await api.watch({ pipeline }, { signal: stop.signal })) {
      if (rows[0]?.rate === null) await put(50)
      most = Math.max(most, rows[0]?.rate ?? 0)
      if (most > 0) stop.abort()
    }
    expect(most).toBeGreaterThan(10)
  })
})

describe('browsing', () => {
  it('turns pages over all shards by arrival, each record once', async () => {
    await api.create({ pipeline, stream, shards: 4 })
    const sent: string[] = []
    for (let round = 0; round < 6; round += 1) sent.push(...(await put(25)))
    const found: StreamRecord[] = []
    let next: ShardPlace[] | undefined
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await api.browse({
        pipeline,
        stream,
        from: { type: 'TRIM_HORIZON' },
        limit: 40,
        ...(next && { next }),
      })
      found.push(...page.records)
      next = page.next
      if (page.end) break
    }
    expect(places(found).sort()).toEqual([...sent].sort())
    const times = found.map(({ arrivedAt }) => arrivedAt)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(kinesis.server.stats().get(stream)?.throttled).toBe(0)
  })

  it('begins at a sequence number or a time, in one shard or all', async () => {
    await api.create({ pipeline, stream, shards: 2 })
    const sent = await put(20)
    const [shard = '', sequence = ''] = (sent[7] ?? '').split(' ')
    const inShard = sent.filter((place) => place.startsWith(shard))
    const at = await api.browse({ pipeline, stream, from: { type: 'AT_SEQUENCE_NUMBER', shard, sequence } })
    expect(places(at.records)).toEqual(inShard.slice(inShard.indexOf(sent[7] ?? '')))
    const after = await api.browse({
      pipeline,
      stream,
      from: { type: 'AFTER_SEQUENCE_NUMBER', shard, sequence },
    })
    expect(places(after.records)).toEqual(places(at.records).slice(1))
    const one = await api.browse({ pipeline, stream, shard, from: { type: 'TRIM_HORIZON' } })
    expect(places(one.records)).toEqual(inShard)
    const time = one.records[0]?.arrivedAt ?? 0
    const since = await api.browse({ pipeline, stream, from: { type: 'AT_TIMESTAMP', time } })
    expect(since.records).toHaveLength(20)
    expect(since).toMatchObject({ end: true, millisBehindLatest: 0 })
    const latest = await api.browse({ pipeline, stream, from: { type: 'LATEST' } })
    expect(latest).toMatchObject({ records: [], end: true })
  })

  it('shows the beginning of large records, and one alone whole', async () => {
    await api.create({ pipeline, stream, shards: 1 })
    await put(2, 300_000)
    const both = await api.browse({ pipeline, stream, from: { type: 'TRIM_HORIZON' } })
    expect(both.records.map(({ data }) => [data.data.length, data.size, data.truncated])).toEqual([
      [65_536, 300_000, true],
      [65_536, 300_000, true],
    ])
    const one = await api.browse({ pipeline, stream, from: { type: 'TRIM_HORIZON' }, limit: 1 })
    expect(one.records[0]?.data).toMatchObject({ size: 300_000, truncated: false })
    expect(one.end).toBe(false)
  })

  it('says which stream or shard there is not', async () => {
    await expect(api.browse({ pipeline, stream, from: { type: 'LATEST' } })).rejects.toMatchObject({
      code: 'FAILED',
      data: { code: 'STREAM_NOT_FOUND' },
      message: `There is no such stream or shard: ${stream}`,
    })
    await expect(api.get({ pipeline, stream: 'none' })).rejects.toMatchObject({
      data: { code: 'STREAM_NOT_FOUND' },
    })
  })
})

describe('the tail', () => {
  /** Counts what is read from here on. */
  function countReads(): { calls: number; records: number } {
    const counted = { calls: 0, records: 0 }
    const { getRecords } = client
    client = {
      ...client,
      async getRecords(...input) {
        counted.calls += 1
        const read = await getRecords(...input)
        counted.records += read.records.length
        return read
      },
    }
    return counted
  }

  /** Follows until `enough`, and answers all batches. */
  async function follow(
    from: 'LATEST' | 'TRIM_HORIZON',
    enough: (batches: readonly StreamTail[]) => boolean | Promise<boolean>,
  ): Promise<StreamTail[]> {
    const stop = new AbortController()
    const batches: StreamTail[] = []
    const tail = await api.tail({ pipeline, stream, from: { type: from } }, { signal: stop.signal })
    for await (const batch of tail) {
      batches.push(batch)
      if (await enough(batches)) stop.abort()
    }
    return batches
  }
  const recordsOf = (batches: readonly StreamTail[]) => batches.flatMap(({ records }) => records)

  it('shows what arrives, of all shards, and again after the shards changed', async () => {
    await api.create({ pipeline, stream, shards: 2 })
    await put(5)
    const sent: string[] = []
    let changed = false
    const batches = await follow('LATEST', async (all) => {
      if (sent.length === 0) sent.push(...(await put(30)))
      if (recordsOf(all).length === 30 && !changed) {
        changed = true
        await kinesis.ask('UpdateShardCount', {
          StreamName: stream,
          TargetShardCount: 3,
          ScalingType: 'UNIFORM_SCALING',
        })
        sent.push(...(await put(30)))
      }
      return recordsOf(all).length >= 60
    })
    expect(places(recordsOf(batches)).sort()).toEqual(sent.sort())
    expect(batches.at(-1)).toMatchObject({ seen: 60, dropped: 0 })
    expect(kinesis.server.stats().get(stream)?.throttled).toBe(0)
  })

  it('begins at the oldest record where asked to, parents before children', async () => {
    await api.create({ pipeline, stream, shards: 1 })
    const before = await put(40)
    await kinesis.ask('UpdateShardCount', {
      StreamName: stream,
      TargetShardCount: 2,
      ScalingType: 'UNIFORM_SCALING',
    })
    const after = await put(40)
    const batches = await follow('TRIM_HORIZON', (all) => recordsOf(all).length >= 80)
    expect(places(recordsOf(batches)).slice(0, 40)).toEqual(before)
    expect(places(recordsOf(batches)).slice(40).sort()).toEqual(after.sort())
  })

  it('drops and counts what a slow view does not take', async () => {
    await api.create({ pipeline, stream, shards: 4 })
    const counted = countReads()
    const tail = await api.tail({ pipeline, stream, from: { type: 'TRIM_HORIZON' } })
    await tail.next()
    // The view takes nothing while these arrive; shards are read by a thousand, twice and more.
    for (let round = 0; round < 7; round += 1) await put(500)
    await eventually(() => counted.records >= 3_500)
    const records: StreamRecord[] = []
    let last: StreamTail | undefined
    while ((last?.seen ?? 0) < 3_500) {
      last = (await tail.next()).value as StreamTail
      records.push(...last.records)
    }
    await tail.return?.(undefined)
    expect(last?.seen).toBe(3_500)
    expect(last?.dropped).toBeGreaterThan(0)
    expect(records.length + (last?.dropped ?? 0)).toBe(3_500)
  })

  it('stays within the read limit with several views of one shard', async () => {
    await api.create({ pipeline, stream, shards: 1 })
    await put(10)
    const views = Array.from({ length: 4 }, () =>
      follow('TRIM_HORIZON', (all) => recordsOf(all).length >= 10 && all.length >= 3),
    )
    await Promise.all(views)
    expect(kinesis.server.stats().get(stream)?.throttled).toBe(0)
  })

  it('ends with the reason when its stream is deleted', async () => {
    await api.create({ pipeline, stream, shards: 1 })
    const failed = follow('LATEST', async (all) => {
      if (all.length === 1) await client.deleteStream(stream, AbortSignal.timeout(10_000))
      return false
    })
    await expect(failed).rejects.toMatchObject({ data: { code: 'STREAM_NOT_FOUND' } })
  })

  it('reads nothing any more once nobody looks', async () => {
    await api.create({ pipeline, stream, shards: 1 })
    const counted = countReads()
    const tail = await api.tail({ pipeline, stream, from: { type: 'LATEST' } })
    await tail.next()
    expect(counted.calls).toBeGreaterThan(0)
    await tail.return?.(undefined)
    const calls = counted.calls
    // Time for several reads, had they gone on.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(counted.calls).toBe(calls)
  })
})

it('says how to go on where nothing answers', async () => {
  const gone = connectKinesis({ endpoint: 'http://127.0.0.1:9', region: 'us-east-1' })
  await expect(gone.listStreams()).rejects.toMatchObject({ code: 'KINESIS_UNREACHABLE' })
  await gone.close()
})
