import { expect, it } from 'vitest'
import { bytes, count, duration, printable, table } from './text.ts'

it('writes numbers for people', () => {
  expect([count(12345), count(null)]).toEqual(['12,345', '–'])
  expect([bytes(0), bytes(999), bytes(1_000), bytes(41_300_000)]).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '41.3 MB',
  ])
  expect([duration(4_120), duration(125_000)]).toEqual(['4.1 s', '2 min 5 s'])
})

it('aligns columns', () => {
  expect(
    table(
      ['name', 'messages'],
      [
        ['a.pin', '5'],
        ['b', '12,345'],
      ],
    ),
  ).toEqual(['name   messages', 'a.pin         5', 'b        12,345'])
})

it('lets no record drive the terminal', () => {
  expect(printable('\u001b[2Jx\r\n\u009b')).toBe('\\x1b[2Jx\\x0d\\x0a\\x9b')
})
