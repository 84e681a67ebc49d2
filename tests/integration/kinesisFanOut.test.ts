/** Enhanced fan-out of our Kinesis as the SDK sees it, on both protocols: pushed once, taken over, ended, never ahead. */

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KinesisClient } from '@aws-sdk/client-kinesis'
import { afterEach, describe, expect, it } from 'vitest'
import { buildEntry } from '../helpers/builtEntry.ts'
import { plainSdk, registered, subscribeTo } from '../helpers/fanOut.ts'
import { base64, eventually, type TestKinesis, testKinesis } from '../helpers/kinesis.ts'
import { startKinesisChild } from '../helpers/kinesisChild.ts'

const stream = 'events'
const horizon = { Type: 'TRIM_HORIZON' } as const
const middle = '170141183460469231731687303715884105728'
const first = 'shardId-000000000000'
const opened: { kinesis: TestKinesis[]; sdks: KinesisClient[] } = { kinesis: [], sdks: [] }
/** How far the server's clock is ahead, ms. */
let ahead = 0

async function start(options: Parameters<typeof testKinesis>[0] = {}): Promise<TestKinesis> {
  ahead = 0
  const kinesis = await testKinesis({ now: () => Date.now() + ahead, ...options })
  opened.kinesis.push(kinesis)
  await kinesis.ask('CreateStream', { StreamName: stream, ShardCount: 1 })
  return kinesis
}
function connect(kinesis: TestKinesis, protocol: 'h1' | 'h2' = 'h2'): KinesisClient {
  const sdk = plainSdk(kinesis.server.endpoint, protocol)
  opened.sdks.push(sdk)
  return sdk
}
const put = (kinesis: TestKinesis, texts: readonly string[]) =>
  kinesis.ask('PutRecords', {
    StreamName: stream,
    Records: texts.map((text) => ({ Data: base64(text), PartitionKey: text.slice(0, 20) })),
  })
const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, nth) => `${from + nth}`)
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: Error) => thrown.name,
  )

afterEach(async () => {
  for (const sdk of opened.sdks.splice(0)) sdk.destroy()
  for (const kinesis of opened.kinesis.splice(0)) await kinesis.stop()
})

