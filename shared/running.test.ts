import { expect, it } from 'vitest'
import { costText, runningText } from './running.ts'

it('says how long and how much, with the digits that matter', () => {
  const ms = 4.2 * 3_600_000
  expect(runningText({ ms, cost: { anHour: 0.0208, soFar: 0.08736 } })).toBe(
    'running for 4.2 h, about $0.09 so far at $0.0208 an hour',
  )
  expect(runningText({ ms, cost: { anHour: 1.204, soFar: 0.0042 } })).toBe(
    'running for 4.2 h, about $0.0042 so far at $1.20 an hour',
  )
})

it('says no amount where the price is not known', () => {
  expect(runningText({ ms: 60_000, cost: null })).toBe('running for 0.0 h')
  expect(costText(null)).toBe('its price is not known')
})
