import { expect, it } from 'vitest'
import { rateMeter } from './rateMeter.ts'

it('tells growth a second over the last three', () => {
  let time = 0
  const rate = rateMeter(() => time)
  expect(rate('a', 100)).toBeNull()
  time = 1_000
  expect(rate('a', 200)).toBe(100)
  time = 2_000
  expect(rate('a', 200)).toBe(50)
  time = 5_500
  expect(rate('a', 200)).toBe(0)
})

it('knows nothing where nothing is known, and begins anew when a total falls', () => {
  let time = 0
  const rate = rateMeter(() => time)
  rate('a', 100)
  time = 1_000
  expect(rate('a', null)).toBeNull()
  expect(rate('a', 300)).toBeNull()
  time = 2_000
  expect(rate('a', 10)).toBeNull()
  time = 3_000
  expect(rate('a', 20)).toBe(10)
})
