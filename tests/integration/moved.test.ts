/** The stack comes back on other ports while a run is going on: the run ends with the reason, and its report agrees. */
import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { followRun, pipeline, plan, runAndVerify, startOwner, type TestOwner } from '../helpers/owner.ts'
import { expectTrue } from '../helpers/proof.ts'

let owner: TestOwner

beforeAll(async () => {
  owner = await startOwner()
  await plan(owner.client, 'apply')
})

afterAll(async () => {
  await owner.stop()
  await owner.home.remove()
})

const rate = { kind: 'constant' as const, postsPerSecond: 100 }

/** A run that would go on for minutes, while `move` is done in its middle; with its report. */
async function whileMoving(sinks: RunSnapshot['options']['sinks'], move: () => Promise<void>) {
  const { client } = owner
  const options = { posts: 100_000, rate, batch: 20, sinks }
  const { runId } = await client.emulation.start({ pipeline, options: options as never })
  const moving = Promise.withResolvers<void>()
  let begun = false
  const ended = await followRun(client, runId, ({ posts }) => {
    if (begun || posts < 100) return
    begun = true
    void move().then(moving.resolve, moving.reject)
  })
  await moving.promise
  await client.emulation.verify({ pipeline, runId })
  return { ended, verified: await followRun(client, runId) }
}

/** It ended for the right reason, and what it acknowledged before is where it says. */
function expectEnded({ ended, verified }: Awaited<ReturnType<typeof whileMoving>>, from: string, to: string) {
  expect(ended.state).toBe('stopped')
  expect(ended.problem?.code).toBe('RUN_TARGET_MOVED')
  expect(ended.problem?.message).toContain(`from ${from} to ${to}`)
  expect(ended.posts).toBeLessThan(100_000)
  expectTrue(verified)
  expect(verified.problem?.code).toBe('RUN_TARGET_MOVED')
}

it('ends a run whose gateway was moved by the settings', async () => {
  const { client } = owner
  const before = await client.local.status({ pipeline })
  const seen = await whileMoving(['rest', 'streams'], async () => {
    const item = (await client.pipelines.list()).items[0]
    if (item === undefined) throw new Error('no pipeline')
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const address = free.address()
    await new Promise((resolve) => free.close(resolve))
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const ports = { ...item.settings.ports, gateway: port }
    await client.pipelines.update({ pipeline, settings: { ...item.settings, ports } })
    await plan(client, 'apply')
  })
  const after = await client.local.status({ pipeline })
  expect(after.gateway.url).not.toBe(before.gateway.url)
  expectEnded(seen, before.gateway.url, after.gateway.url)
})

it('ends a run whose broker lost its port to somebody else while the stack was down', async () => {
  const { client } = owner
  const before = await client.local.status({ pipeline })
  // Listens and never answers, as a program does that speaks another language.
  const callers = new Set<Socket>()
  const stranger = createServer((socket) => {
    callers.add(socket)
    socket.on('error', () => {}).resume()
  })
  const seen = await whileMoving(['kafka', 'kinesis'], async () => {
    await plan(client, 'undo')
    const port = Number(before.kafka.bootstrap.split(':').at(-1))
    await new Promise<void>((resolve, reject) => {
      stranger.once('error', reject)
      stranger.listen(port, '127.0.0.1', resolve)
    })
    await plan(client, 'apply')
  })
  const after = await client.local.status({ pipeline })
  expect(after.kafka.bootstrap).not.toBe(before.kafka.bootstrap)
  expect(after.kinesis.endpoint).toBe(before.kinesis.endpoint)
  expectEnded(seen, before.kafka.bootstrap, after.kafka.bootstrap)
  for (const socket of callers) socket.destroy()
  await new Promise((resolve) => stranger.close(resolve))
  // What the hint promises: a new run goes to the new address.
  expectTrue(await runAndVerify(client, { posts: 200, rate, sinks: ['kafka', 'kinesis'], batch: 20 }))
})

it('lets a run go on whose parts come back at the same place', async () => {
  const { client } = owner
  const before = await client.local.status({ pipeline })
  let down = false
  const options = { posts: 400, rate, batch: 20, sinks: ['kafka', 'kinesis'] as const }
  const restarted = Promise.withResolvers<void>()
  const snapshot = await runAndVerify(client, options as never, ({ posts }) => {
    if (down || posts < 100) return
    down = true
    const again = async () => {
      await plan(client, 'undo')
      await plan(client, 'apply')
    }
    void again().then(restarted.resolve, restarted.reject)
  })
  await restarted.promise
  expect(snapshot.problem).toBeNull()
  expect(snapshot.state).toBe('done')
  expect((await client.local.status({ pipeline })).kafka.bootstrap).toBe(before.kafka.bootstrap)
  expectTrue(snapshot)
})
