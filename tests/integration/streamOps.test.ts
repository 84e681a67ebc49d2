/** Putting, hot keys, changes and an unbroken tail on our Kinesis with AWS's limits on, against plain reads of the SDK. */
import { createHash } from 'node:crypto'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import { readPace } from '../../electron/clients/kinesis/pace.ts'
import type { KinesisClient } from '../../electron/clients/kinesis/types.ts'
import { streamOpsFeature } from '../../electron/features/streamOps.ts'
import { streamsFeature } from '../../electron/features/streams.ts'
import type { HotKeys } from '../../shared/contract/streamOps.ts'
import type { StreamTail } from '../../shared/contract/streams.ts'
import { AppError } from '../../shared/errors.ts'
import { noFanOut } from '../helpers/fanOut.ts'
import { type TestKinesis, testKinesis } from '../helpers/kinesis.ts'

const pipeline = 'this-computer'
const stream = 'events'
const within = { timeout: 10_000, interval: 50 }
let kinesis: TestKinesis
let client: KinesisClient
/** While true, nobody answers. */
let away: boolean
let api: ReturnType<typeof feature>

function feature() {
  const deps = {
    kinesis: async () => {
      if (away)
        throw new AppError({
          code: 'CHILD_RESTARTING',
          message: 'Kinesis ended; a restart is under way',
          hint: 'Wait.',
        })
      return { client, counts: () => new Map<string, number>() }
    },
    kindOf: (_: string, name: string) => (name.endsWith('-pin') ? ('pin' as const) : null),
    pace: readPace(),
    fanOut: noFanOut,
    consent: { redeem: async () => {}, describe: () => {} },
    activity: { add: () => {} },
  }
  return createRouterClient({ streams: streamsFeature(deps), streamOps: streamOpsFeature(deps) })
}

const text = (data: string) => ({ encoding: 'utf8' as const, data })
const failure = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error) => error.data?.code,
  )

/** Everything in the stream, read shard by shard with plain calls. */
async function everything(): Promise<{ shard: string; key: string; data: string }[]> {
  const found = []
  for (const { id } of await client.shards(stream)) {
    let iterator: string | null = await client.iterator(stream, id, { type: 'TRIM_HORIZON' })
    while (iterator !== null) {
      const read = await client.getRecords(id, iterator, 10_000)
      for (const { partitionKey, data } of read.records)
        found.push({ shard: id, key: partitionKey, data: String(data) })
      iterator = read.millisBehindLatest === 0 ? null : read.next
      await new Promise((resolve) => setTimeout(resolve, 210))
    }
  }
  return found
}

beforeEach(async () => {
  kinesis = await testKinesis({ enforceLimits: true })
  client = connectKinesis({ endpoint: kinesis.server.endpoint, region: 'us-east-1' })
  away = false
  api = feature()
  await api.streams.create({ pipeline, stream, shards: 2 })
})
afterEach(async () => {
  await client.close()
  await kinesis.stop()
})

describe('putting', () => {
  it('says of each record where it went, also by an explicit hash key', async () => {
    const last = String(2n ** 128n - 1n)
    const records = [
      { partitionKey: 'a', data: text('one') },
      { partitionKey: 'a', explicitHashKey: '0', data: text('two') },
      { partitionKey: 'a', explicitHashKey: last, data: text('three') },
    ]
    const { results } = await api.streamOps.put({ pipeline, stream, records })
    expect(results.map(({ problem, tries }) => [problem, tries])).toEqual([
      [null, 1],
      [null, 1],
      [null, 1],
    ])
    expect(results.slice(1).map(({ place }) => place?.shard)).toEqual([
      'shardId-000000000000',
      'shardId-000000000001',
    ])
    const there = await everything()
    expect(there.map(({ data }) => data).sort()).toEqual(['one', 'three', 'two'])
    expect(there.find(({ data }) => data === 'two')?.shard).toBe('shardId-000000000000')
  })

  it('puts what a full shard refused again, and nothing twice', async () => {
    const records = (from: number) =>
      Array.from({ length: 500 }, (_, n) => ({ partitionKey: 'same', data: text(String(from + n)) }))
    let retried = 0
    for (let at = 0; at < 3_000; at += 500) {
      const { results } = await api.streamOps.put({ pipeline, stream, records: records(at) })
      expect(results.filter(({ problem }) => problem !== null)).toEqual([])
      retried += results.filter(({ tries }) => tries > 1).length
    }
    // 3,000 records into one shard within some hundred ms cannot go without refusals.
    expect(retried).toBeGreaterThan(0)
    const there = await everything()
    expect(new Set(there.map(({ data }) => data)).size).toBe(3_000)
    expect(there).toHaveLength(3_000)
  })

  it('checks what goes into one of the pipeline’s streams', async () => {
    await api.streams.create({ pipeline, stream: 'x-pin', shards: 1 })
    const records = [{ partitionKey: 'a', data: text('{"index": "no"}') }]
    expect(await failure(api.streamOps.put({ pipeline, stream: 'x-pin', records }))).toBe('VALUE_NOT_OF_TYPE')
    const { results } = await api.streamOps.put({ pipeline, stream: 'x-pin', records, anyValue: true })
    expect(results[0]?.problem).toBeNull()
  })
})

