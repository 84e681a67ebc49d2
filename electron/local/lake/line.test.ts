import { expect, it } from 'vitest'
import { toLine } from './line.ts'

const line = (value: string | Buffer | null) => {
  const { bytes, notJson } = toLine(typeof value === 'string' ? Buffer.from(value) : value)
  return [bytes.toString(), notJson]
}

it('keeps valid JSON byte for byte, also what a parser would round', () => {
  for (const text of [
    '{"a":1}',
    ' {"n":12345678901234567890, "f":1.10}',
    '[1,2]',
    '"x\\n"',
    '3',
    'null',
    '{"a":"ü\u2028"}',
  ]) {
    expect(line(text)).toEqual([text, false])
  }
})

it('takes line breaks out without touching anything else', () => {
  expect(line('{\n  "n": 12345678901234567890,\r\n  "s": "a\\nb"\n}')).toEqual([
    '{   "n": 12345678901234567890,    "s": "a\\nb" }',
    false,
  ])
})

it('gives every other value a line too', () => {
  expect(line(null)).toEqual(['null', false])
  expect(line('hello\nworld')).toEqual(['{"__not_json__":"hello\\nworld"}', true])
  expect(line('')).toEqual(['{"__not_json__":""}', true])
  expect(line('{"a":1')).toEqual(['{"__not_json__":"{\\"a\\":1"}', true])
  expect(line(Buffer.from([0xff, 0xfe]))).toEqual(['{"__not_json_base64__":"//4="}', true])
})

it('never answers with a line break', () => {
  for (const value of ['\n', '\r', '{"a":\n1}', 'a\r\nb', '[\n]'])
    expect(line(value)[0]).not.toMatch(/[\r\n]/)
})
