import { expect, it } from 'vitest'
import { createThrottling } from './throttling.ts'

it('is reached only when refusals go on without a pause for as long as is allowed', () => {
  const throttling = createThrottling(5_000)
  let refused = 0
  const at = (now: number, more: number) => {
    refused += more
    return throttling.look(now, refused)
  }
  expect([0, 1_000, 2_000].map((now) => at(now, 10))).toEqual([false, false, false])
  // Four seconds of peace: it begins anew.
  expect([3_000, 4_000, 5_000, 6_500].map((now) => at(now, 0))).toEqual([false, false, false, false])
  expect([7_000, 9_000, 11_000].map((now) => at(now, 1))).toEqual([false, false, false])
  expect(at(12_000, 1)).toBe(true)
})

it('never is without a limit', () => {
  const throttling = createThrottling(undefined)
  for (let now = 0; now < 100_000; now += 500) expect(throttling.look(now, now)).toBe(false)
})
