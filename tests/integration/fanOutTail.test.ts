/** A tail by enhanced fan-out: each acknowledged record once, through kills, splits, merges, renewals and takeovers. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import { pushedShards } from '../../electron/clients/kinesis/fanOut.ts'
import { followStream } from '../../electron/clients/kinesis/follow.ts'
import { readPace } from '../../electron/clients/kinesis/pace.ts'
import type { KinesisClient, ReadRecord } from '../../electron/clients/kinesis/types.ts'
import { consumerNameOf, streamConsumersFeature } from '../../electron/features/streamConsumers.ts'
import { streamsFeature } from '../../electron/features/streams.ts'
import type { StreamTail } from '../../shared/contract/streams.ts'
import { AppError } from '../../shared/errors.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { plainSdk, subscribeTo } from '../helpers/fanOut.ts'
import { ask, eventually, type TestKinesis, testKinesis } from '../helpers/kinesis.ts'
import { type KinesisChild, startKinesisChild } from '../helpers/kinesisChild.ts'

const pipeline = 'this-computer'
const stream = 'events'
const within = { timeout: 20_000, interval: 50 }
const never = new AbortController().signal
const sockets = () => process.getActiveResourcesInfo().filter((each) => each.startsWith('TCP')).length

let kinesis: TestKinesis
let client: Required<KinesisClient>
let own: boolean
let api: ReturnType<typeof feature>
/** The server's clock runs so many times as fast. */
const faster = 20
const began = Date.now()

beforeEach(async () => {
  own = true
  const now = () => began + (Date.now() - began) * faster
  kinesis = await testKinesis({ enforceLimits: true, subscriptionMs: 400, now })
  client = connectKinesis({ endpoint: kinesis.server.endpoint, region: 'us-east-1' })
  api = feature()
  await client.createStream(stream, 2, never)
})
afterEach(async () => {
  await client.close()
  await kinesis.stop()
})

function feature() {
  const deps = {
    kinesis: async () => ({ client, counts: () => (own ? new Map<string, number>() : null) }),
    kindOf: () => null,
    pace: readPace(),
    home: 'home',
    consent: {
      redeem: async (token: string) => {
        if (token === 'yes, deregister it') return
        throw new AppError({ code: 'CONSENT_NEEDED', message: 'Not agreed.', hint: 'Agree.' })
      },
      describe: () => {},
    },
    activity: { add: () => {} },
  }
  const { router, tails } = streamConsumersFeature(deps)
  return createRouterClient({ streams: streamsFeature({ ...deps, fanOut: tails }), consumers: router })
}
const failure = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error) => error.data?.code,
  )
let sent = 0
async function put(to: KinesisClient, count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, () => `record ${sent++}`)
  const results = await to.putRecords(
    stream,
    texts.map((text) => ({ data: Buffer.from(text), partitionKey: text })),
  )
  return texts.filter((_, nth) => results[nth]?.ok)
}

/** Follows by the contract until `leave`. */
async function tail(input: { fanOut: boolean; from?: { type: 'TRIM_HORIZON' } }) {
  const ending = new AbortController()
  const seen: string[] = []
  const state: { last?: StreamTail; code?: string } = {}
  const batches = await api.streams.tail({ pipeline, stream, ...input }, { signal: ending.signal })
  const reading = (async () => {
    for await (const batch of batches) {
      state.last = batch
      for (const record of batch.records) seen.push(record.data.data)
    }
  })().catch((error) => {
    state.code = error.data?.code
  })
  return {
    seen,
    state,
    leave: async () => {
      ending.abort()
      await reading
    },
  }
}

