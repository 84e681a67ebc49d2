/** The report and the lake: each acknowledged offset in exactly one line, waited for, and any lie found. */
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPartitionWriter, type PartitionWriter } from '../../electron/local/lake/partitionWriter.ts'
import { partitionPaths } from '../../electron/local/lake/paths.ts'
import { brokerMissing } from '../helpers/broker.ts'
import { type Bench, type Emulations, openEmulations, pipeline, startBench } from '../helpers/emulation.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(`the lake in the report${missing === null ? '' : ` (${missing})`}`, () => {
  const topic = 'learner.pin'
  let lakeDir: string
  let bench: Bench
  let emulations: Emulations
  let runId: string
  beforeAll(async () => {
    lakeDir = await mkdtemp(join(tmpdir(), 'lake-'))
    bench = await startBench({ lakeDir })
    emulations = await openEmulations(bench.entries, bench.targets)
    runId = (await emulations.run({ posts: 200, rate: { kind: 'max' }, batch: 5, sinks: ['rest'] })).runId
  })
  afterAll(async () => {
    await emulations?.close()
    await bench?.stop()
    if (lakeDir) await rm(lakeDir, { recursive: true, force: true })
  })

  /** What the lake does with everything that is in Kafka now. */
  async function fill(): Promise<void> {
    for (const name of Object.values(bench.targets.topics)) {
      for (const { partition, high } of await bench.kafkaClient.offsets(name)) {
        const writer: PartitionWriter = createPartitionWriter({
          dir: lakeDir,
          topic: name,
          topicId: 'id',
          partition,
          next: 0n,
          totals: { files: 0, records: 0, bytes: 0 },
          flushSize: 40,
          rotateMs: 60_000,
          onFile: () => undefined,
          onFailure: (error) => {
            throw error
          },
        })
        if (high === 0n) continue
        const range = { from: [{ partition, offset: 0n }], until: [{ partition, offset: high }] }
        const { signal } = new AbortController()
        for await (const batch of bench.kafkaClient.read({ topic: name, ...range, signal }))
          await writer.accept(batch)
        await writer.rotate()
      }
    }
  }

  it('waits for the lake and then finds each acknowledged record in one line', async () => {
    await emulations.client.verify({ pipeline, runId })
    let filling: Promise<void> | null = null
    for await (const { verifying } of await emulations.client.watch({ pipeline, runId })) {
      if (verifying?.text.startsWith('Waiting for the lake')) filling ??= fill()
    }
    expect(filling).not.toBeNull()
    await filling
    expect((await emulations.client.get({ pipeline, runId })).report).toEqual({
      posts: 200,
      acknowledged: { kafka: 600, kinesis: 0 },
      found: { kafka: 600, kinesis: 0, lake: 600 },
      unacknowledgedFound: { kafka: 0, kinesis: 0, lake: 0 },
      unaccounted: 0,
    })
  })

  const firstFile = async () => {
    const { data } = partitionPaths(lakeDir, topic, 0)
    return join(data, (await readdir(data)).sort()[0] ?? '')
  }
  const withFile = async (change: (path: string, text: string) => Promise<void>) => {
    const path = await firstFile()
    const text = await readFile(path, 'utf8')
    try {
      await change(path, text)
      return (await emulations.verify(runId)).report
    } finally {
      await writeFile(path, text)
    }
  }
  const edit = (change: (lines: string[]) => string[]) =>
    withFile((path, text) => writeFile(path, change(text.split('\n')).join('\n')))

  it('sees a line with another content, a line too few, and a line too many', async () => {
    const other = await edit((lines) => lines.with(3, '{"index":"a lie"}'))
    expect(other).toMatchObject({ found: { kafka: 600, lake: 599 }, unaccounted: 1 })
    const fewer = await edit((lines) => lines.toSpliced(-2, 1))
    expect(fewer).toMatchObject({ found: { lake: 599 }, unaccounted: 1 })
    const more = await edit((lines) => lines.toSpliced(-1, 0, '{"index":"a lie"}'))
    expect(more).toMatchObject({ found: { lake: 599 }, unaccounted: 1 })
  })

  it('sees a file that is gone', async () => {
    const gone = await withFile(async (path) => rm(path))
    expect(gone).toMatchObject({ found: { kafka: 600, lake: 560 }, unaccounted: 40 })
  })

  it('sees offsets that stand in two files', async () => {
    const first = await firstFile()
    const [begin, start] = /^(.*\+)(\d{10})\.json$/.exec(first)?.slice(1) ?? ['', '0']
    const copied = `${begin}${String(Number(start) + 1).padStart(10, '0')}.json`
    const { entries } = partitionPaths(lakeDir, topic, 0)
    const entry = (at: number) => join(entries, `${String(at).padStart(10, '0')}.json`)
    await copyFile(first, copied)
    await copyFile(entry(Number(start)), entry(Number(start) + 1))
    const { report } = await emulations.verify(runId)
    expect(report).toMatchObject({ found: { kafka: 600, lake: 560 }, unaccounted: 40 })
    await rm(copied)
    await rm(entry(Number(start) + 1))
    expect((await emulations.verify(runId)).report).toMatchObject({ found: { lake: 600 }, unaccounted: 0 })
  })
})
