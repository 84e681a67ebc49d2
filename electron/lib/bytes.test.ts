/** Values of every kind keep their size, say how they are written, and are cut between characters. */
import { describe, expect, it } from 'vitest'
import { bytesOf } from './bytes.ts'

describe('bytesOf', () => {
  it('shows text as text', () => {
    expect(bytesOf(Buffer.from('grüß'))).toEqual({
      encoding: 'utf8',
      data: 'grüß',
      size: 6,
      truncated: false,
    })
  })

  it('shows anything else as base64', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe])
    expect(bytesOf(bytes)).toEqual({ encoding: 'base64', data: '/wD+', size: 3, truncated: false })
  })

  it.each([1, 2, 3, 4, 5])('never cuts a character in two at %i bytes', (limit) => {
    const cut = bytesOf(Buffer.from('a€🙂b'), limit)
    expect(cut.encoding).toBe('utf8')
    expect('a€🙂b'.startsWith(cut.data)).toBe(true)
    expect(cut).toMatchObject({ size: 9, truncated: true })
  })

  it('cuts what is no text exactly at the limit', () => {
    const bytes = Buffer.alloc(100, 0x80)
    expect(Buffer.from(bytesOf(bytes, 50).data, 'base64').length).toBe(50)
  })
})