it('registers, reads without using up reads, renews, and takes the consumer away when asked', async () => {
  expect(await api.consumers.list({ pipeline, stream })).toMatchObject({
    unsupported: null,
    consumers: [],
    cost: { free: true },
  })
  const early = await tail({ fanOut: true })
  await vi.waitFor(() => expect(early.state.code).toBe('FAN_OUT_NOT_REGISTERED'), within)

  const ours = await api.consumers.register({ pipeline, stream })
  expect(ours).toMatchObject({ name: consumerNameOf('home'), state: 'ACTIVE', ours: true })
  expect(await api.consumers.register({ pipeline, stream })).toEqual(ours)
  const expected = await put(client, 500)
  const live = await tail({ fanOut: true, from: { type: 'TRIM_HORIZON' } })
  // Ten subscriptions of each shard.
  for (let round = 0; round < 20; round += 1) {
    expected.push(...(await put(client, 50)))
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  await vi.waitFor(() => expect(live.seen.length).toBe(1_500), within)
  expect([...live.seen].sort()).toEqual(expected.sort())
  await vi.waitFor(
    () => expect(live.state.last?.shards.map(({ reads }) => reads)).toEqual([null, null]),
    within,
  )
  expect(live.state.last?.problem).toBeNull()

  const second = await tail({ fanOut: true })
  await vi.waitFor(() => expect(second.state.code).toBe('FAN_OUT_BUSY'), within)
  const shared = await tail({ fanOut: false })
  await vi.waitFor(() => expect(shared.state.last?.shards.length).toBe(2), within)
  await shared.leave()
  await live.leave()
  const again = await tail({ fanOut: true })
  await vi.waitFor(() => expect(again.state.last?.shards.length).toBe(2), within)

  const remove = { pipeline, stream, consumer: ours.name }
  expect(await failure(api.consumers.deregister({ ...remove, consent: 'no, leave it where it is' }))).toBe(
    'CONSENT_NEEDED',
  )
  await api.consumers.deregister({ ...remove, consent: 'yes, deregister it' })
  await vi.waitFor(() => expect(again.state.code).toBe('CONSUMER_NOT_FOUND'), within)
  expect((await api.consumers.list({ pipeline, stream })).consumers).toEqual([])
})

it('names the price and registers nothing before it is agreed to, where it costs', async () => {
  own = false
  const { cost } = await api.consumers.list({ pipeline, stream })
  expect(cost).toMatchObject({ free: false })
  expect(cost.note).toContain('$0.030 an hour')
  expect(cost.note).toContain('$21.60 in 30 days')
  expect(await failure(api.consumers.register({ pipeline, stream }))).toBe('FAN_OUT_COST')
  expect(await client.consumers(stream)).toEqual([])
  await api.consumers.register({ pipeline, stream, acceptCost: true })
  expect((await api.consumers.list({ pipeline, stream })).consumers).toMatchObject([{ ours: true }])
})

it('says why where a Kinesis has no enhanced fan-out', async () => {
  const passOn = ['DescribeStreamSummary']
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const call = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    const answer = passOn.includes(call)
      ? await kinesis.ask(call, body)
      : { status: 400, body: { __type: 'UnknownOperationException' } }
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const real = client
  const { port } = server.address() as AddressInfo
  client = connectKinesis({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1' })
  const { unsupported, consumers } = await api.consumers.list({ pipeline, stream })
  expect([unsupported, consumers]).toEqual([expect.stringContaining('no enhanced fan-out'), []])
  await client.close()
  server.close()
  client = real
})

it('goes on where it was after another program took over for a while', async () => {
  const ours = await client.registerConsumer(stream, 'ours', never)
  const over = new AbortController()
  const troubles: (string | null)[] = []
  const seen: string[] = []
  const trouble = (reason: { code: string } | null) => troubles.push(reason?.code ?? null)
  const shards = pushedShards(async () => client, ours.arn, trouble, over.signal)
  const [shard] = await client.shards(stream)
  const reading = (async () => {
    for await (const { records } of shards(shard?.id ?? '', { type: 'TRIM_HORIZON' }))
      seen.push(...records.map(({ data }) => String(data)))
  })().catch(() => {})
  await put(client, 100)
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), within)
  const sdk = plainSdk(kinesis.server.endpoint, 'h2')
  await eventually(async () => {
    await subscribeTo(sdk, ours.arn, { Type: 'LATEST' }, shard?.id)
    return true
  })
  await vi.waitFor(() => expect(troubles).toContain('SUBSCRIPTION_IN_USE'), within)
  over.abort()
  await reading
  sdk.destroy()
})

it('loses and repeats nothing while Kinesis is killed and its shards are split and merged', async () => {
  const before = sockets()
  const built = await buildEntry('kinesis')
  const dir = await mkdtemp(join(tmpdir(), 'kinesis-fan-out-'))
  let child: KinesisChild | null = await startKinesisChild(built.file, dir)
  const over = new AbortController()
  try {
    const get = async (): Promise<KinesisClient> => {
      if (child) return child.client
      throw new AppError({ code: 'CHILD_RESTARTING', message: 'A restart is under way.', hint: 'Wait.' })
    }
    await child.client.createStream(stream, 2, never)
    const { arn } = await child.client.registerConsumer(stream, 'ours', never)
    const seen: ReadRecord[] = []
    const finished: string[] = []
    const listener = {
      onRecords: (records: readonly ReadRecord[]) => seen.push(...records),
      onBehind: () => {},
      onFinished: (shard: string) => finished.push(shard),
    }
    const patient = { shards: async (name: string) => (await get()).shards(name) }
    const shards = pushedShards(get, arn, () => {}, over.signal)
    const what = { stream, from: { type: 'TRIM_HORIZON' } } as const
    const following = followStream(patient, shards, what, listener).catch((thrown) => {
      if (!over.signal.aborted) throw thrown
    })

    const acknowledged: string[] = []
    const middle = { StreamName: stream, NewStartingHashKey: '85070591730234615865843651857942052864' }
    const steps = [
      ['SplitShard', { ...middle, ShardToSplit: 'shardId-000000000000' }],
      null,
      [
        'MergeShards',
        {
          StreamName: stream,
          ShardToMerge: 'shardId-000000000002',
          AdjacentShardToMerge: 'shardId-000000000003',
        },
      ],
      null,
    ] as const
    for (const step of steps) {
      const { client: to, endpoint } = child
      let stopped = false
      const write = async () => {
        while (!stopped) acknowledged.push(...(await put(to, 40).catch(() => [])))
      }
      const writers = [write(), write()]
      const goal = acknowledged.length + 1_000
      await eventually(() => acknowledged.length > goal)
      if (step !== null) expect((await ask(endpoint, step[0], step[1])).status).toBe(200)
      await eventually(() => acknowledged.length > goal + 1_000)
      const killed = child
      child = null
      killed.process.kill('SIGKILL')
      stopped = true
      await Promise.all(writers)
      await killed.kill()
      child = await startKinesisChild(built.file, dir)
    }
    acknowledged.push(...(await put(child.client, 40)))
    const places = () => new Set(seen.map(({ shard, sequence }) => `${shard} ${sequence}`))
    const texts = () => new Set(seen.map(({ data }) => String(data)))
    await vi.waitFor(() => {
      const found = texts()
      expect(acknowledged.filter((text) => !found.has(text))).toEqual([])
    }, within)
    expect(places().size).toBe(seen.length)
    expect(acknowledged.length).toBeGreaterThan(8_000)
    expect(new Set(finished)).toEqual(
      new Set(['shardId-000000000000', 'shardId-000000000002', 'shardId-000000000003']),
    )
    for (const shard of new Set(seen.map((record) => record.shard))) {
      const numbers = seen.filter((record) => record.shard === shard).map(({ sequence }) => sequence)
      expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)))
    }
    over.abort()
    await following
  } finally {
    over.abort()
    await child?.kill()
    await rm(dir, { recursive: true, force: true })
    await built.remove()
  }
  await eventually(() => sockets() <= before)
})
