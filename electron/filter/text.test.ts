import { describe, expect, it } from 'vitest'
import type { FilterMessage } from './message.ts'
import { compileText } from './text.ts'

const message = (value: string | Buffer | null, more: Partial<FilterMessage> = {}): FilterMessage => ({
  partition: 0,
  offset: 0n,
  timestamp: 0,
  key: null,
  value: typeof value === 'string' ? Buffer.from(value) : value,
  headers: [],
  ...more,
})

describe('a text filter', () => {
  it('looks into value, key and headers', () => {
    const wants = compileText('albania')
    expect(wants(message('{"country":"Albania"}'))).toBe(true)
    expect(wants(message(null, { key: Buffer.from('ALBANIA-1') }))).toBe(true)
    expect(wants(message('x', { headers: [{ name: 'from', value: Buffer.from('in Albania') }] }))).toBe(true)
    expect(wants(message('x', { headers: [{ name: 'albania', value: null }] }))).toBe(true)
    expect(wants(message('{"country":"Alb"}', { key: Buffer.from('ania') }))).toBe(false)
    expect(wants(message(null))).toBe(false)
  })

  it('minds upper and lower case only where asked to', () => {
    expect(compileText('Ärger')(message('viel ÄRGER'))).toBe(true)
    expect(compileText('Ärger', { caseSensitive: true })(message('viel ÄRGER'))).toBe(false)
    expect(compileText('Ärger', { caseSensitive: true })(message('Ärger'))).toBe(true)
    expect(compileText('日本')(message('in 日本'))).toBe(true)
    expect(compileText('12:30')(message('at 12:30:01'))).toBe(true)
  })

  it('is not misled by bytes that are no text', () => {
    // Á is c3 81; a search for the ASCII letter must not find half of a character.
    expect(compileText('c')(message('Á'))).toBe(false)
    expect(compileText('k')(message(Buffer.from([0x4b, 0xff, 0xfe])))).toBe(true)
    expect(compileText('i')(message('İ'))).toBe(false)
  })

  it('finds everything with an empty text', () => {
    expect(compileText('')(message(''))).toBe(true)
  })
})
