import { expect, it } from 'vitest'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { noteRun, type Point, pointsKept, pointsOf, withSnapshot } from './runPoints.ts'

const snapshot = (rate: number, rest: Partial<RunSnapshot> = {}) =>
  ({
    runId: 'r',
    startedAt: 1_000,
    endedAt: null,
    activeMs: 1_000,
    options: { rate: { kind: 'constant', postsPerSecond: 3 }, sinks: ['rest', 'streams'] },
    sinks: [
      { rate, latency: { p50: 1, p99: 5 } },
      { rate, latency: { p50: 2, p99: 4 } },
      { rate: 0, latency: null },
    ],
    ...rest,
  }) as unknown as RunSnapshot

it('adds up the rates and takes the slowest sink', () => {
  expect(withSnapshot([], snapshot(10), 3_000)).toEqual([{ at: 2, rate: 20, wanted: 18, p50: 2, p99: 5 }])
})

it('takes two points a second and forgets the oldest', () => {
  const points: Point[] = [{ at: 2, rate: 1, wanted: null, p50: null, p99: null }]
  expect(withSnapshot(points, snapshot(1), 3_300)).toBe(points)
  const many = Array.from({ length: pointsKept }, (_, n) => ({
    at: n,
    rate: 0,
    wanted: null,
    p50: null,
    p99: null,
  }))
  expect(withSnapshot(many, snapshot(1), (pointsKept + 2) * 1_000)).toHaveLength(pointsKept)
})

it('leaves a gap where nobody watched', () => {
  const points: Point[] = [{ at: 2, rate: 1, wanted: null, p50: null, p99: null }]
  expect(withSnapshot(points, snapshot(1), 31_000).map(({ at, rate }) => [at, rate])).toEqual([
    [2, 1],
    [29.5, null],
    [30, 2],
  ])
})

it('keeps the points of the last runs, and none of a run that is over', () => {
  for (let nth = 0; nth < 12; nth += 1) noteRun(snapshot(1, { runId: `run-${nth}` }))
  noteRun(snapshot(1, { runId: 'over', endedAt: 5_000 }))
  expect(pointsOf('run-0')).toEqual([])
  expect(pointsOf('run-11')).toHaveLength(1)
  expect(pointsOf('over')).toEqual([])
})
