/** `kill -9` of each part in the middle of a run: afterwards the counts agree and nothing is left running. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAlive, processStart } from '../../electron/lib/processStart.ts'
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

const options = { posts: 1_500, rate: { kind: 'constant' as const, postsPerSecond: 300 }, batch: 20 }

describe('kill -9 in the middle of a run', () => {
  it.each(['kafka', 'kinesis', 'gateway'] as const)(
    'of %s: it comes back by itself and the counts agree',
    async (part) => {
      const before = await owner.client.local.status({ pipeline })
      const pid = before[part].pid
      expect(pid).not.toBeNull()
      let killed = false
      const snapshot = await runAndVerify(owner.client, options, ({ posts }) => {
        if (killed || posts < 300) return
        killed = true
        process.kill(pid ?? 0, 'SIGKILL')
      })
      expect(killed).toBe(true)
      expectTrue(snapshot)
      const after = await owner.client.local.status({ pipeline })
      expect(after.running).toBe(true)
      expect(after[part].pid).not.toBe(pid)
      expect(after.kafka.bootstrap).toBe(before.kafka.bootstrap)
      expect(after.gateway.url).toBe(before.gateway.url)
    },
  )

  it('of the app: no child outlives it, and the next start finishes the report of the interrupted run', async () => {
    const { client, home } = owner
    const status = await client.local.status({ pipeline })
    const children = await Promise.all(
      [status.kafka.pid, status.kinesis.pid, status.gateway.pid].map(async (pid) => ({
        pid: pid ?? 0,
        start: (await processStart(pid ?? 0)) ?? '',
      })),
    )
    const { runId } = await client.emulation.start({
      pipeline,
      options: { ...options, posts: 100_000 } as never,
    })
    const watching = followRun(client, runId, ({ posts }) => {
      if (posts >= 300) void owner.kill()
    })
    await expect(watching).rejects.toBeDefined()
    for (const child of children) {
      expect(child.start).not.toBe('')
      await expect.poll(() => isAlive(child), { timeout: 20_000, interval: 50 }).toBe(false)
    }

    owner = await startOwner(home)
    await plan(owner.client, 'apply')
    expect((await owner.client.emulation.get({ pipeline, runId })).state).toBe('interrupted')
    await owner.client.emulation.verify({ pipeline, runId })
    const snapshot = await followRun(owner.client, runId)
    expect(snapshot.report?.acknowledged.kafka).toBeGreaterThan(500)
    expect(snapshot.report?.unaccounted).toBe(0)
    expect(await readFile(`${home.home}/pipelines/${pipeline}/children.json`, 'utf8')).not.toContain(
      `"pid": ${children[0]?.pid}`,
    )
  })
})
