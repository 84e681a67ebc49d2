import { expect, it } from 'vitest'
import { incidentInput } from './incidents.ts'

it('takes each incident with its own options, in the contract’s words', () => {
  expect(incidentInput('broker-down', {})).toEqual({ id: 'broker-down', forMs: 30_000 })
  expect(incidentInput('throttled-shard', { for: 20_000, stream: 's', left: 0 })).toEqual({
    id: 'throttled-shard',
    forMs: 20_000,
    stream: 's',
    recordsPerSecond: 0,
  })
  expect(incidentInput('bad-records', { records: 3, kinds: ['tombstone'] })).toMatchObject({
    count: 3,
    kinds: ['tombstone'],
  })
})

it('refuses what belongs to another, is unknown, or is out of range', () => {
  expect(() => incidentInput('slow-gateway', { left: 3 })).toThrow('slow-gateway has no option --left')
  expect(() => incidentInput('fire', {})).toThrow('No incident is called: fire')
  expect(() => incidentInput('rebalance', { members: 90 })).toThrow('Enter 8 at most.')
  expect(() => incidentInput('bad-records', { kinds: ['ugly'] })).toThrow()
})
