/** The built child program: kill -9 loses nothing that was acknowledged, and it never outlives its parent. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { KinesisClient } from '../../electron/clients/kinesis/types.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { ask, eventually } from '../helpers/kinesis.ts'
import {
  type KinesisChild,
  killProcess,
  launchKinesis,
  readStream,
  startKinesisChild,
} from '../helpers/kinesisChild.ts'

let built: Awaited<ReturnType<typeof buildEntry>>
let dir: string
const children = new Set<ChildProcess>()

beforeAll(async () => {
  built = await buildEntry('kinesis')
})
afterAll(() => built?.remove())
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinesis-kill-'))
})
afterEach(async () => {
  for (const child of children) await killProcess(child)
  children.clear()
  await rm(dir, { recursive: true, force: true })
})

async function start(): Promise<KinesisChild> {
  const child = await startKinesisChild(built.file, dir)
  children.add(child.process)
  return child
}

async function readAll(client: KinesisClient, stream: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for await (const { shard, sequence, data } of readStream(client, stream)) {
    found.set(`${shard} ${sequence}`, data.toString())
  }
  return found
}

it('loses no acknowledged record however often it is killed in the middle of writing', async () => {
  const streams = ['pin', 'geo', 'user']
  const acknowledged = new Map(streams.map((stream) => [stream, new Map<string, string>()]))
  const greatest = new Map<string, bigint>()
  let sent = 0
  let child = await start()
  for (const stream of streams) await child.client.createStream(stream, 2, AbortSignal.timeout(10_000))

  for (let round = 0; round < 6; round += 1) {
    let stopped = false
    const enough = Promise.withResolvers<void>()
    let inRound = 0
    const write = async (stream: string, client: KinesisClient) => {
      while (!stopped) {
        const texts = Array.from(
          { length: 1 + (sent % 97) },
          () => `${stream} ${sent++} ${'x'.repeat(sent % 2_000)}`,
        )
        const entries = texts.map((text) => ({ data: Buffer.from(text), partitionKey: text.slice(0, 12) }))
        const results = await client.putRecords(stream, entries).catch(() => null)
        if (results === null) return
        for (const [nth, result] of results.entries()) {
          if (!result.ok) continue
          const place = `${stream} ${result.shard}`
          // Numbers grow over all kills as long as one writer waits for each answer.
          acknowledged.get(stream)?.set(`${result.shard} ${result.sequence}`, texts[nth] ?? '')
          greatest.set(
            place,
            [greatest.get(place) ?? 0n, result.sequence].reduce((a, b) => (a > b ? a : b)),
          )
        }
        inRound += results.length
        if (inRound > 2_000) enough.resolve()
      }
    }
    const { client, endpoint } = child
    const writers = streams.flatMap((stream) => [write(stream, client), write(stream, client)])
    await enough.promise
    // In some rounds the kill meets streams that are being made and shards that are being split.
    const target = { StreamName: 'geo', TargetShardCount: 2 + (round % 3), ScalingType: 'UNIFORM_SCALING' }
    if (round % 2 === 1) void ask(endpoint, 'UpdateShardCount', target).catch(() => {})
    if (round % 3 === 1) {
      void ask(endpoint, 'CreateStream', { StreamName: `made-${round}`, ShardCount: 5 }).catch(() => {})
    }
    if (round % 2 === 1) await new Promise((resolve) => setTimeout(resolve, round * 3))
    await killProcess(child.process)
    stopped = true
    await Promise.all(writers)
    await client.close()

    child = await start()
    for (const stream of streams) {
      const found = await readAll(child.client, stream)
      const lost = [...(acknowledged.get(stream) ?? [])].filter(([place, text]) => found.get(place) !== text)
      expect(lost).toEqual([])
      const probe = await child.client.putRecords(stream, [
        { data: Buffer.from('probe'), partitionKey: 'probe' },
      ])
      const [result] = probe
      if (!result?.ok) throw new Error('The probe was refused')
      expect(result.sequence).toBeGreaterThan(greatest.get(`${stream} ${result.shard}`) ?? 0n)
      acknowledged.get(stream)?.set(`${result.shard} ${result.sequence}`, 'probe')
    }
  }
  expect([...acknowledged.values()].reduce((sum, places) => sum + places.size, 0)).toBeGreaterThan(12_000)
  await child.client.close()
})

it('ends when its parent is killed', async () => {
  const options = JSON.stringify({ dir, port: 0, enforceLimits: true })
  const script = `
    const child = require('node:child_process').fork(${JSON.stringify(built.file)}, [${JSON.stringify(options)}])
    child.on('message', (message) => message.type === 'ready' && console.log(child.pid))`
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  expect(() => process.kill(pid, 0)).not.toThrow()
  parent.kill('SIGKILL')
  await eventually(() => {
    try {
      process.kill(pid, 0)
      return false
    } catch {
      return true
    }
  })
})

it('tells its numbers, ends when told, and leaves its data', async () => {
  const child = await start()
  await child.client.createStream('pin', 1, AbortSignal.timeout(10_000))
  await child.client.putRecords('pin', [{ data: Buffer.from('x'), partitionKey: 'a' }])
  await eventually(() =>
    child.messages.some((message) => message.type === 'stats' && message.numbers['accepted.pin'] === 1),
  )
  const stats = child.messages.findLast((message) => message.type === 'stats')
  expect(stats).toMatchObject({ numbers: { 'records.pin': 1, 'throttled.pin': 0 } })
  child.process.send({ type: 'stop' })
  const [code] = await once(child.process, 'exit')
  expect(code).toBe(0)
  await child.client.close()
  const again = await start()
  expect((await readAll(again.client, 'pin')).size).toBe(1)
  await again.client.close()
})

it('says why it cannot start', async () => {
  const child = await start()
  const port = Number(new URL(child.endpoint).port)
  const failures = [
    [{ dir: join(dir, 'other'), port, enforceLimits: true }, 'PORT_TAKEN'],
    [{ dir, port: 70_000, enforceLimits: true }, 'KINESIS_OPTIONS'],
    [{ dir: join(built.file, 'no-folder'), port: 0, enforceLimits: true }, 'KINESIS_FOLDER'],
  ] as const
  for (const [options, code] of failures) {
    const failing = launchKinesis(built.file, options)
    children.add(failing.process)
    const [exitCode] = await once(failing.process, 'exit')
    expect(exitCode).toBe(1)
    expect(failing.messages).toEqual([expect.objectContaining({ type: 'failed', code })])
  }
  await child.client.close()
})
