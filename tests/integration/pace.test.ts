/** Paces that change, and a run that ends by itself because limits refuse it, on a real stack with AWS's limits on. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { plan, runAndVerify, startOwner, type TestOwner } from '../helpers/owner.ts'
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

it('sends what its curve sums up to, at the curve’s times, and ends where it ends at 0', async () => {
  const points = [
    { at: 0, postsPerSecond: 0 },
    { at: 2_000, postsPerSecond: 100 },
    { at: 3_000, postsPerSecond: 100 },
    { at: 5_000, postsPerSecond: 0 },
  ]
  // 100 up, 100 flat, 100 down.
  const run = await runAndVerify(owner.client, { rate: { kind: 'curve', points, repeat: false }, batch: 10 })
  expect(run.state).toBe('done')
  expect(run.posts).toBe(300)
  expect(run.activeMs).toBeGreaterThan(4_500)
  expect(run.activeMs).toBeLessThan(8_000)
  expectTrue(run)
})

it('is written on the command line, and says beforehand where its peak is more than the shards take', async () => {
  const words = ['emulate', '--rate', 'burst:20+2000/1s@2s', '--posts', '60', '--batch', '20', '--json']
  const { code, out, err } = await runProgram('cli.js', words, owner.home.env)
  expect(code, err).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ state: 'done', posts: 60 })
  expect(err).toContain('At 2000 posts a second')
  const wrong = await runProgram('cli.js', ['emulate', '--rate', 'burst:20'], owner.home.env)
  expect(wrong.code).toBe(2)
  expect(wrong.err).toContain('RATE_INVALID')
})

it('ends by itself, and whole, where limits refuse it all along', async () => {
  const run = await runAndVerify(owner.client, {
    rate: { kind: 'max' },
    sinks: ['kinesis'],
    batch: 500,
    inFlight: 8,
    throttledForMs: 4_000,
    forMs: 60_000,
  })
  expect(run.state).toBe('stopped')
  expect(run.problem?.code).toBe('RUN_THROTTLED')
  expect(run.activeMs).toBeLessThan(30_000)
  expect(run.counters.retried).toBeGreaterThan(0)
  expectTrue(run)
})
