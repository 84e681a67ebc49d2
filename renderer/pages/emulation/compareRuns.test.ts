import { expect, it } from 'vitest'
import { emulationOptionsSchema, type RunSnapshot } from '../../../shared/emulation.ts'
import { outcomes, settingsThatDiffer } from './compareRuns.ts'

const options = (input: object) => emulationOptionsSchema.parse(input)

it('lists only what differs, paces in their own words', () => {
  const curve = {
    kind: 'curve',
    points: [
      { at: 0, postsPerSecond: 1 },
      { at: 1_000, postsPerSecond: 2 },
    ],
  }
  expect(settingsThatDiffer(options({ posts: 5 }), options({ posts: 5 }))).toEqual([])
  expect(settingsThatDiffer(options({ posts: 5, batch: 20 }), options({ rate: curve, batch: 500 }))).toEqual([
    { name: 'rate', a: 'faithful', b: 'curve:0s=1,1s=2' },
    { name: 'posts', a: '5', b: '—' },
    { name: 'batch', a: '20', b: '500' },
  ])
})

it('sets the results side by side, an error of one alone too', () => {
  const run = (rest: Partial<RunSnapshot>) =>
    ({
      state: 'done',
      activeMs: 1_000,
      posts: 10,
      postsPerSecond: 10,
      counters: { sent: 60, acknowledged: 60, failed: 0, retried: 0, inFlight: 0 },
      sinks: [{ latency: { p50: 1, p99: 5, max: 9 } }, { latency: null }],
      errors: [],
      report: null,
      ...rest,
    }) as unknown as RunSnapshot
  const rows = outcomes(
    run({}),
    run({ posts: 20, errors: [{ code: 'KINESIS_THROTTLED', count: 7 } as never] }),
  )
  expect(rows).toContainEqual({ name: 'Posts', a: '10', b: '20' })
  expect(rows).toContainEqual({ name: 'Latency p99, slowest sink', a: '5.0 ms', b: '5.0 ms' })
  expect(rows.at(-1)).toEqual({ name: 'KINESIS_THROTTLED', a: '—', b: '7' })
})
