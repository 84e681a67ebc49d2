/**
 * Pages over all shards of streams made to be difficult (empty shards, many records of one millisecond, splits in between),
 * compared with the plain SDK reading shard by shard. `DIFFICULT_SEEDS=1,2,3` tries more of them.
 */
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  KinesisClient as Sdk,
} from '@aws-sdk/client-kinesis'
import { createRouterClient } from '@orpc/server'
import { afterEach, expect, it } from 'vitest'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import type { ReadPace } from '../../electron/clients/kinesis/pace.ts'
import type { KinesisClient } from '../../electron/clients/kinesis/types.ts'
import { streamsFeature } from '../../electron/features/streams.ts'
import type { StreamRecord } from '../../shared/contract/streams.ts'
import { seeded } from '../helpers/difficultTopic.ts'
import { noFanOut } from '../helpers/fanOut.ts'
import { type TestKinesis, testKinesis } from '../helpers/kinesis.ts'

const pipeline = 'this-computer'
const stream = 'difficult'
const seeds = (process.env.DIFFICULT_SEEDS ?? '3,11').split(',').map(Number)
/** No limits here: what is asked about is the order, not the budget. */
const pace: ReadPace = { turn: async () => {}, backOff: () => {}, used: () => 0 }
const top = 2n ** 128n

let kinesis: TestKinesis | undefined
let client: KinesisClient | undefined
let sdk: Sdk | undefined
afterEach(async () => {
  await client?.close()
  sdk?.destroy()
  await kinesis?.stop()
})

interface Seen {
  readonly shard: string
  readonly sequence: string
  readonly key: string
  readonly text: string
  readonly arrivedAt: number
}

/** Every record of every shard, shard by shard. */
async function byShard(plain: Sdk): Promise<Seen[]> {
  const seen: Seen[] = []
  const { Shards = [] } = await plain.send(new ListShardsCommand({ StreamName: stream }))
  for (const { ShardId: shard = '' } of Shards) {
    const start = { StreamName: stream, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' } as const
    let iterator = (await plain.send(new GetShardIteratorCommand(start))).ShardIterator
    while (iterator !== undefined) {
      const read = await plain.send(new GetRecordsCommand({ ShardIterator: iterator }))
      for (const record of read.Records ?? [])
        seen.push({
          shard,
          sequence: record.SequenceNumber ?? '',
          key: record.PartitionKey ?? '',
          text: Buffer.from(record.Data ?? []).toString(),
          arrivedAt: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
        })
      iterator =
        read.MillisBehindLatest === 0 && read.Records?.length === 0 ? undefined : read.NextShardIterator
    }
  }
  return seen
}

/** Only some of the hash range gets records, so that shards stay empty; now and then the shards are changed. */
async function fill(ours: KinesisClient, pick: (below: number) => number): Promise<void> {
  const ending = new AbortController()
  await ours.createStream(stream, 1 + pick(3), ending.signal)
  let n = 0
  for (let round = 0; round < 7; round += 1) {
    const within = (top / 4n) * BigInt(pick(4))
    const entries = Array.from({ length: 1 + pick(120) }, () => {
      n += 1
      const explicit = pick(3) > 0
      return {
        data: Buffer.from(`${n} ${'.'.repeat(pick(60))}`),
        partitionKey: `key ${pick(9)}`,
        explicitHashKey: explicit ? String(within + BigInt(pick(1_000))) : undefined,
      }
    })
    const results = await ours.putRecords(stream, entries)
    expect(results.filter(({ ok }) => !ok)).toEqual([])
    if (round % 3 === 1) await ours.scale?.(stream, 1 + pick(4), ending.signal)
  }
}

const place = ({ shard, sequence }: { shard: string; sequence: string }) => `${shard} ${sequence}`

it.each(seeds)('seed %i: each record once, in its shard’s order, merged by arrival', async (seed) => {
  const pick = seeded(seed)
  kinesis = await testKinesis()
  const address = { endpoint: kinesis.server.endpoint, region: 'us-east-1' }
  const ours = connectKinesis(address)
  client = ours
  sdk = new Sdk({ ...address, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
  await fill(ours, pick)
  const seen = await byShard(sdk)
  const all = new Map(seen.map((each) => [place(each), each]))
  const { streams } = createRouterClient({
    streams: streamsFeature({
      pace,
      fanOut: noFanOut,
      kinesis: async () => ({ client: ours, counts: () => new Map() }),
      kindOf: () => null,
      consent: { redeem: async () => {}, describe: () => {} },
      activity: { add: () => {} },
    }),
  })

  async function pages(
    from: Parameters<typeof streams.browse>[0]['from'],
    limit: number,
    shard?: string,
  ): Promise<StreamRecord[]> {
    const found: StreamRecord[] = []
    const input = { pipeline, stream, from, limit, ...(shard === undefined ? {} : { shard }) }
    let page = await streams.browse(input)
    for (let turned = 0; ; turned += 1) {
      expect(page.records.length).toBeLessThanOrEqual(limit)
      found.push(...page.records)
      if (page.end) return found
      expect(turned).toBeLessThan(1_000)
      page = await streams.browse({ ...input, next: page.next })
    }
  }
  const same = (found: readonly StreamRecord[], expected: readonly Seen[]) => {
    expect(found.map(place).sort()).toEqual(expected.map(place).sort())
    for (const record of found)
      expect([record.partitionKey, record.data.data, record.arrivedAt]).toEqual(
        [all.get(place(record))].map((each) => [each?.key, each?.text, each?.arrivedAt])[0],
      )
    const times = found.map(({ arrivedAt }) => arrivedAt)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    for (const [shard, theirs = []] of Map.groupBy(found, (each) => each.shard))
      expect(theirs.map(place)).toEqual(expected.filter((each) => each.shard === shard).map(place))
  }

  for (const limit of [9 + pick(12), 30 + pick(50), 1_000])
    same(await pages({ type: 'TRIM_HORIZON' }, limit), seen)
  for (const shard of new Set(seen.map((each) => each.shard)))
    same(
      await pages({ type: 'TRIM_HORIZON' }, 20 + pick(40), shard),
      seen.filter((each) => each.shard === shard),
    )
  for (let n = 0; n < 2; n += 1) {
    const from = seen[pick(seen.length)] as Seen
    const { shard, sequence, arrivedAt } = from
    const since = seen.filter((each) => each.arrivedAt >= arrivedAt)
    same(await pages({ type: 'AT_TIMESTAMP', time: arrivedAt }, 20 + pick(90)), since)
    const theirs = seen.filter((each) => each.shard === shard)
    const rest = theirs.slice(theirs.indexOf(from))
    same(await pages({ type: 'AT_SEQUENCE_NUMBER', shard, sequence }, 20 + pick(40)), rest)
    same(await pages({ type: 'AFTER_SEQUENCE_NUMBER', shard, sequence }, 20 + pick(40)), rest.slice(1))
  }
})
