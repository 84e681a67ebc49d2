import { expect, it } from 'vitest'
import { bursts, type Curve, day, ramp, rateAt } from '../../../shared/rateCurve.ts'
import { createCurveSchedule } from './curve.ts'

const times = (curve: Curve, count: number) => {
  const next = createCurveSchedule(curve)
  return Array.from({ length: count }, next)
}

/** Posts that a curve sums up to until a time, by small steps. */
function summed(curve: Curve, untilMs: number): number {
  const steps = 200_000
  let sum = 0
  for (let nth = 0; nth < steps; nth += 1) sum += rateAt(curve, ((nth + 0.5) * untilMs) / steps)
  return (sum * untilMs) / steps / 1_000
}

it.each<[string, Curve, number]>([
  ['a ramp', ramp(0, 200, 10_000), 10_000],
  ['a ramp and what comes after it', ramp(10, 50, 4_000), 9_000],
  ['bursts', bursts(5, 400, 1_000, 4_000), 13_500],
  ['two days', day(300, 10_000), 20_000],
])('sends of %s exactly what its curve says', (_name, curve, untilMs) => {
  const wanted = summed(curve, untilMs)
  const due = times(curve, Math.ceil(wanted) + 100).filter((at) => at < untilMs).length
  expect(Math.abs(due - wanted)).toBeLessThanOrEqual(1.01)
})

it('never goes back in time, and ends where the curve ends at 0', () => {
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  for (let round = 0; round < 300; round += 1) {
    let at = 0
    const points = Array.from({ length: 2 + random(6) }, (_, nth) => {
      if (nth > 0) at += random(5_000)
      return { at, postsPerSecond: random(500) }
    })
    const all = times({ points, repeat: random(2) === 1 }, 300)
    for (const [nth, time] of all.entries()) expect(time).toBeGreaterThanOrEqual((all[nth - 1] ?? 0) - 1e-6)
  }
  const due = times(
    {
      points: [
        { at: 0, postsPerSecond: 10 },
        { at: 1_000, postsPerSecond: 0 },
      ],
      repeat: false,
    },
    8,
  )
  expect(due.filter(Number.isFinite)).toHaveLength(5)
  expect(due.at(-1)).toBe(Number.POSITIVE_INFINITY)
})

it('does not drift in a long run', () => {
  const next = createCurveSchedule(bursts(10, 90, 1_000, 2_000))
  let last = 0
  for (let nth = 0; nth < 1_000_000; nth += 1) last = next()
  // 100 posts every 2 s: the millionth is due just before the end of pass 10,000.
  expect(last).toBeGreaterThan(19_999_980)
  expect(last).toBeLessThanOrEqual(20_000_000)
})
