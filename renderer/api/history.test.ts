import { describe, expect, it } from 'vitest'
import type { Overview } from '../../shared/contract/local.ts'
import { noteRates, ratesOf } from './history.ts'

const snapshot = (at: number, rate: number | null): Overview => ({
  at,
  running: true,
  since: 0,
  headline: '',
  hops: [],
  runId: null,
  nodes: [
    {
      id: 'kafka',
      state: 'good',
      detail: '',
      total: 1,
      problem: null,
      incident: null,
      rows: [{ name: 'a.pin', label: 'pin', total: 1, rate }],
    },
  ],
})

describe('the last rates', () => {
  it('keeps the newest sixty, each snapshot once, and nothing that is not known', () => {
    noteRates('one', snapshot(1, null))
    expect(ratesOf('one', 'a.pin')).toEqual([])
    for (let at = 2; at < 72; at += 1) noteRates('one', snapshot(at, at))
    noteRates('one', snapshot(71, 999))
    expect(ratesOf('one', 'a.pin')).toHaveLength(60)
    expect(ratesOf('one', 'a.pin').at(-1)).toBe(71)
    expect(ratesOf('two', 'a.pin')).toEqual([])
  })
})
