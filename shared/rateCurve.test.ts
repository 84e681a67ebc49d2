import { expect, it } from 'vitest'
import { bursts, curveText, day, parseCurve, peakOf, ramp, rateAt } from './rateCurve.ts'

it('reads every shape, and writes it back as a curve that is the same', () => {
  expect(parseCurve('ramp:10..500/60s')).toEqual(ramp(10, 500, 60_000))
  expect(parseCurve('burst:10+500/5s@30s')).toEqual(bursts(10, 500, 5_000, 30_000))
  expect(parseCurve('daily:500/24m')).toEqual(day(500, 24 * 60_000))
  expect(parseCurve('curve:0s=10, 500ms=200.5, 2m=0')).toEqual({
    points: [
      { at: 0, postsPerSecond: 10 },
      { at: 500, postsPerSecond: 200.5 },
      { at: 120_000, postsPerSecond: 0 },
    ],
    repeat: false,
  })
  for (const text of ['ramp:10..500/60s', 'burst:10+500/5s@30s', 'daily:500/24m', 'curve:0s=1,1s=2,repeat'])
    expect(parseCurve(curveText(parseCurve(text)))).toEqual(parseCurve(text))
})

it.each([
  '',
  'fast',
  'ramp:10..500',
  'ramp:a..500/60s',
  'ramp:0..0/60s',
  'burst:1+2/30s@5s',
  'daily:-5/24m',
  'curve:5s=1,10s=2',
  'curve:0s=1',
  'curve:0s=1,10s=2,5s=3',
  'curve:0s=1,10=2',
])('refuses %j and says how to write it', (text) => {
  expect(() => parseCurve(text)).toThrow(expect.objectContaining({ code: 'RATE_INVALID', field: 'rate' }))
})

it('says the rate at any time', () => {
  const up = ramp(0, 100, 10_000)
  expect([0, 2_500, 10_000, 99_000].map((at) => rateAt(up, at))).toEqual([0, 25, 100, 100])
  const waves = bursts(10, 500, 5_000, 30_000)
  expect([0, 24_999, 25_000, 29_999, 30_000, 55_000].map((at) => Math.round(rateAt(waves, at)))).toEqual([
    10, 10, 500, 500, 10, 500,
  ])
  expect(peakOf(day(500, 1_000))).toBe(500)
})

it('never leaves the band of its points', () => {
  let seed = 1
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  for (let round = 0; round < 500; round += 1) {
    let at = 0
    const points = Array.from({ length: 2 + random(6) }, (_, nth) => {
      if (nth > 0) at += random(3) * 1_000
      return { at, postsPerSecond: random(1_000) }
    })
    const rates = points.map(({ postsPerSecond }) => postsPerSecond)
    const now = rateAt({ points, repeat: random(2) === 1 }, random(20_000))
    expect(now).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-9)
    expect(now).toBeLessThanOrEqual(Math.max(...rates) + 1e-9)
  }
})
