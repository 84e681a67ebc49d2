/** Load into Kinesis: through the gateway up to the shards' limit, directly beside kinesalite, and reading everything back. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KinesisClient } from '../electron/clients/kinesis/types.ts'
import { builtinSource } from '../electron/emulator/sources/builtin.ts'
import { buildEntry } from '../tests/helpers/builtEntry.ts'
import { readStream, startKinesisChild } from '../tests/helpers/kinesisChild.ts'
import { type Bench, type Context, inTurn, median, type Row, row } from './bench.ts'
import { evenSource, postsFor, runLoad, targetsOf } from './lib/load.ts'
import { startKinesalite } from './lib/plainSdk.ts'
import { startStackChild } from './lib/stackChild.ts'

const shards = 3
/** AWS's quota of one shard, records/s. */
const shardRecords = 1_000
const inFlight = 4
/** Spread over all shards. */
const partitionKey = { kind: 'uuid' } as const

export const bench: Bench = {
  name: 'kinesis',
  title: 'Load into Kinesis',
  async run(context) {
    const built = await buildEntry('kinesis')
    const gateway = await buildEntry('stack')
    try {
      return [
        ...(await limited(built.file, gateway.file, context)),
        ...(await unlimited(built.file, context)),
      ]
    } finally {
      await built.remove()
      await gateway.remove()
    }
  },
}

/**
 * With AWS's limits on, at full speed, so that each shard is asked for more than it takes. A shard begins with one second
 * in hand: of `t` seconds it takes at most `t + 1`, and that is what ours is compared with. The records are the built-in
 * posts' own (some 300 bytes), so that the limit that counts is that of records.
 */
async function limited(file: string, gateway: string, { rounds, quick, say }: Context): Promise<Row[]> {
  const forMs = quick ? 6_000 : 30_000
  const source = builtinSource(100)
  const shares: number[] = []
  const rates: number[] = []
  const missing: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    await inFolder(async (dir) => {
      const child = await startKinesisChild(file, dir, true)
      const stack = await startStackChild(gateway, { bootstrap: '127.0.0.1:9', kinesis: child.endpoint })
      let acknowledged = 0
      try {
        await child.client.createStream('bench', shards, AbortSignal.timeout(10_000))
        const targets = targetsOf({ gatewayUrl: stack.url }, 'bench')
        const input = { forMs, batch: 100, inFlight: 16, sinks: ['streams' as const], partitionKey }
        const { snapshot, running } = await runLoad(source, targets, input)
        acknowledged = snapshot.counters.acknowledged
        rates.push((running.acknowledged * 1_000) / running.ms)
        shares.push((running.acknowledged * 1_000) / ((running.ms + 1_000) * shards * shardRecords))
      } finally {
        await stack.end()
        await child.kill()
      }
      missing.push(Math.abs(acknowledged - (await readBack(file, dir)).records))
    })
    say(
      `limits on: ${((shares.at(-1) ?? 0) * 100).toFixed(1)} % of the limit, ${missing.at(-1)} not read back`,
    )
  }
  const what = `through the gateway with limits on, ${shards} shards, ${forMs / 1_000} s`
  return [
    row({
      what,
      unit: '% of the shard limit',
      ours: shares.map((share) => share * 100),
      target: { atLeast: 99 },
      notes: [
        `${Math.round(median(rates))} records/s; a shard begins with one second in hand, and that is counted as well`,
      ],
    }),
    row({ what: `${what}: unaccounted`, unit: 'records', ours: missing, target: { atMost: 0 } }),
  ]
}

/** Without limits: the pump's own sink into our Kinesis, which syncs to the disk, and the plain SDK into kinesalite's memory. */
async function unlimited(file: string, { rounds, quick, say }: Context): Promise<Row[]> {
  const records = quick ? 10_000 : 50_000
  const source = await evenSource()
  return inFolder(async (dir) => {
    const child = await startKinesisChild(file, dir)
    const peer = await startKinesalite(source)
    let made = 0
    const ours = async (count: number) => {
      made += 1
      const name = `bench-${made}`
      await child.client.createStream(name, shards, AbortSignal.timeout(10_000))
      const targets = targetsOf({ kinesisEndpoint: child.endpoint }, name)
      const input = {
        posts: postsFor(count),
        batch: 500,
        inFlight,
        sinks: ['kinesis' as const],
        partitionKey,
      }
      return (await runLoad(source, targets, input)).perSecond
    }
    const theirs = (count: number) => {
      made += 1
      return peer.put(`bench-${made}`, count, inFlight)
    }
    const taken = await inTurn(
      rounds,
      // The first thousands warm both up.
      {
        ours: async () => (await ours(5_000)) && ours(records),
        theirs: async () => (await theirs(5_000)) && theirs(records),
      },
      say,
    ).finally(() => peer.end())
    await child.kill()

    const restart: number[] = []
    const read: number[] = []
    let kept = 0
    for (let round = 0; round < rounds; round += 1) {
      const back = await readBack(file, dir)
      kept = back.records
      restart.push(back.restartMs)
      read.push(back.perSecond)
    }
    return [
      row({
        what: 'direct Kinesis sink, without limits, PutRecords of 500, 1 KB',
        unit: 'records/s',
        ours: taken.ours,
        peer: { name: 'plain SDK into kinesalite', values: taken.theirs },
        target: { atLeast: 1 },
      }),
      row({ what: 'Kinesis: read everything back', unit: 'records/s', ours: read }),
      row({ what: `Kinesis: restart over ${kept} records`, unit: 'ms', ours: restart }),
    ]
  })
}

/** Starts it anew over what is on the disk, without limits, and reads all of it. */
async function readBack(file: string, dir: string) {
  const began = performance.now()
  const child = await startKinesisChild(file, dir)
  const restartMs = performance.now() - began
  try {
    const since = performance.now()
    let records = 0
    for (const stream of await child.client.listStreams()) records += await countOf(child.client, stream)
    return { records, restartMs, perSecond: (records * 1_000) / (performance.now() - since) }
  } finally {
    await child.kill()
  }
}

async function countOf(client: KinesisClient, stream: string): Promise<number> {
  let records = 0
  for await (const _ of readStream(client, stream)) records += 1
  return records
}

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'kinesis-bench-'))
  try {
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
