/** Runs as the app owns them, with the built worker: started, watched, paused, stopped, kept, and honest about failures. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDataset } from '../../electron/emulator/dataset/dataset.ts'
import type { Targets } from '../../electron/emulator/targets.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { type Emulations, openEmulations, pipeline } from '../helpers/emulation.ts'
import { eventually } from '../helpers/kinesis.ts'
import { mariadbMissing, startMariadb } from '../helpers/mariadb.ts'

let built: Awaited<ReturnType<typeof buildEntry>>
beforeAll(async () => {
  built = await buildEntry('pumpWorker')
})
afterAll(() => built?.remove())

const names = (prefix: string) => ({ pin: `${prefix}pin`, geo: `${prefix}geo`, user: `${prefix}user` })
const targets: Targets = {
  kafkaBootstrap: null,
  gatewayUrl: null,
  kinesisEndpoint: null,
  region: 'us-east-1',
  lakeDir: null,
  topics: names('learner.'),
  streams: names('streaming-learner-'),
}

function agrees({ counters, sinks }: RunSnapshot) {
  for (const each of [counters, ...sinks.map((sink) => sink.counters)]) {
    expect(each.sent).toBe(each.acknowledged + each.failed + each.inFlight)
  }
}

describe('a run', () => {
  let emulations: Emulations
  beforeEach(async () => {
    emulations = await openEmulations(dirname(built.file), targets)
  })
  afterEach(() => emulations?.close())
  const runFolder = (runId: string) => join(emulations.home, 'pipelines', pipeline, 'runs', runId)

  it('writes the dry run’s records, keeps its settings and result, and is in the history', async () => {
    const run = await emulations.run({ posts: 100, rate: { kind: 'max' }, sinks: ['file'] })
    agrees(run)
    expect(run).toMatchObject({ state: 'done', posts: 100, counters: { sent: 300, acknowledged: 300 } })
    const lines = (await readFile(join(runFolder(run.runId), 'records', 'geo.ndjson'), 'utf8'))
      .trim()
      .split('\n')
    expect(lines.length).toBe(100)
    const make = createDataset(100)
    expect(lines.slice(0, 3).map((line) => JSON.parse(line))).toEqual(
      [7528, 2863, 5730].map((index) => make(index).geo),
    )
    const second = await emulations.run({ posts: 1, rate: { kind: 'max' }, sinks: ['file'] })
    const history = await emulations.client.list({ pipeline })
    expect(history.map(({ runId }) => runId).sort()).toEqual([run.runId, second.runId].sort())
    expect(history.find(({ runId }) => runId === run.runId)).toEqual(
      Object.fromEntries(
        (['runId', 'state', 'startedAt', 'endedAt', 'posts', 'counters', 'options', 'report'] as const).map(
          (key) => [key, run[key]],
        ),
      ),
    )
  })

  it('is watched at ten snapshots a second at most, by as many as like', async () => {
    const { runId } = await emulations.client.start({
      pipeline,
      options: { rate: { kind: 'constant', postsPerSecond: 500 }, forMs: 1_500, sinks: ['file'] },
    })
    const watch = async () => {
      const seen: RunSnapshot[] = []
      for await (const snapshot of await emulations.client.watch({ pipeline, runId })) seen.push(snapshot)
      return seen
    }
    const [one, other] = await Promise.all([watch(), watch()])
    for (const seen of [one, other]) {
      for (const snapshot of seen) agrees(snapshot)
      expect(seen.length).toBeGreaterThan(3)
      expect(seen.at(-1)).toMatchObject({ state: 'done', posts: 750 })
      const took = (seen.at(-1)?.endedAt ?? 0) - (seen[0]?.startedAt ?? 0)
      expect(seen.length).toBeLessThanOrEqual(took / 100 + 5)
    }
  })

  it('pauses, goes on and stops at a post’s boundary; leaving the watch does not end it', async () => {
    const { client } = emulations
    const { runId } = await client.start({
      pipeline,
      options: { rate: { kind: 'constant', postsPerSecond: 200 }, sinks: ['file'] },
    })
    const state = async () => (await client.get({ pipeline, runId })).state
    for await (const { posts } of await client.watch({ pipeline, runId })) if (posts > 20) break
    await client.pause({ pipeline, runId })
    await eventually(async () => (await state()) === 'paused')
    const paused = await client.get({ pipeline, runId })
    expect(paused.counters).toMatchObject({ sent: paused.posts * 3, inFlight: 0 })
    await client.resume({ pipeline, runId })
    await eventually(async () => (await client.get({ pipeline, runId })).posts > paused.posts + 20)
    await client.stop({ pipeline, runId })
    const end = await emulations.end(runId)
    agrees(end)
    expect(end).toMatchObject({ state: 'stopped', problem: null, counters: { sent: end.posts * 3 } })
    const said = emulations.activity.filter((text) => text.startsWith(`Emulation ${runId}`))
    expect(said.map((text) => text.slice(`Emulation ${runId} `.length).split(':')[0])).toEqual([
      'began',
      'is paused',
      'goes on',
      'stopped',
    ])
  })

  it('refuses to start, and to verify, with an error that names what to do', async () => {
    const start = (options: Parameters<typeof emulations.run>[0]) =>
      emulations.client.start({ pipeline, options })
    for (const sink of ['rest', 'streams', 'kafka', 'kinesis'] as const) {
      await expect(start({ sinks: [sink] })).rejects.toMatchObject({
        data: { code: 'NO_TARGET', field: 'options.sinks' },
      })
    }
    await expect(start({ batch: 501 })).rejects.toThrow()
    await expect(start({ sinks: [] })).rejects.toThrow()
    await expect(emulations.client.get({ pipeline, runId: 'nothing' })).rejects.toMatchObject({
      data: { code: 'NO_RUN', field: 'runId' },
    })
    const going = await start({ sinks: ['file'] })
    await expect(emulations.client.verify({ pipeline, runId: going.runId })).rejects.toMatchObject({
      data: { code: 'RUN_NOT_OVER' },
    })
  })

  it('does not start on a disk that is nearly full (decision 20)', async () => {
    const full = await openEmulations(dirname(built.file), targets, { minFreeGiB: 1_024 })
    await expect(full.run({ sinks: ['file'] })).rejects.toMatchObject({
      data: { code: 'DISK_NEARLY_FULL', field: 'settings.minFreeGiB' },
    })
    await full.close()
  })

  it('stops at the cap of the pipeline’s data with the reason, which reading back keeps (decision 20)', async () => {
    let maxDataGiB = 0.02
    const capped = await openEmulations(dirname(built.file), targets, { maxDataGiB: () => maxDataGiB })
    const end = await capped.run({ rate: { kind: 'max' }, sinks: ['file'] })
    agrees(end)
    const why = { code: 'DATA_OVER_CAP', field: 'settings.maxDataGiB' }
    expect(end).toMatchObject({ state: 'stopped', problem: why })
    expect(capped.activity.at(-1)).toContain('more than the 0.02 GiB')
    await expect(capped.run({ sinks: ['file'] })).rejects.toMatchObject({ data: why })
    expect(await capped.client.list({ pipeline })).toHaveLength(1)
    const read = await capped.verify(end.runId)
    expect(read).toMatchObject({
      state: 'stopped',
      problem: why,
      report: { posts: end.posts, unaccounted: 0 },
    })
    maxDataGiB = 20
    expect(await capped.run({ posts: 1, sinks: ['file'] })).toMatchObject({ state: 'done', problem: null })
    await capped.close()
  })

  it('keeps a damaged run file and goes on without it', async () => {
    const run = await emulations.run({ posts: 1, rate: { kind: 'max' }, sinks: ['file'] })
    await mkdir(runFolder('broken'), { recursive: true })
    await writeFile(join(runFolder('broken'), 'run.json'), '{"version":1,')
    await writeFile(runFolder('.DS_Store'), 'of another program')
    expect((await emulations.client.list({ pipeline })).map(({ runId }) => runId)).toEqual([run.runId])
    expect(await readFile(join(runFolder('broken'), 'run.json.bad'), 'utf8')).toBe('{"version":1,')
  })

  it('calls a run of a killed app interrupted', async () => {
    const run = await emulations.run({ posts: 5, rate: { kind: 'max' }, sinks: ['file'] })
    const path = join(runFolder(run.runId), 'run.json')
    const file = JSON.parse(await readFile(path, 'utf8'))
    file.snapshot = { ...file.snapshot, state: 'running', endedAt: null }
    await writeFile(path, JSON.stringify(file))
    const later = await openEmulations(dirname(built.file), targets, { home: emulations.home })
    expect(await later.client.get({ pipeline, runId: run.runId })).toMatchObject({
      state: 'interrupted',
      endedAt: expect.any(Number),
    })
    expect(await later.verify(run.runId)).toMatchObject({
      state: 'interrupted',
      posts: 5,
      counters: { sent: 15, acknowledged: 15, failed: 0, inFlight: 0 },
      report: { posts: 5, unaccounted: 0 },
    })
    await later.close()
  })

  it('uses the password of an imported db_creds.yaml, and never shows it', async () => {
    const imported = await emulations.client.importCredentials({
      text: 'HOST: 127.0.0.1\nUSER: project_user\nPASSWORD: canary-77f\nDATABASE: pinterest_data\nPORT: 1',
    })
    expect(imported).toEqual({
      host: '127.0.0.1',
      port: 1,
      user: 'project_user',
      database: 'pinterest_data',
      hasPassword: true,
    })
    const { hasPassword: _, ...settings } = imported
    const run = await emulations.run({ source: { kind: 'mysql', tls: 'off', ...settings }, sinks: ['file'] })
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'MYSQL_UNREACHABLE' } })
    expect(JSON.stringify(run) + emulations.activity.join()).not.toContain('canary')
  })
})

const noDatabase = await mariadbMissing()
it.skipIf(noDatabase !== null)(
  `emulates from MySQL with the built worker${noDatabase ? ` (${noDatabase})` : ''}`,
  async () => {
    const database = await startMariadb()
    const emulations = await openEmulations(dirname(built.file), targets)
    await database.run(
      ['CREATE DATABASE pinterest_data'],
      ['CREATE TABLE pinterest_data.pinterest_data (`index` INT PRIMARY KEY, title TEXT)'],
      [
        'CREATE TABLE pinterest_data.geolocation_data (ind INT PRIMARY KEY, timestamp DATETIME, latitude FLOAT)',
      ],
      ['CREATE TABLE pinterest_data.user_data (ind INT PRIMARY KEY, date_joined DATETIME)'],
      ['INSERT INTO pinterest_data.pinterest_data VALUES (0, "é"), (1, "b")'],
      [
        'INSERT INTO pinterest_data.geolocation_data VALUES (0, "2020-08-28 03:52:47", -89.9787), (1, NULL, NULL)',
      ],
      ['INSERT INTO pinterest_data.user_data VALUES (0, "2015-10-24 11:23:51"), (1, NULL)'],
    )
    const { host, port, user, password } = database
    const run = await emulations.run(
      {
        source: { kind: 'mysql', host, port, user },
        order: 'sequential',
        posts: 3,
        rate: { kind: 'max' },
        sinks: ['file'],
      },
      password,
    )
    expect(run).toMatchObject({ state: 'done', problem: null, counters: { acknowledged: 9 } })
    const folder = join(emulations.home, 'pipelines', pipeline, 'runs', run.runId, 'records')
    expect(await readFile(join(folder, 'geo.ndjson'), 'utf8')).toBe(
      '{"ind":0,"timestamp":"2020-08-28 03:52:47","latitude":-89.9787}\n' +
        '{"ind":1,"timestamp":null,"latitude":null}\n' +
        '{"ind":0,"timestamp":"2020-08-28 03:52:47","latitude":-89.9787}\n',
    )
    await emulations.close()
    await database.stop()
  },
)

describe('a gateway that misbehaves', () => {
  type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void
  let server: Server
  let answer: Answer
  let emulations: Emulations
  let requests: string[]
  beforeEach(async () => {
    requests = []
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        requests.push(request.url ?? '')
        answer(request, Buffer.concat(chunks).toString(), response)
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { port: number }
    emulations = await openEmulations(dirname(built.file), {
      ...targets,
      gatewayUrl: `http://127.0.0.1:${port}/test`,
    })
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
    await emulations.close()
  })
  let offset = 0
  const good = () => ({ partition: 0, offset: offset++, error_code: null, error: null })
  const json = (response: ServerResponse, status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  const offsets = (response: ServerResponse, body: string) =>
    json(response, 200, { offsets: (JSON.parse(body).records as unknown[]).map(good) })

  it('is called as the original calls it', async () => {
    const seen: [string, string, string][] = []
    answer = (request, body, response) => {
      seen.push([`${request.method} ${request.url}`, request.headers['content-type'] ?? '', body])
      if (request.url?.startsWith('/test/topics/')) offsets(response, body)
      else json(response, 200, { SequenceNumber: `4959${offset++}`, ShardId: 'shardId-000000000000' })
    }
    const run = await emulations.run({ posts: 1, rate: { kind: 'max' }, partitionKey: { kind: 'none' } })
    expect(run.counters).toMatchObject({ sent: 6, acknowledged: 6 })
    const { pin, geo } = createDataset(100)(7528)
    const find = (path: string) => seen.find(([call]) => call.endsWith(path))
    expect(find('learner.pin')).toEqual([
      'POST /test/topics/learner.pin',
      'application/vnd.kafka.json.v2+json',
      JSON.stringify({ records: [{ value: pin }] }),
    ])
    const [call, type, body] = find('streaming-learner-geo/record') ?? ['', '', '{}']
    expect([call, type]).toEqual(['PUT /test/streams/streaming-learner-geo/record', 'application/json'])
    expect(JSON.parse(body)).toEqual({
      StreamName: 'streaming-learner-geo',
      Data: geo,
      PartitionKey: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it('is asked again after 429 and 503, and every record is counted once', async () => {
    let turn = 0
    // A batch may go out before it is full: what counts is what was in it.
    let refused = 0
    answer = (_request, body, response) => {
      turn += 1
      if (turn % 3 === 0) return offsets(response, body)
      refused += JSON.parse(body).records.length
      json(response, turn % 3 === 1 ? 429 : 503, { error_code: 429, message: 'Too many requests' })
    }
    const run = await emulations.run({ posts: 20, rate: { kind: 'max' }, batch: 10, sinks: ['rest'] })
    agrees(run)
    expect(run.counters).toMatchObject({ sent: 60, acknowledged: 60, failed: 0 })
    expect(refused).toBeGreaterThan(0)
    expect(run.counters.retried).toBe(refused)
    expect(run.errors).toEqual([
      {
        code: 'GATEWAY_BUSY',
        count: run.counters.retried,
        sink: 'rest',
        example: expect.stringContaining('Too many requests'),
        hint: expect.any(String),
      },
    ])
  })

  it('cannot hide errors of single records inside a 200 (F-36)', async () => {
    let failed = 0
    answer = (_request, body, response) => {
      const list = (JSON.parse(body).records as unknown[]).map((_, i) => {
        if (i % 5 !== 0) return good()
        failed += 1
        return { partition: null, offset: null, error_code: 50002, error: 'Kafka said no' }
      })
      json(response, 200, { offsets: list })
    }
    const run = await emulations.run({ posts: 20, rate: { kind: 'max' }, batch: 10, sinks: ['rest'] })
    agrees(run)
    expect(failed).toBeGreaterThanOrEqual(12)
    expect(run.counters).toMatchObject({ sent: 60, acknowledged: 60 - failed, failed, retried: 0 })
    expect(run.errors[0]).toMatchObject({ code: 'KAFKA_RECORD_FAILED', count: failed })
  })

  it('is not sent anything twice after an answer that leaves it open', async () => {
    const statuses = [500, 502, 504]
    answer = (_request, _body, response) =>
      json(response, statuses[requests.length % 3] ?? 500, { message: 'Internal server error' })
    const run = await emulations.run({ posts: 4, rate: { kind: 'max' }, sinks: ['rest'] })
    expect(run.counters).toMatchObject({ sent: 12, acknowledged: 0, failed: 12, retried: 0 })
    expect(requests.length).toBe(12)
  })

  it('sends only the throttled records of a batch again', async () => {
    const seen = new Map<string, number>()
    answer = (_request, body, response) => {
      const records = JSON.parse(body).records as { data: string }[]
      json(response, 200, {
        FailedRecordCount: 1,
        Records: records.map(({ data }) => {
          const times = (seen.get(data) ?? 0) + 1
          seen.set(data, times)
          const place = { SequenceNumber: `4959${offset++}`, ShardId: 'shardId-000000000000' }
          const throttled = JSON.parse(data).ind % 4 === 0 && times === 1
          return throttled
            ? { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate' }
            : place
        }),
      })
    }
    const run = await emulations.run({
      posts: 20,
      rate: { kind: 'max' },
      order: 'sequential',
      batch: 20,
      sinks: ['streams'],
    })
    agrees(run)
    // Geo and user rows carry `ind`: five of each are throttled once.
    expect(run.counters).toMatchObject({ sent: 60, acknowledged: 60, failed: 0, retried: 10 })
    expect(run.errors[0]).toMatchObject({ code: 'KINESIS_THROTTLED', count: 10 })
  })

  it('may come up late: refused connections are tried again', async () => {
    const { port } = server.address() as { port: number }
    answer = (_request, body, response) => offsets(response, body)
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
    const { runId } = await emulations.client.start({
      pipeline,
      options: { posts: 5, rate: { kind: 'max' }, sinks: ['rest'] },
    })
    await eventually(async () => (await emulations.client.get({ pipeline, runId })).counters.retried > 3)
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
    const run = await emulations.end(runId)
    expect(run.counters).toMatchObject({ sent: 15, acknowledged: 15, failed: 0 })
    expect(run.errors.map(({ code }) => code)).toEqual(['GATEWAY_UNREACHABLE'])
  })
})
