import { describe, expect, it } from 'vitest'
import { barsOf, rangeOf } from './histogramBars.ts'

const histogram = { start: 10_000, stepMs: 1_000, scanned: [100, 0, 50, 10], matched: [1, 0, 50, 0] }

describe('a histogram', () => {
  it('has the tallest bar at full height, and none where nothing is', () => {
    const bars = barsOf(histogram)
    expect(bars.map(({ looked }) => looked)).toEqual([60, 0, 30, 6])
    expect(bars.map(({ found }) => found)).toEqual([1.5, 0, 30, 0])
  })

  it('gives whole buckets for a drag in either direction, and nothing for a press', () => {
    expect(rangeOf(histogram, 0.3, 0.6)).toEqual({ from: 11_000, to: 13_000 })
    expect(rangeOf(histogram, 0.6, 0.3)).toEqual({ from: 11_000, to: 13_000 })
    expect(rangeOf(histogram, 0, 1)).toEqual({ from: 10_000, to: 14_000 })
    expect(rangeOf(histogram, 0.5, 0.505)).toBeNull()
  })
})
