import { expect, it } from 'vitest'
import { countdown, tickOf } from './countdown.ts'

it('counts in minutes first and in seconds near the end', () => {
  expect(countdown(null, 0)).toBeNull()
  expect(countdown(3_540_001, 0)).toBe('ends in 1 h 00 min')
  expect(countdown(1_200_000, 0)).toBe('ends in 20 min')
  expect(countdown(61_000, 0)).toBe('ends in 1 min 01 s')
  expect(countdown(0, 1)).toBe('ended')
  expect([tickOf(null, 0), tickOf(3_600_000, 0), tickOf(60_000, 0)]).toEqual([null, 15_000, 1_000])
})
