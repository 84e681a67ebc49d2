import { expect, it } from 'vitest'
import { incidentIds, incidentOptionsSchema } from '../../../shared/incidents.ts'
import { firstForm, parseIncident } from './incidentForm.ts'

it.each(incidentIds)('%s: what stands in the fields at first is the contract’s default', (id) => {
  expect(parseIncident(id, firstForm)).toEqual({ ok: true, options: incidentOptionsSchema.parse({ id }) })
})

it('says at the field what is wrong', () => {
  const errors = (id: Parameters<typeof parseIncident>[0], change: Partial<typeof firstForm>) => {
    const parsed = parseIncident(id, { ...firstForm, ...change })
    return parsed.ok ? {} : parsed.errors
  }
  expect(errors('broker-down', { seconds: '2' })).toEqual({ seconds: 'An incident lasts 10 s at least.' })
  expect(errors('broker-down', { seconds: '' })).toEqual({ seconds: 'Enter a whole number of seconds.' })
  expect(errors('slow-gateway', { delay: 'much' })).toEqual({ delay: 'Enter a whole number.' })
  expect(errors('throttled-shard', { left: '1000' }).left).toContain('999 at most')
  expect(errors('bad-records', { kinds: [] })).toEqual({ kinds: 'Choose one at least.' })
  expect(errors('rebalance', { every: '0.5' })).toEqual({ every: 'Enter 1 s at least.' })
})