describe.each(['h1', 'h2'] as const)('over %s', (protocol) => {
  it('pushes what is there and what comes, each record once and in order, to the end of the shard', async () => {
    const kinesis = await start()
    const sdk = connect(kinesis, protocol)
    const consumer = await registered(sdk, stream, 'reader')
    await put(kinesis, numbered(300))
    const subscription = await subscribeTo(sdk, consumer, horizon)
    for (let from = 300; from < 2_300; from += 100) await put(kinesis, numbered(100, from))
    await eventually(() => subscription.texts().length === 2_300)
    await kinesis.ask('SplitShard', { StreamName: stream, ShardToSplit: first, NewStartingHashKey: middle })
    expect(await subscription.ended).toBeNull()
    expect(subscription.texts()).toEqual(numbered(2_300))
    const last = subscription.events.at(-1)
    expect(last?.ContinuationSequenceNumber).toBeUndefined()
    expect(last?.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).toEqual([
      ['shardId-000000000001', [first]],
      ['shardId-000000000002', [first]],
    ])
  })

  it('goes on after the continuation number without a gap when its time is over', async () => {
    const kinesis = await start({ subscriptionMs: 300 })
    const sdk = connect(kinesis, protocol)
    const consumer = await registered(sdk, stream, 'reader')
    const texts: string[] = []
    let at: string | undefined
    for (let round = 0; round < 4; round += 1) {
      const from =
        at === undefined ? horizon : ({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: at } as const)
      const subscription = await subscribeTo(sdk, consumer, from)
      await put(kinesis, numbered(50, round * 100))
      expect(await subscription.ended).toBeNull()
      // Comes when nobody is subscribed.
      await put(kinesis, numbered(50, round * 100 + 50))
      texts.push(...subscription.texts())
      at = subscription.events.at(-1)?.ContinuationSequenceNumber
      ahead += 5_000
    }
    const rest = await subscribeTo(sdk, consumer, { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: at })
    await eventually(() => texts.length + rest.texts().length === 400)
    expect([...texts, ...rest.texts()]).toEqual(numbered(400))
  })

  it('refuses a second subscription for five seconds; after that the newer one takes over', async () => {
    const kinesis = await start()
    const sdk = connect(kinesis, protocol)
    const consumer = await registered(sdk, stream, 'reader')
    const before = await subscribeTo(sdk, consumer, horizon)
    ahead = 4_900
    expect(await refusal(subscribeTo(sdk, consumer, horizon))).toBe('ResourceInUseException')
    const other = await subscribeTo(sdk, await registered(sdk, stream, 'other'), horizon)
    ahead = 5_100
    const after = await subscribeTo(sdk, consumer, horizon)
    expect(await before.ended).toBe('ResourceInUseException')
    await put(kinesis, ['x'])
    await eventually(() => after.texts().length === 1 && other.texts().length === 1)
    expect(before.texts()).toEqual([])
  })

  it('begins where it is told', async () => {
    const kinesis = await start()
    const sdk = connect(kinesis, protocol)
    await put(kinesis, ['a', 'b'])
    const whole = await subscribeTo(sdk, await registered(sdk, stream, 'all'), horizon)
    await eventually(() => whole.texts().length === 2)
    const [, second] = whole.events.flatMap(({ Records }) => Records ?? [])
    ahead = 60_000
    const time = new Date(Date.now() + 30_000)
    await put(kinesis, ['c'])
    const wanted = [
      [{ Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: second?.SequenceNumber }, 'b c'],
      [{ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: second?.SequenceNumber }, 'c'],
      [{ Type: 'AT_TIMESTAMP', Timestamp: time }, 'c'],
      [{ Type: 'LATEST' }, ''],
    ] as const
    for (const [nth, [position, texts]] of wanted.entries()) {
      const found = await subscribeTo(sdk, await registered(sdk, stream, `reader-${nth}`), position)
      await eventually(() => found.events.length > 0)
      expect(found.texts().join(' ')).toBe(texts)
    }
    const consumer = await registered(sdk, stream, 'wrong')
    expect(await refusal(subscribeTo(sdk, consumer, { Type: 'AT_SEQUENCE_NUMBER' }))).toBe(
      'InvalidArgumentException',
    )
    expect(await refusal(subscribeTo(sdk, consumer, horizon, 'shardId-000000000009'))).toBe(
      'ResourceNotFoundException',
    )
  })

  it('ends when its consumer is deregistered, its stream deleted, or the server closed', async () => {
    const kinesis = await start()
    const sdk = connect(kinesis, protocol)
    const [one, two] = [await registered(sdk, stream, 'one'), await registered(sdk, stream, 'two')]
    const [ended, deleted] = [await subscribeTo(sdk, one, horizon), await subscribeTo(sdk, two, horizon)]
    await kinesis.ask('DeregisterStreamConsumer', { ConsumerARN: one })
    expect(await ended.ended).toBe('ResourceNotFoundException')
    expect((await kinesis.ask('DeleteStream', { StreamName: stream })).body.__type).toBe(
      'ResourceInUseException',
    )
    await kinesis.ask('DeleteStream', { StreamName: stream, EnforceConsumerDeletion: true })
    expect(await deleted.ended).toBe('ResourceNotFoundException')

    await kinesis.ask('CreateStream', { StreamName: stream, ShardCount: 1 })
    const last = await subscribeTo(sdk, await registered(sdk, stream, 'three'), horizon)
    await kinesis.server.close()
    expect(await last.ended).toBeNull()
    opened.kinesis.splice(0)
    await rm(kinesis.dir, { recursive: true })
  })
})

it('keeps consumers over a restart, twenty of a stream at most', async () => {
  const kinesis = await start()
  const sdk = connect(kinesis)
  const arns: string[] = []
  for (let nth = 0; nth < 20; nth += 1) arns.push(await registered(sdk, stream, `reader-${nth}`))
  expect(await refusal(registered(sdk, stream, 'one-too-many'))).toBe('LimitExceededException')
  expect(await refusal(registered(sdk, stream, 'reader-3'))).toBe('ResourceInUseException')
  opened.kinesis.splice(0)
  const again = await kinesis.restart()
  opened.kinesis.push(again)
  const { StreamDescriptionSummary } = (await again.ask('DescribeStreamSummary', { StreamName: stream })).body
  expect(StreamDescriptionSummary.ConsumerCount).toBe(20)
  const list = (more: object) =>
    again.ask('ListStreamConsumers', { StreamARN: StreamDescriptionSummary.StreamARN, ...more })
  const found: string[] = []
  for (let NextToken: string | undefined; ; ) {
    const { body } = await list({ MaxResults: 7, ...(NextToken === undefined ? {} : { NextToken }) })
    found.push(...body.Consumers.map((each: { ConsumerARN: string }) => each.ConsumerARN))
    NextToken = body.NextToken
    if (NextToken === undefined) break
  }
  expect(new Set(found)).toEqual(new Set(arns))
  expect(found.length).toBe(20)
  const reader = await subscribeTo(connect(again), arns[0] ?? '', horizon)
  await put(again, ['after'])
  await eventually(() => reader.texts().join() === 'after')
})

