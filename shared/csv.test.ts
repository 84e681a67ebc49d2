import { expect, it } from 'vitest'
import { csvOf } from './csv.ts'

it('writes what spreadsheets read: quotes where they are needed, nothing for nothing, numbers as they are', () => {
  const columns = ['country', 'count']
  const rows = [
    ['Bonaire, Saba', 3],
    ['a "b"', 2.5],
    [null, -1],
    ['two\nlines', 0],
  ]
  expect(csvOf({ columns, rows })).toBe(
    'country,count\r\n"Bonaire, Saba",3\r\n"a ""b""",2.5\r\n,-1\r\n"two\nlines",0\r\n',
  )
})

it('a text that a spreadsheet would calculate stays a text', () => {
  expect(csvOf({ columns: ['a'], rows: [['=1+1'], ['-x'], ['@y']] })).toBe("a\r\n'=1+1\r\n'-x\r\n'@y\r\n")
})
