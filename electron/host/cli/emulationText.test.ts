import { describe, expect, it } from 'vitest'
import type { Report } from '../../../shared/emulation.ts'
import { reportLines } from './emulationText.ts'

const three = (kafka: number, kinesis: number, lake: number) => ({ kafka, kinesis, lake })
const report = (part: Partial<Report>): Report => ({
  posts: 1,
  acknowledged: three(3, 3, 0),
  found: three(3, 3, 3),
  unacknowledgedFound: three(0, 0, 0),
  unaccounted: 0,
  ...part,
})
const last = (part: Partial<Report>) => reportLines(report(part)).at(-1)

describe('the report in the terminal', () => {
  it('claims no more than was read', () => {
    expect(last({})).toBe('Every acknowledged record was read back at its place.')
    expect(last({ unaccounted: 2 })).toBe('2 acknowledged records are missing.')
    expect(last({ acknowledged: three(0, 0, 0), found: three(0, 0, 0) })).toMatch(/nothing to read back/)
    const partly = { found: three(3, 0, 3), notRead: [{ place: 'kinesis' as const, reason: 'refused' }] }
    expect(last(partly)).toMatch(/what was not read proves nothing/)
    const lines = reportLines(report(partly))
    expect(lines).toContain('! Not read: kinesis: refused')
    expect(lines.find((line) => line.startsWith('found '))).toMatch(/3 +– +3$/)
  })
})
