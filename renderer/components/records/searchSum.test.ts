import { expect, it } from 'vitest'
import type { SearchEvent } from '../../../shared/contract/search.ts'
import { summed } from './searchSum.ts'

const event = (part: Partial<SearchEvent>): SearchEvent => ({
  messages: [],
  scanned: 0,
  matched: 0,
  bytes: 0,
  total: 0,
  passed: 0,
  misfits: 0,
  misfit: null,
  elapsedMs: 0,
  histogram: null,
  places: [],
  done: null,
  problem: null,
  ...part,
})

it('sums what was looked at, and measures the way from its first beginning', () => {
  const before = event({
    scanned: 30,
    matched: 5,
    bytes: 300,
    total: 100,
    passed: 40,
    done: 'limit',
    misfit: 'a',
  })
  const now = event({ scanned: 10, matched: 1, bytes: 90, total: 60, passed: 10, misfits: 2, misfit: 'b' })
  expect(summed(before, now)).toMatchObject({
    scanned: 40,
    matched: 6,
    bytes: 390,
    total: 100,
    passed: 50,
    misfits: 2,
    misfit: 'a',
    done: null,
  })
  expect(summed(null, now)).toBe(now)
})
