import { describe, expect, it } from 'vitest'
import { createRunClock } from './clock.ts'
import { createLatency } from './latency.ts'
import { createRate } from './rate.ts'
import { toOutgoing } from './record.ts'
import { backOff } from './retry.ts'
import { createSchedule } from './schedule.ts'
import { createSinkStats } from './stats.ts'

describe('the run’s clock', () => {
  const times = { monotonic: 0, wall: 0 }
  const slept: number[] = []
  const clock = createRunClock({
    monotonic: () => times.monotonic,
    wall: () => times.wall,
    onSleep: (ms) => slept.push(ms),
  })
  const pass = (monotonic: number, wall: number) => {
    times.monotonic += monotonic
    times.wall += wall
    return clock.now()
  }

  it('runs, stands still in sleep, and does not mind a corrected wall clock', () => {
    expect(pass(500, 500)).toBe(500)
    expect(pass(3_600_000, 3_600_000)).toBe(500)
    expect(pass(500, 500)).toBe(1_000)
    // Linux: the monotonic clock itself stood still.
    expect(pass(500, 3_600_500)).toBe(1_500)
    expect(pass(500, -3_600_000)).toBe(2_000)
    expect(slept).toEqual([3_600_000, 3_600_500])
  })
})

it('backs off exponentially, with jitter, up to two seconds', () => {
  expect([0, 1, 2, 3, 9, 5_000].map((attempt) => backOff(attempt, 1))).toEqual([
    50, 100, 200, 400, 2_000, 2_000,
  ])
  expect(backOff(3, 0.5)).toBe(200)
  expect(backOff(3, 0)).toBe(0)
})

it('plans posts: after the sleeps, evenly, or at once', () => {
  const plan = (schedule: ReturnType<typeof createSchedule>) => [0, 1_000, 0, 1_000].map((ms) => schedule(ms))
  expect(plan(createSchedule({ kind: 'faithful' }))).toEqual([0, 1_000, 1_000, 2_000])
  expect(plan(createSchedule({ kind: 'constant', postsPerSecond: 4 }))).toEqual([0, 250, 500, 750])
  expect(plan(createSchedule({ kind: 'max' }))).toEqual([null, null, null, null])
})

it('keeps percentiles of what it saw, bounded in memory, with the true maximum', () => {
  const latency = createLatency()
  expect(latency.snapshot()).toBeNull()
  for (let ms = 1; ms <= 1_000; ms++) latency.record(ms)
  const { p50, p90, p99, p999, max } = latency.snapshot() ?? { p50: 0, p90: 0, p99: 0, p999: 0, max: 0 }
  for (const [value, wanted] of [
    [p50, 500],
    [p90, 900],
    [p99, 990],
    [p999, 999],
  ] as const) {
    expect(Math.abs(value - wanted) / wanted).toBeLessThan(0.002)
  }
  expect(max).toBe(1_000)
  latency.record(7_200_000)
  expect(latency.snapshot()?.max).toBe(7_200_000)
})

it('tells a rate over the last seconds', () => {
  const rate = createRate()
  expect(rate.sample(0, 0)).toBe(0)
  expect(rate.sample(1_000, 50)).toBe(50)
  for (let second = 2; second <= 10; second++) rate.sample(second * 1_000, second * 100)
  expect(rate.sample(11_000, 1_100)).toBe(100)
  for (let second = 12; second <= 16; second++) rate.sample(second * 1_000, 1_100)
  expect(rate.sample(17_000, 1_100)).toBe(0)
})

it('keeps one example of each kind of error, and not more kinds than a page can show', () => {
  const stats = createSinkStats('rest')
  for (let i = 0; i < 500; i++) {
    const code = i < 100 ? 'SAME' : `CODE_${i}`
    stats.refused({ ok: false, code, message: `example ${i}`, hint: 'h', retriable: false })
  }
  const errors = stats.errors()
  expect(errors[0]).toEqual({ code: 'SAME', count: 100, sink: 'rest', example: 'example 0', hint: 'h' })
  expect(errors.length).toBeLessThanOrEqual(51)
  expect(errors.reduce((sum, { count }) => sum + count, 0)).toBe(500)
})

it('makes three records of a post, with the chosen key', () => {
  const post = { index: 7, rows: { pin: { index: 7 }, geo: { ind: 7 }, user: { ind: 7 } } }
  const keys = (key: Parameters<typeof toOutgoing>[1]) =>
    toOutgoing(post, key).map(({ partitionKey }) => partitionKey)
  expect(toOutgoing(post, { kind: 'none' })).toEqual([
    { index: 7, kind: 'pin', json: '{"index":7}', checksum: 3147548055, partitionKey: null },
    { index: 7, kind: 'geo', json: '{"ind":7}', checksum: 4072288346, partitionKey: null },
    { index: 7, kind: 'user', json: '{"ind":7}', checksum: 4072288346, partitionKey: null },
  ])
  expect(keys({ kind: 'index' })).toEqual(['7', '7', '7'])
  expect(keys({ kind: 'constant', value: 'partition-1' })).toEqual([
    'partition-1',
    'partition-1',
    'partition-1',
  ])
  expect(new Set(keys({ kind: 'uuid' })).size).toBe(3)
})
