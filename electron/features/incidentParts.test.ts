import { expect, it } from 'vitest'
import { countSince, type Reading } from './incidentParts.ts'

it('counts what was added, over a restart of who counts it, and never what was before', () => {
  let now: Reading | null = { by: 'one', value: 40 }
  const count = countSince(() => now)
  expect(count()).toBe(0)
  now = { by: 'one', value: 45 }
  expect(count()).toBe(5)
  now = null
  expect(count()).toBe(5)
  now = { by: 'two', value: 50 }
  expect(count()).toBe(55)
  now = { by: 'two', value: 3 }
  expect(count()).toBe(58)
})

it('begins at 0 with who was not there before', () => {
  let now: Reading | null = null
  const count = countSince(() => now)
  now = { by: 'one', value: 7 }
  expect(count()).toBe(7)
})
