import { describe, expect, it } from 'vitest'
import { bytes, count, counted, duration, latency, perSecond, timeAt } from './format.ts'

describe('numbers as a person reads them', () => {
  it('groups digits, and shows a dash for what is not known', () => {
    expect(count(34_560)).toBe('34,560')
    expect(count(0)).toBe('0')
    expect([count(null), perSecond(null), bytes(undefined), latency(null), duration(null)]).toEqual(
      Array(5).fill('—'),
    )
  })

  it('counts one thing and several', () => {
    expect(counted(1, 'file')).toBe('1 file')
    expect(counted(1_037, 'file')).toBe('1,037 files')
    expect(counted(2, 'entry', 'entries')).toBe('2 entries')
  })

  it('keeps a decimal of slow rates only', () => {
    expect([0, 0.42, 2, 9.94, 9.97, 96.4, 1_234.5].map(perSecond)).toEqual([
      '0/s',
      '0.4/s',
      '2/s',
      '9.9/s',
      '10/s',
      '96/s',
      '1,235/s',
    ])
  })

  it('never shows 1,000 of a smaller unit', () => {
    expect([0, 999, 1_000, 41_200_000, 999_600, 1_230_000_000].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '41 MB',
      '1.0 MB',
      '1.2 GB',
    ])
  })

  it('chooses the unit of a latency and of a duration', () => {
    expect([0.25, 4.13, 99.6, 840, 2_351, 12_000].map(latency)).toEqual([
      '0.3 ms',
      '4.1 ms',
      '100 ms',
      '840 ms',
      '2.35 s',
      '12.0 s',
    ])
    expect([400, 8_000, 65_000, 360_000, 720_000, 7_500_000, 273_600_000].map(duration)).toEqual([
      '0 s',
      '8 s',
      '1 min 05 s',
      '6 min 00 s',
      '12 min',
      '2 h 05 min',
      '3 d 4 h',
    ])
  })

  it('names the day only where it is another one', () => {
    const at = new Date(2026, 10, 3, 20, 41, 7).getTime()
    expect(timeAt(at, at + 1_000)).toBe('20:41:07')
    expect(timeAt(at, at + 86_400_000)).toBe('3 Nov 20:41:07')
    expect(timeAt(at, at + 400 * 86_400_000)).toMatch(/^3 Nov 20\d\d 20:41:07$/)
    expect(timeAt(-1, at)).toBe('—')
    expect(timeAt(1.7e18, at)).toBe('1,700,000,000,000,000,000')
  })
})