it('a consumer registered again is another one', async () => {
  const kinesis = await start()
  const sdk = connect(kinesis)
  const before = await registered(sdk, stream, 'reader')
  await kinesis.ask('DeregisterStreamConsumer', { ConsumerARN: before })
  ahead = 1_000
  const after = await registered(sdk, stream, 'reader')
  expect(after).not.toBe(before)
  expect(await refusal(subscribeTo(sdk, before, horizon))).toBe('ResourceNotFoundException')
  await subscribeTo(sdk, after, horizon)
})

it('gives each consumer 2 MiB a second of a shard, whatever others read', async () => {
  const kinesis = await start({ enforceLimits: false })
  const big = 'x'.repeat(1_000_000)
  for (let nth = 0; nth < 8; nth += 1) await put(kinesis, [`${nth} ${big}`])
  opened.kinesis.splice(0)
  // The clock stands still: what was used up never comes back.
  const now = Date.now()
  const limited = await kinesis.restart({ enforceLimits: true, now: () => now + ahead })
  opened.kinesis.push(limited)
  const sdk = connect(limited)
  const one = await subscribeTo(sdk, await registered(sdk, stream, 'one'), horizon)
  const two = await subscribeTo(sdk, await registered(sdk, stream, 'two'), horizon)
  // Two are within the second, and one more goes into debt, as a large answer of GetRecords does.
  await eventually(() => one.count() === 3 && two.count() === 3)
  const three = await subscribeTo(sdk, await registered(sdk, stream, 'three'), horizon)
  await eventually(() => three.count() === 3)
  expect([one.count(), two.count()]).toEqual([3, 3])
  ahead += 60_000
  await eventually(() => one.count() === 6 && two.count() === 6)
})

it('keeps next to nothing in memory for readers that take nothing, and they miss nothing', async () => {
  const built = await buildEntry('kinesis')
  const dir = await mkdtemp(join(tmpdir(), 'kinesis-slow-'))
  const child = await startKinesisChild(built.file, dir)
  const sdk = plainSdk(child.endpoint, 'h2')
  opened.sdks.push(sdk)
  try {
    await child.client.createStream(stream, 1, AbortSignal.timeout(10_000))
    const megabyte = Buffer.alloc(1_000_000, 'x')
    for (let nth = 0; nth < 40; nth += 1) {
      await child.client.putRecords(stream, [{ data: megabyte, partitionKey: `${nth}` }])
    }
    const readers = await Promise.all(
      Array.from({ length: 8 }, async (_, nth) => {
        const consumer = await registered(sdk, stream, `slow-${nth}`)
        return stalled(child.endpoint, consumer)
      }),
    )
    const before = await residentKb(child.process.pid)
    // While one that takes everything gets it, the others could have been sent as much.
    const quick = await subscribeTo(sdk, await registered(sdk, stream, 'quick'), horizon)
    await eventually(() => quick.count() === 40)
    const grown = (await residentKb(child.process.pid)) - before
    // 8 × 53 MB as base64 if it ran ahead.
    expect(grown).toBeLessThan(200_000)
    for (const reader of readers.slice(0, 2)) {
      await eventually(() => reader.resume() > 40 * 1_000_000)
    }
    for (const reader of readers) reader.leave()
  } finally {
    await child.kill()
    await rm(dir, { recursive: true, force: true })
    await built.remove()
  }
})

/** Resident memory of a process, KiB; 0 where it cannot be told. */
async function residentKb(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0)
}

/** A subscription over HTTP/1.1 whose answer nobody reads until it is resumed. */
function stalled(endpoint: string, consumer: string) {
  return new Promise<{ resume(): number; leave(): void }>((resolve, reject) => {
    const { hostname, port } = new URL(endpoint)
    const call = request(
      {
        host: hostname,
        port,
        method: 'POST',
        headers: {
          'x-amz-target': 'Kinesis_20131202.SubscribeToShard',
          'content-type': 'application/x-amz-json-1.1',
        },
      },
      (response) => {
        let bytes = 0
        response.on('error', () => {})
        response.pause()
        resolve({
          resume() {
            if (response.listenerCount('data') === 0) response.on('data', (chunk) => (bytes += chunk.length))
            response.resume()
            return bytes
          },
          leave: () => response.destroy(),
        })
      },
    )
    call.on('error', reject)
    call.end(JSON.stringify({ ConsumerARN: consumer, ShardId: first, StartingPosition: horizon }))
  })
}
