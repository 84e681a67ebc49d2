import { expect, it } from 'vitest'
import type { Report } from '../../shared/emulation.ts'
import { proofOf } from './proof.ts'

const report = (rest: Partial<Report>): Report => ({
  posts: 1,
  acknowledged: { kafka: 3, kinesis: 3 },
  found: { kafka: 3, kinesis: 3, lake: 3 },
  unacknowledgedFound: { kafka: 0, kinesis: 0, lake: 0 },
  unaccounted: 0,
  ...rest,
})

it('claims everything only where everything was read', () => {
  expect(proofOf(report({}))).toMatchObject({ tone: 'good', short: 'all found' })
  const lake = { place: 'lake' as const, reason: 'The lake is not on this computer.' }
  expect(proofOf(report({ notRead: [lake] }))).toMatchObject({ tone: 'warn', short: 'partly read' })
  expect(proofOf(report({ notRead: [lake] })).title).toContain('Not read: Lake')
})

it('says what is missing, also where something was not read', () => {
  const lake = { place: 'lake' as const, reason: '' }
  expect(proofOf(report({ unaccounted: 1 })).title).toMatch(/^1 acknowledged record was not/)
  expect(proofOf(report({ unaccounted: 1_200, notRead: [lake] }))).toMatchObject({
    tone: 'bad',
    short: '1,200 missing',
  })
})

it('proves nothing where nothing was acknowledged', () => {
  expect(proofOf(report({ acknowledged: { kafka: 0, kinesis: 0 } })).short).toBe('nothing to find')
})
