/** How fast the local Kinesis takes and gives records, and whether that changes with what it keeps: `node bench/kinesis.ts`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildEntry } from '../tests/helpers/builtEntry.ts'
import { readStream, startKinesisChild } from '../tests/helpers/kinesisChild.ts'

const rounds = 5
const perRound = 50_000
const inFlight = 4
const entries = Array.from({ length: 500 }, (_, nth) => ({
  data: Buffer.alloc(1_000, 'x'),
  partitionKey: `key ${nth}`,
}))

const built = await buildEntry('kinesis')
const dir = await mkdtemp(join(tmpdir(), 'kinesis-bench-'))
let child = await startKinesisChild(built.file, dir)
await child.client.createStream('bench', 3, AbortSignal.timeout(10_000))
const perSecond = (records: number, since: number) =>
  Math.round((records * 1_000) / (performance.now() - since))

const put: number[] = []
for (let round = 0; round < rounds; round += 1) {
  const since = performance.now()
  let left = perRound / entries.length
  const write = async () => {
    while (left-- > 0) {
      const results = await child.client.putRecords('bench', entries)
      if (results.some(({ ok }) => !ok)) throw new Error('A record was refused')
    }
  }
  await Promise.all(Array.from({ length: inFlight }, write))
  put.push(perSecond(perRound, since))
}

await child.kill()
const begin = performance.now()
child = await startKinesisChild(built.file, dir)
const restartMs = Math.round(performance.now() - begin)

const since = performance.now()
let read = 0
for await (const _ of readStream(child.client, 'bench')) read += 1
const result = { putPerSecond: put, readPerSecond: perSecond(read, since), records: read, restartMs }
process.stdout.write(`${JSON.stringify(result)}\n`)
await child.kill()
await built.remove()
await rm(dir, { recursive: true, force: true })
