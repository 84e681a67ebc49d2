/** A run whose app is killed twice with `kill -9` and goes on each time: nothing is left out, and repeats are counted. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrder } from '../../electron/emulator/order/order.ts'
import { builtinSource } from '../../electron/emulator/sources/builtin.ts'
import { kinds } from '../../shared/names.ts'
import { brokerMissing } from '../helpers/broker.ts'
import { type Bench, openEmulations, pipeline, startBench } from '../helpers/emulation.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const posts = 3_000
const options = {
  posts,
  rate: { kind: 'max' as const },
  batch: 7,
  sinks: ['rest' as const, 'streams' as const, 'kafka' as const, 'kinesis' as const],
}

describe.skipIf(missing !== null)(`a run that goes on${missing === null ? '' : ` (${missing})`}`, () => {
  let bench: Bench
  let home = ''
  beforeAll(async () => {
    bench = await startBench()
    home = await mkdtemp(join(tmpdir(), 'resume-'))
  })
  afterAll(async () => {
    await bench?.stop()
    await rm(home, { recursive: true, force: true })
  })

  /** An app of its own that works at the run until so many records are acknowledged, then is killed. */
  const killedAt = async (acknowledged: number, runId?: string): Promise<string> => {
    const input = { home, entries: bench.entries, targets: bench.targets, options, runId }
    const script = resolve(import.meta.dirname, '../helpers/emulationApp.ts')
    const app = spawn(process.execPath, [script, JSON.stringify(input)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let id = ''
    for await (const line of createInterface(app.stdout)) {
      if (id === '') id = line
      else if (Number(line) > acknowledged) app.kill('SIGKILL')
    }
    return id
  }

  /** What stands in the topics and streams, read without the emulator: how often each content of each kind. */
  const standing = async () => {
    const found = new Map<string, number>()
    const add = (where: string, kind: string, content: Buffer | null) => {
      const key = `${where}/${kind}/${content?.toString()}`
      found.set(key, (found.get(key) ?? 0) + 1)
    }
    const signal = new AbortController().signal
    for (const kind of kinds) {
      const topic = bench.targets.topics[kind]
      const offsets = await bench.kafkaClient.offsets(topic)
      const from = offsets.map(({ partition, low }) => ({ partition, offset: low }))
      const until = offsets.map(({ partition, high }) => ({ partition, offset: high }))
      for await (const { records } of bench.kafkaClient.read({ topic, from, until, signal }))
        for (const { value } of records) add('kafka', kind, value)
      const stream = bench.targets.streams[kind]
      for (const { id } of await bench.kinesisClient.shards(stream)) {
        let iterator: string | null = await bench.kinesisClient.iterator(stream, id, { type: 'TRIM_HORIZON' })
        while (iterator !== null) {
          const read = await bench.kinesisClient.getRecords(id, iterator, 10_000)
          for (const { data } of read.records) add('kinesis', kind, data)
          iterator = read.millisBehindLatest === 0 ? null : read.next
          await new Promise((next) => setTimeout(next, 250))
        }
      }
    }
    return found
  }

  /** The same for what the run was to send: each destination gets it by two ways. */
  const wanted = async () => {
    const source = builtinSource(100)
    const order = createOrder({ order: 'faithful', seed: 100, size: source.size })
    const all = new Map<string, number>()
    for (let nth = 0; nth < posts; nth++) {
      const post = await source.read(order().index, new AbortController().signal)
      for (const kind of kinds) {
        for (const where of ['kafka', 'kinesis']) {
          const key = `${where}/${kind}/${JSON.stringify(post.rows[kind])}`
          all.set(key, (all.get(key) ?? 0) + 2)
        }
      }
    }
    return all
  }

  it('sends every record at least once, and says how many stand twice', async () => {
    const runId = await killedAt(4_000)
    expect(await killedAt(16_000, runId)).toBe(runId)
    const emulations = await openEmulations(bench.entries, bench.targets, { home })
    expect(await emulations.client.get({ pipeline, runId })).toMatchObject({ state: 'interrupted' })
    await emulations.client.continue({ pipeline, runId })
    const run = await emulations.end(runId)
    const records = posts * kinds.length * options.sinks.length
    expect(run).toMatchObject({
      state: 'done',
      posts,
      counters: { sent: records, acknowledged: records, failed: 0, inFlight: 0 },
      problem: null,
    })
    expect(run.resumes).toHaveLength(2)
    expect(run.resumes[0]?.post).toBeGreaterThan(0)
    expect(run.resumes[1]?.post).toBeGreaterThan(run.resumes[0]?.post ?? posts)
    await expect(emulations.client.continue({ pipeline, runId })).rejects.toMatchObject({
      data: { code: 'RUN_COMPLETE' },
    })

    const { report } = await emulations.verify(runId)
    expect(report).toMatchObject({
      posts,
      acknowledged: { kafka: records / 2, kinesis: records / 2 },
      found: { kafka: records / 2, kinesis: records / 2 },
      unaccounted: 0,
    })
    const [there, should] = await Promise.all([standing(), wanted()])
    const twice = { kafka: 0, kinesis: 0 }
    for (const [key, times] of there) {
      expect(should.has(key), key).toBe(true)
      const more = times - (should.get(key) ?? 0)
      expect(more, key).toBeGreaterThanOrEqual(0)
      twice[key.startsWith('kafka') ? 'kafka' : 'kinesis'] += more
    }
    expect(there.size).toBe(should.size)
    expect(report?.unacknowledgedFound).toMatchObject(twice)
    const repeated = run.resumes.reduce((sum, resume) => sum + resume.repeated, 0)
    expect(twice.kafka + twice.kinesis).toBeLessThanOrEqual(repeated)
    await emulations.close()
  })
})
