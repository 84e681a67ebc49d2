/** How fast the local Kinesis takes and gives records: a restart and a read over everything it was given. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildEntry } from '../tests/helpers/builtEntry.ts'
import { readStream, startKinesisChild } from '../tests/helpers/kinesisChild.ts'
import { type Bench, type Context, type Row, row } from './bench.ts'

const stream = 'bench'
const inFlight = 4
const entries = Array.from({ length: 500 }, (_, nth) => ({
  data: Buffer.alloc(1_000, 'x'),
  partitionKey: `key ${nth}`,
}))

export const bench: Bench = {
  name: 'kinesis',
  title: 'The local Kinesis, without limits',
  async run(context) {
    const built = await buildEntry('kinesis')
    const dir = await mkdtemp(join(tmpdir(), 'kinesis-bench-'))
    try {
      return await measure(built.file, dir, context)
    } finally {
      await built.remove()
      await rm(dir, { recursive: true, force: true })
    }
  },
}

async function measure(file: string, dir: string, { rounds, quick, say }: Context): Promise<Row[]> {
  const perRound = quick ? 10_000 : 50_000
  let child = await startKinesisChild(file, dir)
  await child.client.createStream(stream, 3, AbortSignal.timeout(10_000))
  const put: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const since = performance.now()
    let left = perRound / entries.length
    const write = async () => {
      while (left-- > 0) {
        const results = await child.client.putRecords(stream, entries)
        if (results.some(({ ok }) => !ok)) throw new Error('A record was refused')
      }
    }
    await Promise.all(Array.from({ length: inFlight }, write))
    put.push(perSecond(perRound, since))
    say(`put ${Math.round(put.at(-1) ?? 0)} records/s`)
  }
  await child.kill()

  const restart: number[] = []
  const read: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now()
    child = await startKinesisChild(file, dir)
    restart.push(performance.now() - began)
    const since = performance.now()
    let records = 0
    for await (const _ of readStream(child.client, stream)) records += 1
    if (records !== perRound * rounds) throw new Error(`${records} of ${perRound * rounds} were read`)
    read.push(perSecond(records, since))
    await child.kill()
  }
  return [
    row({ what: 'Kinesis: PutRecords of 500, 1 KB', unit: 'records/s', ours: put }),
    row({ what: 'Kinesis: read everything', unit: 'records/s', ours: read }),
    row({ what: `Kinesis: restart over ${perRound * rounds} records`, unit: 'ms', ours: restart }),
  ]
}

const perSecond = (records: number, since: number) => (records * 1_000) / (performance.now() - since)
