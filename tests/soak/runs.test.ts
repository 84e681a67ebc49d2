/** Whole runs for minutes on a real stack, a part or the app itself killed in the middle of each: every report agrees. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isAlive, processStart } from '../../electron/lib/processStart.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { followRun, pipeline, plan, runAndVerify, startOwner, type TestOwner } from '../helpers/owner.ts'
import { expectTrue } from '../helpers/proof.ts'

const seconds = Number(process.env.SOAK_SECONDS ?? '600')
const victims = ['kafka', 'kinesis', 'gateway', 'app', 'nobody'] as const
const rate = { kind: 'constant' as const, postsPerSecond: 300 }

let owner: TestOwner

beforeAll(async () => {
  owner = await startOwner()
  await plan(owner.client, 'apply')
})
afterAll(async () => {
  await owner.stop()
  await owner.home.remove()
})

/** Kills a part, or nobody, in the middle of a run, at a moment that differs each time. */
async function withPartKilled(victim: 'kafka' | 'kinesis' | 'gateway' | 'nobody'): Promise<RunSnapshot> {
  const status = await owner.client.local.status({ pipeline })
  const pid = victim === 'nobody' ? null : status[victim].pid
  const after = 300 + Math.floor(Math.random() * 1_500)
  let killed = false
  const snapshot = await runAndVerify(owner.client, { posts: 2_400, rate, batch: 20 }, ({ posts }) => {
    if (killed || pid === null || posts < after) return
    killed = true
    process.kill(pid, 'SIGKILL')
  })
  expectTrue(snapshot)
  return snapshot
}

/** Kills the app in the middle of a run; the report is finished after the next start, and no child outlives it. */
async function withAppKilled(): Promise<RunSnapshot> {
  const { client, home } = owner
  const status = await client.local.status({ pipeline })
  const children = await Promise.all(
    [status.kafka.pid, status.kinesis.pid, status.gateway.pid].map(async (pid) => ({
      pid: pid ?? 0,
      start: (await processStart(pid ?? 0)) ?? '',
    })),
  )
  const after = 300 + Math.floor(Math.random() * 1_500)
  const { runId } = await client.emulation.start({
    pipeline,
    options: { posts: 100_000, rate, batch: 20 } as never,
  })
  const watching = followRun(client, runId, ({ posts }) => {
    if (posts >= after) void owner.kill()
  })
  await expect(watching).rejects.toBeDefined()
  for (const child of children)
    await expect.poll(() => isAlive(child), { timeout: 30_000, interval: 50 }).toBe(false)
  owner = await startOwner(home)
  await plan(owner.client, 'apply')
  expect((await owner.client.emulation.get({ pipeline, runId })).state).toBe('interrupted')
  await owner.client.emulation.verify({ pipeline, runId })
  const snapshot = await followRun(owner.client, runId)
  expect(snapshot.report?.acknowledged.kafka).toBeGreaterThan(0)
  expect(snapshot.report?.unaccounted).toBe(0)
  expect(snapshot.report?.found.kafka).toBe(snapshot.report?.acknowledged.kafka)
  expect(snapshot.report?.found.kinesis).toBe(snapshot.report?.acknowledged.kinesis)
  return snapshot
}

it(`reports of runs agree for ${seconds} s of kills`, async () => {
  const end = Date.now() + seconds * 1_000
  const total = { runs: 0, killed: 0, acknowledged: 0, found: 0, unacknowledgedFound: 0, retried: 0 }
  while (Date.now() < end) {
    const victim = victims[total.runs % victims.length] ?? 'nobody'
    const { report, counters } = victim === 'app' ? await withAppKilled() : await withPartKilled(victim)
    total.runs += 1
    total.killed += victim === 'nobody' ? 0 : 1
    total.retried += counters.retried
    total.acknowledged += (report?.acknowledged.kafka ?? 0) + (report?.acknowledged.kinesis ?? 0)
    total.found += (report?.found.kafka ?? 0) + (report?.found.kinesis ?? 0)
    total.unacknowledgedFound +=
      (report?.unacknowledgedFound.kafka ?? 0) + (report?.unacknowledgedFound.kinesis ?? 0)
  }
  process.stdout.write(`runs: ${JSON.stringify({ seconds, ...total })}\n`)
  expect(total.found).toBe(total.acknowledged)
})
