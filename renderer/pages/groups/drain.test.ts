import { describe, expect, it } from 'vitest'
import type { GroupDetail } from '../../../shared/contract/groups.ts'
import { drainOf, type LagPoint, withLook } from './drain.ts'

const point = (second: number, committed: number, high: number): LagPoint => ({
  at: 1_700_000_000_000 + second * 1_000,
  committed,
  high,
  lag: Math.max(0, high - committed),
})

describe('time to drain', () => {
  it('is the lag over what is read more than added', () => {
    expect(drainOf([point(0, 0, 1_000), point(10, 500, 1_100)])).toEqual({ read: 50, added: 10, ms: 15_000 })
  })

  it('is none where the lag grows, nothing is read, or the group was set back', () => {
    expect(drainOf([point(0, 0, 100), point(1, 10, 200)])?.ms).toBeNull()
    expect(drainOf([point(0, 50, 100), point(1, 50, 100)])).toEqual({ read: 0, added: 0, ms: null })
    expect(drainOf([point(0, 90, 100), point(1, 0, 100)])).toEqual({ read: 0, added: 0, ms: null })
  })

  it('is nothing where nothing is left, and unknown from one look', () => {
    expect(drainOf([point(0, 0, 100), point(1, 100, 100)])?.ms).toBe(0)
    expect(drainOf([point(0, 0, 100)])).toBeNull()
    expect(drainOf([])).toBeNull()
  })

  it('looks at the last thirty seconds only', () => {
    expect(drainOf([point(0, 0, 1_000), point(60, 0, 1_000), point(70, 100, 1_000)])?.read).toBe(10)
  })
})

describe('looks', () => {
  const detail = (at: number, committed: string | null) =>
    ({ at, partitions: [{ committed, high: '10', lag: committed === null ? null : 7 }] }) as GroupDetail
  it('are kept once each, and only where something is committed', () => {
    const one = withLook([], detail(5, '3'))
    expect(one).toEqual([{ at: 5, lag: 7, committed: 3, high: 10 }])
    expect(withLook(one, detail(5, '3'))).toBe(one)
    expect(withLook(one, detail(6, null))).toBe(one)
  })
})