describe('hot keys', () => {
  it('are counted as they are, by key, shard and hash range', async () => {
    const keys = Array.from({ length: 400 }, (_, n) => (n % 4 === 0 ? 'hot' : `key ${n}`))
    await client.putRecords(
      stream,
      keys.map((partitionKey, n) => ({ partitionKey, data: Buffer.alloc(10 + (n % 3)) })),
    )
    await client.putRecords(stream, [{ partitionKey: 'hot', explicitHashKey: '0', data: Buffer.alloc(5) }])
    let last: HotKeys | undefined
    for await (const now of await api.streamOps.hotKeys({ pipeline, stream })) last = now
    expect(last).toMatchObject({ records: 401, ended: 'tip', error: 0, distinct: 301, distinctExact: true })
    expect(last?.keys[0]).toMatchObject({ key: 'hot', records: 101 })
    const there = await everything()
    for (const { shard, records } of last?.shards ?? [])
      expect(records).toBe(there.filter((each) => each.shard === shard).length)
    const parts = new Array<number>(64).fill(0)
    for (const key of keys) {
      const at = Number.parseInt(createHash('md5').update(key).digest('hex').slice(0, 2), 16) >> 2
      parts[at] = (parts[at] ?? 0) + 1
    }
    const hotIsUpper = Number.parseInt(createHash('md5').update('hot').digest('hex').slice(0, 1), 16) >= 8
    // The one with an explicit hash key shows only where it lies outside its key's own shard.
    expect(last?.explicit).toBe(hotIsUpper ? 1 : 0)
    if (hotIsUpper) expect(last?.ranges.map(({ records }) => records)).toEqual(parts)
  })

  it('of a time in which nothing arrived are none', async () => {
    let last: HotKeys | undefined
    for await (const now of await api.streamOps.hotKeys({ pipeline, stream, lastMs: 1_000 })) last = now
    expect(last).toMatchObject({ records: 0, from: null, ended: 'tip', keys: [] })
  })
})

describe('a change', () => {
  it('is a plan with limits and cost, and then so', async () => {
    const change = { shards: 5, retentionHours: 48, maxRecordKiB: 2_048 }
    const plan = await api.streamOps.plan({ pipeline, stream, change })
    expect(plan.steps.map(({ what, before, after, refused }) => [what, before, after, refused])).toEqual([
      ['shards', '2', '5', null],
      ['retentionHours', '24 h', '48 h', null],
      ['maxRecordKiB', '1024 KiB', '2048 KiB', null],
    ])
    // 2 → 4 → 5 shards of 720 hours at 0.015 dollars, and 0.02 more each beyond a day.
    expect(plan.steps[0]?.note).toContain('2 calls')
    expect(plan.cost).toMatchObject({ before: expect.closeTo(21.6), after: expect.closeTo(126) })
    for await (const _ of await api.streamOps.change({ pipeline, stream, change }));
    expect(await client.describe(stream)).toMatchObject({
      openShards: 5,
      retentionHours: 48,
      maxRecordBytes: 2_097_152,
    })
    const none = await api.streamOps.plan({ pipeline, stream, change })
    expect(none.steps).toEqual([])
  })

  it('of the mode comes first, and shards of an on-demand stream are refused', async () => {
    const change = { mode: 'ON_DEMAND' as const, shards: 3 }
    const plan = await api.streamOps.plan({ pipeline, stream, change })
    expect(plan.steps.map(({ what, refused }) => [what, refused !== null])).toEqual([
      ['mode', false],
      ['shards', true],
    ])
    const run = async () => {
      for await (const _ of await api.streamOps.change({ pipeline, stream, change }));
    }
    expect(await failure(run())).toBe('STREAM_CHANGE_IMPOSSIBLE')
    expect((await client.describe(stream)).mode).toBe('PROVISIONED')
    for await (const _ of await api.streamOps.change({ pipeline, stream, change: { mode: 'ON_DEMAND' } }));
    expect((await client.describe(stream)).mode).toBe('ON_DEMAND')
  })
})

describe('a tail', () => {
  it('goes on without a gap when Kinesis was away, says so meanwhile, and follows a split', async () => {
    const stop = new AbortController()
    const seen: string[] = []
    let last: StreamTail | undefined
    const problems = new Set<string>()
    const tail = (async () => {
      const batches = await api.streams.tail(
        { pipeline, stream, from: { type: 'LATEST' } },
        { signal: stop.signal },
      )
      for await (const batch of batches) {
        last = batch
        if (batch.problem) problems.add(batch.problem.code)
        seen.push(...batch.records.map(({ data }) => data.data))
      }
    })().catch((thrown) => (stop.signal.aborted ? undefined : Promise.reject(thrown)))
    const put = (from: number, to: number) =>
      client.putRecords(
        stream,
        Array.from({ length: to - from }, (_, n) => ({
          partitionKey: `k${n}`,
          data: Buffer.from(String(from + n)),
        })),
      )
    await expect.poll(() => last?.shards, within).toHaveLength(2)
    await put(0, 50)
    await expect.poll(() => seen, within).toHaveLength(50)
    expect(last?.shards.map(({ behindMs, iteratorAgeMs }) => [behindMs, iteratorAgeMs])).toEqual([
      [0, 0],
      [0, 0],
    ])
    for (const { reads } of last?.shards ?? []) expect(reads).toBeLessThanOrEqual(5)

    away = true
    await expect.poll(() => problems, within).toContain('CHILD_RESTARTING')
    await put(50, 120)
    away = false
    await expect.poll(() => seen, within).toHaveLength(120)
    await expect.poll(() => last?.problem, within).toBeNull()

    await (client as Required<KinesisClient>).scale(stream, 4, new AbortController().signal)
    await put(120, 200)
    await expect.poll(() => seen, within).toHaveLength(200)
    expect(new Set(seen).size).toBe(200)
    expect(last?.shards.filter(({ finished }) => finished)).toHaveLength(2)
    stop.abort()
    await tail
  })
})
