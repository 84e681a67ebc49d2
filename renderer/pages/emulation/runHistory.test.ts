import { expect, it } from 'vitest'
import type { RunSnapshot } from '../../../shared/emulation.ts'
import { type Point, pointsKept, withSnapshot } from './runHistory.ts'

const snapshot = (rate: number) =>
  ({
    startedAt: 1_000,
    sinks: [
      { rate, latency: { p50: 1, p99: 5 } },
      { rate, latency: { p50: 2, p99: 4 } },
      { rate: 0, latency: null },
    ],
  }) as unknown as RunSnapshot

it('adds up the rates and takes the slowest sink', () => {
  expect(withSnapshot([], snapshot(10), 3_000)).toEqual([{ at: 2, rate: 20, p50: 2, p99: 5 }])
})

it('takes two points a second and forgets the oldest', () => {
  const points: Point[] = [{ at: 2, rate: 1, p50: null, p99: null }]
  expect(withSnapshot(points, snapshot(1), 3_300)).toBe(points)
  const many = Array.from({ length: pointsKept }, (_, n) => ({ at: n, rate: 0, p50: null, p99: null }))
  expect(withSnapshot(many, snapshot(1), 3_000_000)).toHaveLength(pointsKept)
})
