import { expect, it } from 'vitest'
import { firstBytes, hexLines, inCell, inline, parseJson, rawBytes, treeLines } from './decode.ts'

const bytes = (encoding: 'utf8' | 'base64', data: string) => ({ encoding, data, size: 3, truncated: false })

it('gives the bytes of text and of base64', () => {
  expect([...rawBytes(bytes('utf8', 'é'))]).toEqual([0xc3, 0xa9])
  expect([...rawBytes(bytes('base64', '//4A'))]).toEqual([0xff, 0xfe, 0])
})

it('gives the first bytes without the rest', () => {
  expect([...firstBytes(bytes('utf8', 'aéb'), 2)]).toEqual([0x61, 0xc3])
  for (const most of [1, 2, 3, 4])
    expect([...firstBytes(bytes('base64', btoa('abcd')), most)]).toEqual([97, 98, 99, 100].slice(0, most))
})

it('draws hex as every viewer does', () => {
  const lines = hexLines(new TextEncoder().encode('0123456789abcdef\n\u0001z'))
  expect(lines[0]).toEqual({
    offset: '00000000',
    hex: '30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66',
    text: '0123456789abcdef',
  })
  expect(lines[1]).toEqual({ offset: '00000010', hex: '0a 01 7a', text: '..z' })
  expect(hexLines(new Uint8Array())).toEqual([])
})

it('flattens JSON, and hides what is folded', () => {
  const value = { index: 1, tags: ['a', null], empty: {} }
  expect(treeLines(value, new Set()).map(({ path, text, depth }) => [path, text, depth])).toEqual([
    ['$', '3 fields', 0],
    ['$.index', '1', 1],
    ['$.tags', '2 items', 1],
    ['$.tags[0]', '"a"', 2],
    ['$.tags[1]', 'null', 2],
    ['$.empty', '0 fields', 1],
  ])
  expect(treeLines(value, new Set(['$.tags'])).map(({ path }) => path)).toEqual([
    '$',
    '$.index',
    '$.tags',
    '$.empty',
  ])
})

it('keeps every digit of a large number', () => {
  const parsed = parseJson('{"id":12345678901234567890,"n":1.5}')
  expect(treeLines(parsed?.value, new Set()).map(({ kind, text }) => [kind, text])).toEqual([
    ['object', '2 fields'],
    ['number', '12345678901234567890'],
    ['number', '1.5'],
  ])
})

it('tells names with points from nesting, and draws no more than it is asked for', () => {
  const lines = treeLines({ 'a.b': 1, a: { b: 2 } }, new Set())
  expect(new Set(lines.map(({ path }) => path)).size).toBe(lines.length)
  expect(treeLines(Array(100_000).fill(0), new Set(), 50)).toHaveLength(50)
  expect(hexLines(new Uint8Array(1_000_000), 7)).toHaveLength(7)
})

it('survives nesting that no person follows', () => {
  const deep = parseJson('['.repeat(5_000) + ']'.repeat(5_000))
  expect(treeLines(deep?.value, new Set()).length).toBeLessThan(300)
})

it('says what is no JSON and no text', () => {
  expect(parseJson('{')).toBeUndefined()
  expect(parseJson('null')).toEqual({ value: null })
  expect(inline(null)).toBe('null')
  expect(inline(bytes('base64', '//4A'))).toBe('3 bytes, not text')
  expect(inline(bytes('utf8', 'a'.repeat(9_000)))).toHaveLength(9_000)
  expect(inCell(bytes('utf8', 'a'.repeat(9_000)))).toHaveLength(400)
})
