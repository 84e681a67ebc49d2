import { describe, expect, it } from 'vitest'
import { tally } from './tally.ts'

describe('a tally', () => {
  it('is exact while there is room', () => {
    const counts = tally(10)
    for (const value of 'abracadabra') counts.add(value)
    expect(counts.distinct()).toEqual({ distinct: 5, distinctExact: true })
    expect(counts.top(2)).toEqual({
      top: [
        { value: 'a', count: 5 },
        { value: 'b', count: 2 },
      ],
      topError: 0,
    })
  })

  it('never counts too little, nor too much by more than it says, and misses nothing frequent', () => {
    let seed = 11
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    const truth = new Map<string, number>()
    const counts = tally(200)
    for (let n = 0; n < 100_000; n += 1) {
      // Zipf-like: few are frequent, thousands come once or twice.
      const value = String(Math.floor(1 / (random() + 0.0001)))
      truth.set(value, (truth.get(value) ?? 0) + 1)
      counts.add(value)
    }
    const { top, topError } = counts.top(200)
    for (const { value, count } of top) {
      const real = truth.get(value) ?? 0
      expect(count).toBeGreaterThanOrEqual(real)
      expect(count - real).toBeLessThanOrEqual(topError)
    }
    const named = new Set(top.map(({ value }) => value))
    for (const [value, real] of truth) if (real > topError) expect(named.has(value), value).toBe(true)
    const { distinct, distinctExact } = counts.distinct()
    expect(distinctExact).toBe(false)
    expect(distinct).toBeLessThanOrEqual(truth.size)
  })
})
