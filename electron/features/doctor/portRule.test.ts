import { describe, expect, it } from 'vitest'
import { isPrivate, portOpen } from './portRule.ts'

const rule = (cidrs: string[], more = {}) => ({
  protocol: 'tcp',
  ports: { from: 22, to: 22 },
  cidrs,
  others: [],
  ...more,
})

describe('portOpen', () => {
  it('lets in whom a rule names, by address and by port', () => {
    expect(portOpen([rule(['203.0.113.0/24'])], 22, '203.0.113.9')).toEqual({
      open: 'yes',
      cidr: '203.0.113.0/24',
    })
    expect(portOpen([rule(['203.0.113.0/24'])], 22, '203.0.114.9').open).toBe('no')
    expect(portOpen([rule(['0.0.0.0/0'])], 2_222, '203.0.113.9').open).toBe('no')
    expect(portOpen([rule(['2001:db8::/32'])], 22, '2001:db8::7').open).toBe('yes')
    expect(portOpen([rule(['0.0.0.0/0'], { protocol: 'udp' })], 22, '203.0.113.9').open).toBe('no')
    expect(portOpen([rule(['0.0.0.0/0'], { protocol: '-1', ports: null })], 22, null).open).toBe('yes')
    expect(portOpen([rule(['0.0.0.0/0'], { ports: { from: 0, to: 65_535 } })], 22, null).open).toBe('yes')
  })

  it('does not say what it cannot know', () => {
    expect(portOpen([rule(['203.0.113.0/24'])], 22, null)).toEqual({
      open: 'unknown',
      lets: ['203.0.113.0/24'],
    })
    expect(portOpen([rule([], { others: ['pl-1'] })], 22, '203.0.113.9').open).toBe('unknown')
    expect(portOpen([], 22, null)).toEqual({ open: 'no', lets: [] })
    expect(portOpen([rule(['not a network', '1.2.3.0/x'])], 22, '1.2.3.4').open).toBe('no')
  })
})

it('isPrivate', () => {
  for (const address of [
    '10.77.0.1',
    '172.31.0.9',
    '192.168.1.1',
    '100.64.0.1',
    '127.0.0.1',
    'fd00::1',
    '::1',
  ])
    expect(isPrivate(address), address).toBe(true)
  for (const address of ['172.32.0.1', '203.0.113.1', '2001:db8::1'])
    expect(isPrivate(address), address).toBe(false)
})
