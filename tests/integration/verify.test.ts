/** Emulate through the real gateway, broker and Kinesis, read everything back, and see that a lie would be found. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJournalWriter } from '../../electron/emulator/journal/writer.ts'
import { outgoing } from '../../electron/emulator/pump/record.ts'
import type { Targets } from '../../electron/emulator/targets.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { brokerMissing } from '../helpers/broker.ts'
import { type Bench, type Emulations, openEmulations, pipeline, startBench } from '../helpers/emulation.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

/** sent = acknowledged + failed + in flight, of each sink. */
function agrees({ counters, sinks }: RunSnapshot) {
  for (const each of [counters, ...sinks.map((sink) => sink.counters)]) {
    expect(each.sent).toBe(each.acknowledged + each.failed + each.inFlight)
  }
}

describe.skipIf(missing !== null)(`verification${missing === null ? '' : ` (${missing})`}`, () => {
  let bench: Bench
  let emulations: Emulations
  beforeAll(async () => {
    bench = await startBench()
    emulations = await openEmulations(bench.entries, () => bench.targets)
  })
  afterAll(async () => {
    await emulations?.close()
    await bench?.stop()
  })
  const runFolder = (runId: string) => join(emulations.home, 'pipelines', pipeline, 'runs', runId)

  it('finds every acknowledged record at its place: 500 posts through the gateway', async () => {
    const run = await emulations.run({ posts: 500, rate: { kind: 'max' } })
    agrees(run)
    expect(run).toMatchObject({ state: 'done', posts: 500, errors: [], warnings: [], problem: null })
    expect(run.counters).toMatchObject({ sent: 3_000, acknowledged: 3_000, inFlight: 0 })
    const { report, state } = await emulations.verify(run.runId)
    expect(state).toBe('done')
    expect(report).toEqual({
      posts: 500,
      acknowledged: { kafka: 1_500, kinesis: 1_500 },
      found: { kafka: 1_500, kinesis: 1_500, lake: 0 },
      unacknowledgedFound: { kafka: 0, kinesis: 0, lake: 0 },
      unaccounted: 0,
      notRead: [{ place: 'lake', reason: 'The lake is not on this computer.' }],
    })
  })

  it('finds them through all four ways at once, in batches', async () => {
    const run = await emulations.run({
      posts: 400,
      rate: { kind: 'max' },
      batch: 50,
      sinks: ['rest', 'streams', 'kafka', 'kinesis'],
      partitionKey: { kind: 'uuid' },
    })
    expect(run.counters).toMatchObject({ sent: 4_800, acknowledged: 4_800 })
    const { report } = await emulations.verify(run.runId)
    expect(report).toMatchObject({
      acknowledged: { kafka: 2_400, kinesis: 2_400 },
      found: { kafka: 2_400, kinesis: 2_400 },
      unaccounted: 0,
    })
  })

  it('counts what acks=none sent by content, and acknowledges none of it', async () => {
    const run = await emulations.run({ posts: 50, rate: { kind: 'max' }, sinks: ['kafka'], acks: 'none' })
    const { report } = await emulations.verify(run.runId)
    expect(report).toMatchObject({
      acknowledged: { kafka: 0 },
      found: { kafka: 0 },
      unacknowledgedFound: { kafka: 150 },
      unaccounted: 0,
    })
  })

  it('says so when an acknowledged record is not there or is another one', async () => {
    const run = await emulations.run({ posts: 20, rate: { kind: 'max' }, sinks: ['rest'] })
    const [{ high } = { high: 0n }] = await bench.kafkaClient.offsets('learner.pin')
    const journal = createJournalWriter(join(runFolder(run.runId), 'journal'))
    const lies = [0, 1].map((index) =>
      outgoing({ index, kind: 'pin', json: '{"index":"a lie"}', partitionKey: null }),
    )
    journal.sent('rest', 'pin', lies)
    journal.acknowledged('rest', 'pin', lies, [
      { to: 'kafka', topic: 'learner.pin', partition: 0, offset: high + 5n },
      { to: 'kafka', topic: 'learner.pin', partition: 0, offset: high - 1n },
    ])
    journal.close()
    const { report } = await emulations.verify(run.runId)
    expect(report?.acknowledged.kafka).toBe(62)
    // The offset that holds something else is acknowledged twice; the honest one of the two is found.
    expect(report).toMatchObject({ found: { kafka: 60 }, unaccounted: 2 })
  })

  it('reports apart what arrived although nobody answered', async () => {
    const lossy = await startLossyProxy(bench.targets.gatewayUrl ?? '')
    const targets: Targets = { ...bench.targets, gatewayUrl: lossy.url }
    const own = await openEmulations(bench.entries, targets)
    const run = await own.run({ posts: 100, rate: { kind: 'max' }, batch: 10, inFlight: 2 })
    await lossy.close()
    agrees(run)
    expect(lossy.lost).toBeGreaterThan(0)
    expect(run.errors.map(({ code }) => code)).toEqual(expect.arrayContaining(['GATEWAY_SILENT']))
    expect(run.counters.failed).toBe(lossy.lost)
    const { report } = await own.verify(run.runId)
    expect(report?.unaccounted).toBe(0)
    const apart = report?.unacknowledgedFound
    expect((apart?.kafka ?? 0) + (apart?.kinesis ?? 0)).toBe(lossy.lost)
    expect(report?.found).toMatchObject(report?.acknowledged ?? {})
    await own.close()
  })

  it('stops reading from a place that is the old one by now, says so, and begins again at the new one', async () => {
    const listeners = new Set<() => void>()
    let targets = bench.targets
    const own = await openEmulations(bench.entries, () => targets, {
      onTargets: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    })
    const { runId } = await own.run({ posts: 20, rate: { kind: 'max' }, sinks: ['rest'] })
    expect(listeners.size).toBe(0)
    const old = new URL(await hungServer()).host
    targets = { ...bench.targets, kafkaBootstrap: old }
    await own.client.verify({ pipeline, runId })
    expect((await own.client.get({ pipeline, runId })).state).toBe('verifying')
    targets = bench.targets
    for (const listener of listeners) listener()
    const { problem, report } = await own.end(runId)
    expect(problem).toMatchObject({
      code: 'RUN_TARGET_MOVED',
      message: expect.stringContaining(`from ${old}`),
    })
    expect(report).toBeNull()
    expect((await own.verify(runId)).report).toMatchObject({ found: { kafka: 60 }, unaccounted: 0 })
    await own.close()
  })

  it('does not take the records of a later run for lost ones of an earlier', async () => {
    const dead: Targets = { ...bench.targets, gatewayUrl: await hungServer() }
    let targets = dead
    const own = await openEmulations(bench.entries, () => targets)
    const { runId } = await own.client.start({
      pipeline,
      options: { posts: 5, rate: { kind: 'max' }, sinks: ['rest'] },
    })
    await until(async () => (await own.client.get({ pipeline, runId })).counters.inFlight > 0)
    // Nobody answers, so only a second wish ends it.
    await until(async () => (await own.client.stop({ pipeline, runId })).state === 'stopped')
    expect((await own.end(runId)).counters.acknowledged).toBe(0)
    targets = bench.targets
    await own.run({ posts: 5, rate: { kind: 'max' }, sinks: ['rest'] })
    const { report } = await own.verify(runId)
    expect(report).toMatchObject({ found: { kafka: 0 }, unacknowledgedFound: { kafka: 0 }, unaccounted: 0 })
    await own.close()
  })

  it('keeps its numbers true when the broker is killed with -9 in the middle', async () => {
    const { client } = emulations
    const { runId } = await client.start({
      pipeline,
      options: { posts: 1_000, rate: { kind: 'constant', postsPerSecond: 250 }, sinks: ['rest', 'kafka'] },
    })
    await until(async () => (await client.get({ pipeline, runId })).counters.acknowledged > 600)
    await bench.broker.kill()
    await bench.broker.restart()
    const run = await emulations.end(runId)
    agrees(run)
    expect(run).toMatchObject({ state: 'done', posts: 1_000, counters: { sent: 6_000, inFlight: 0 } })
    const { report } = await emulations.verify(runId)
    expect(report?.acknowledged.kafka).toBe(run.counters.acknowledged)
    expect(report).toMatchObject({ found: { kafka: run.counters.acknowledged }, unaccounted: 0 })
    expect(report?.unacknowledgedFound.kafka).toBeLessThanOrEqual(run.counters.failed)
  })

  it('finishes the report of a run whose app was killed with -9', async () => {
    const home = await mkdtemp(join(tmpdir(), 'killed-'))
    const input = {
      home,
      entries: bench.entries,
      targets: bench.targets,
      options: { rate: { kind: 'max' }, batch: 5, sinks: ['rest', 'streams', 'kafka', 'kinesis'] },
    }
    const script = resolve(import.meta.dirname, '../helpers/emulationApp.ts')
    const app = spawn(process.execPath, [script, JSON.stringify(input)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let runId = ''
    for await (const line of createInterface(app.stdout)) {
      if (runId === '') runId = line
      else if (Number(line) > 2_000) app.kill('SIGKILL')
    }
    const own = await openEmulations(bench.entries, bench.targets, { home })
    const [found] = await own.client.list({ pipeline })
    expect(found).toMatchObject({ runId, state: 'interrupted', report: null })
    const run = await own.verify(runId)
    agrees(run)
    expect(run.state).toBe('interrupted')
    expect(run.counters.inFlight).toBe(0)
    expect(run.counters.acknowledged).toBeGreaterThan(2_000)
    const { report } = run
    expect(report?.unaccounted).toBe(0)
    expect(report?.found).toMatchObject(report?.acknowledged ?? {})
    expect((report?.acknowledged.kafka ?? 0) + (report?.acknowledged.kinesis ?? 0)).toBe(
      run.counters.acknowledged,
    )
    // What was on its way at the kill either arrived or did not; more than that cannot have.
    const apart = report?.unacknowledgedFound
    expect((apart?.kafka ?? 0) + (apart?.kinesis ?? 0)).toBeLessThanOrEqual(run.counters.failed)
    // The report is kept: another start still has it.
    await own.close()
    const again = await openEmulations(bench.entries, bench.targets, { home })
    expect((await again.client.list({ pipeline }))[0]?.report).toEqual(report)
    await again.close()
    await rm(home, { recursive: true, force: true })
  })

  it('warns about a constant key on several shards and partitions (F-54)', async () => {
    const run = await emulations.run({
      posts: 3,
      rate: { kind: 'max' },
      partitionKey: { kind: 'constant', value: 'partition-1' },
    })
    expect(run.warnings.filter((text) => text.includes('only one of the 2 shards'))).toHaveLength(3)
    expect(run.warnings.filter((text) => text.includes('only one of the 2 partitions'))).toHaveLength(3)
  })

  it('keeps no password in the run’s folder, its snapshots or the activity', async () => {
    const canary = 'canary-41aa-password'
    const run = await emulations.run(
      {
        posts: 1,
        source: {
          kind: 'mysql',
          host: '127.0.0.1',
          port: 1,
          user: 'somebody',
          database: 'pinterest_data',
          tls: 'off',
        },
      },
      canary,
    )
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'MYSQL_UNREACHABLE' } })
    const file = await readFile(join(runFolder(run.runId), 'run.json'), 'utf8')
    expect(file + JSON.stringify(run) + emulations.activity.join('\n')).not.toContain('canary')
  })

  it('can be stopped while reading back, and begun again', async () => {
    const run = await emulations.run({ posts: 200, rate: { kind: 'max' }, batch: 20 })
    await emulations.client.verify({ pipeline, runId: run.runId })
    await expect(emulations.client.verify({ pipeline, runId: run.runId })).rejects.toMatchObject({
      data: { code: 'RUN_NOT_OVER' },
    })
    await emulations.client.stop({ pipeline, runId: run.runId })
    const stopped = await emulations.end(run.runId)
    expect(stopped.state).toBe('done')
    if (stopped.report === null) expect(stopped.problem?.code).toBe('VERIFY_STOPPED')
    expect((await emulations.verify(run.runId)).report?.unaccounted).toBe(0)
  })
})

