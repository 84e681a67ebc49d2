/** The built child program: kill -9 loses nothing that was acknowledged, and it never outlives its parent. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import { mergeByArrival } from '../../electron/clients/kinesis/merged.ts'
import type { KinesisClient } from '../../electron/clients/kinesis/types.ts'
import { type ChildMessage, childMessageSchema } from '../../electron/lib/child.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { ask, eventually } from '../helpers/kinesis.ts'

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
  for (const child of children) await kill(child)
  await rm(dir, { recursive: true, force: true })
})

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

interface Child {
  readonly process: ChildProcess
  readonly messages: ChildMessage[]
  readonly endpoint: string
  readonly client: KinesisClient
}

function launch(options: object): { process: ChildProcess; messages: ChildMessage[] } {
  const process = fork(built.file, [JSON.stringify(options)], { stdio: 'inherit' })
  children.add(process)
  const messages: ChildMessage[] = []
  process.on('message', (message) => messages.push(childMessageSchema.parse(message)))
  return { process, messages }
}

async function start(): Promise<Child> {
  const { process, messages } = launch({ dir, port: 0, enforceLimits: false, region: 'us-east-1' })
  await eventually(() => messages.length > 0)
  const [message] = messages
  if (message?.type !== 'ready') throw new Error(JSON.stringify(message))
  const endpoint = message.address.endpoint ?? ''
  return { process, messages, endpoint, client: connectKinesis({ endpoint, region: 'us-east-1' }) }
}

async function readAll(client: KinesisClient, stream: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const { id } of await client.shards(stream)) {
    let next: string | null = await client.iterator(stream, id, { type: 'TRIM_HORIZON' })
    let last = -1n
    while (next !== null) {
      const read: Awaited<ReturnType<KinesisClient['getRecords']>> = await client.getRecords(id, next, 10_000)
      for (const record of read.records) {
        expect(record.sequence).toBeGreaterThan(last)
        last = record.sequence
        found.set(`${id} ${record.sequence}`, record.data.toString())
      }
      if (read.records.length === 0) break
      next = read.next
    }
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
    await kill(child.process)
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
  expect(mergeByArrival([]).length).toBe(0)
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
    const failing = launch(options)
    const [exitCode] = await once(failing.process, 'exit')
    expect(exitCode).toBe(1)
    expect(failing.messages).toEqual([expect.objectContaining({ type: 'failed', code })])
  }
  await child.client.close()
})
