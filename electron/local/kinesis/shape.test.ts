/** Requests are read by their own listed fields only, and refused in AWS's words. */
import { describe, expect, it } from 'vitest'
import { blob, flag, integer, list, needed, pairs, readShape, structure, text, timestamp } from './shape.ts'

const shape = {
  Name: needed(text({ min: 1, max: 5, pattern: /^[a-z]+$/ })),
  Count: integer({ min: 1, max: 10 }),
  Data: blob({ max: 4 }),
  At: timestamp(),
  On: flag(),
  Tags: pairs(text({ max: 3 }), text({ max: 9 })),
  Parts: list(structure({ Id: needed(integer()) }), { min: 1, max: 2 }),
}
const read = (body: unknown) => readShape(shape, body)

describe('readShape', () => {
  it('reads what it knows and passes over the rest', () => {
    const body = { Name: 'abc', Count: 3, Data: 'aGk=', At: 1.5, On: true, Other: { deep: [1] } }
    expect(read(body)).toEqual({ Name: 'abc', Count: 3, Data: Buffer.from('hi'), At: 1_500, On: true })
  })

  it('takes null for not given', () => {
    expect(read({ Name: 'a', Count: null })).toEqual({ Name: 'a' })
  })

  it.each([
    [{ Name: 5 }, 'NUMBER_VALUE can not be converted to a String'],
    [{ Name: 'a', Count: 'x' }, 'STRING_VALUE can not be converted to an Integer'],
    [{ Name: 'a', Count: {} }, 'STRUCTURE_VALUE can not be converted to an Integer'],
    [{ Name: 'a', Data: 'a' }, 'can not be converted to a Blob'],
    [{ Name: 'a', Data: 'ab-_' }, 'can not be converted to a Blob'],
    [{ Name: 'a', Data: 'a\u0000b=' }, 'can not be converted to a Blob'],
    [{ Name: 'a', On: 1 }, 'NUMBER_VALUE can not be converted to a Boolean'],
    [{ Name: 'a', At: 1e300 }, 'can not be converted to a Timestamp'],
    [{ Name: 'a', Tags: [] }, 'Expected map or null'],
    [{ Name: 'a', Parts: {} }, 'Expected list or null'],
    [{ Name: 'a', Parts: ['x'] }, 'expected a structure'],
    ['text', 'expected a structure'],
    [null, 'expected a structure'],
    [[], 'expected a structure'],
  ])('refuses the type of %j', (body, message) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ type: 'SerializationException' }))
    expect(() => read(body)).toThrow(message)
  })

  it.each([
    [
      {},
      "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
    [
      { Name: '' },
      "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [{ Name: 'A1' }, 'Member must satisfy regular expression pattern: [a-z]+'],
    [
      { Name: 'a', Count: 11 },
      "Value '11' at 'count' failed to satisfy constraint: Member must have value less than or equal to 10",
    ],
    [{ Name: 'a', Parts: [{ Id: 1 }, {}] }, "at 'parts.2.member.id'"],
    [{ Name: 'a', Data: Buffer.alloc(5).toString('base64') }, 'HeapByteBuffer[pos=0 lim=5 cap=5]'],
    [{ Name: 'toolong', Count: 0 }, '2 validation errors detected'],
  ])('refuses the value of %j', (body, message) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ type: 'ValidationException' }))
    expect(() => read(body)).toThrow(message)
  })

  it('takes nothing from the prototype and gives nothing to it', () => {
    const body = JSON.parse('{"Name":"a","__proto__":{"Count":5},"Tags":{"__proto__":"x","a":"b"}}')
    const values = read(body)
    expect(values.Count).toBeUndefined()
    expect(values.Tags).toEqual([
      ['__proto__', 'x'],
      ['a', 'b'],
    ])
    expect(({} as { Count?: unknown }).Count).toBeUndefined()
    expect(() => read(Object.create({ Name: 'inherited' }))).toThrow('must not be null')
  })

  it('keeps a message short however long the value', () => {
    const message = (() => {
      try {
        read({ Name: 'x'.repeat(1_000_000) })
      } catch (thrown) {
        return (thrown as Error).message
      }
      return ''
    })()
    expect(message.length).toBeLessThan(500)
  })
})