/** Forwards everything, but breaks the connection instead of answering each seventh request. */
async function startLossyProxy(to: string) {
  const target = new URL(to)
  const state = { lost: 0 }
  let requests = 0
  const server = createServer((incoming, outgoing) => {
    const lose = ++requests % 7 === 0
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const headers = { ...incoming.headers, host: target.host }
      const forward = request(
        { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers },
        (answer) => {
          if (!lose) {
            outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
            answer.pipe(outgoing)
            return
          }
          answer.resume()
          answer.on('end', () => {
            state.lost += (JSON.parse(body.toString()) as { records: unknown[] }).records.length
            incoming.socket.destroy()
          })
        },
      )
      forward.end(body)
    })
  })
  const url = await listen(server, target.pathname)
  return {
    url,
    get lost() {
      return state.lost
    },
    close: () => closeServer(server),
  }
}

const hung: Server[] = []
afterAll(() => Promise.all(hung.map(closeServer)))

/** Takes requests and never answers. */
async function hungServer(): Promise<string> {
  const server = createServer(() => undefined)
  hung.push(server)
  return listen(server, '')
}

async function listen(server: Server, path: string): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  return `http://127.0.0.1:${port}${path}`
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not happen within 30 s.')
    await new Promise((done) => setTimeout(done, 20))
  }
}
