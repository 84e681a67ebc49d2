import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { compileFilter } from './compile.ts'
import type { FilterMessage } from './message.ts'

const message = (value: unknown, more: Partial<FilterMessage> = {}): FilterMessage => ({
  partition: 3,
  offset: 42n,
  timestamp: Date.UTC(2026, 10, 24),
  key: null,
  value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  headers: [],
  ...more,
})
const wants = (filter: string, value: unknown, more?: Partial<FilterMessage>) =>
  compileFilter(filter)(message(value, more))

/** Pinned posts as the emulator sends them. */
const geo = { ind: 7528, country: 'Albania', latitude: -89.9787, timestamp: '2020-08-28 03:52:47' }
const pin = {
  index: 7528,
  category: 'diy-and-crafts',
  follower_count: '3k',
  tag_list: 'Crafts,DIY',
  downloaded: 1,
}

describe('an expression', () => {
  it.each([
    ['value.country == "Albania"', geo],
    ['value.latitude < -89 && value.ind % 2 === 0', geo],
    ['value.timestamp.startsWith("2020-08")', geo],
    ['Date.parse(value.timestamp) < now', geo],
    ['/^diy/.test(value.category)', pin],
    ['value.tag_list.split(",").includes("DIY")', pin],
    ['value.tag_list.split(",").some(tag => tag.toLowerCase() == "crafts")', pin],
    ['value.downloaded ? value.follower_count.endsWith("k") : false', pin],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the filter is a template string
    ['`${value.category}/${partition}` == "diy-and-crafts/3"', pin],
    ['"country" in value && !("name" in value)', geo],
    ['value["country"].length == 7 && value.country[0] == "A"', geo],
    ['Math.round(value.latitude) == -90', geo],
    ['["Albania", "Aruba"].includes(value.country)', geo],
    ['size > 20 && offset >= 42 && time.slice(0, 10) == "2026-11-24"', geo],
    ['text.match(/"ind":(\\d+)/)[1] == "7528"', geo],
    ['(value.missing ?? "none") == "none" && value.missing?.deeper == null', geo],
  ])('%s', (filter, value) => {
    expect(wants(filter, value)).toBe(true)
  })

  it('reads key and headers, and values that are no JSON, as text', () => {
    const more = { key: Buffer.from('{"id":7}'), headers: [{ name: 'from', value: Buffer.from('api') }] }
    expect(wants('key.id == 7 && keyText == "{\\"id\\":7}" && headers.from == "api"', geo, more)).toBe(true)
    expect(wants('value.includes("not json")', 'this is not json {')).toBe(true)
    expect(wants('value == null && text == null && key == null', geo, { value: null })).toBe(true)
  })

  it('has no time where there is none, or it is beyond every calendar', () => {
    for (const timestamp of [-1, 1.7e18])
      expect(compileFilter('time == null && timestamp != 0')({ ...message({}), timestamp })).toBe(true)
  })

  it('compares offsets beyond what a number holds', () => {
    const offset = 9_007_199_254_740_993n
    expect(wants('offset > 9007199254740991 && offset != 9007199254740992', geo, { offset })).toBe(true)
  })

  it('goes through what is missing without an error, and says what does not fit', () => {
    expect(wants('value.a.b.c == 1', geo)).toBe(false)
    expect(wants('value.a.includes("x")', geo)).toBe(false)
    expect(() => wants('value.country * value > 1', geo)).toThrow('must not be an object')
    expect(() => wants('value.ind.startsWith("7")', geo)).toThrow('startsWith is not for a number')
  })

  it('keeps the parameters of functions inside one another apart', () => {
    const value = {
      rows: [
        { name: 'a', tags: ['x', 'y'] },
        { name: 'b', tags: ['b'] },
      ],
    }
    expect(wants('value.rows.filter(row => row.tags.some(tag => tag == row.name)).length == 1', value)).toBe(
      true,
    )
    expect(wants('value.rows.map(x => x.tags.map(x => x).join("")).join("|") == "xy|b"', value)).toBe(true)
  })
})

describe('what is passed over without parsing', () => {
  it('is never what would have been wanted', () => {
    const escaped = '{"country":"\\u0041lbania"}'
    expect(wants('value.country == "Albania"', escaped)).toBe(true)
    expect(wants('value.n == "1000"', '{"n":1e3}')).toBe(true)
    expect(wants('value.country.length == "Albania".length', geo)).toBe(true)
    expect(wants('value.path == "a/b"', '{"path":"a\\/b"}')).toBe(true)
    expect(wants('value.name == "Ä"', '{"name":"Ä"}')).toBe(true)
  })

  it('needs no parsing where a text is missing', () => {
    const filter = compileFilter('value.country == "Albania" && value.ind > 1')
    const started = performance.now()
    const large = message({ country: 'Aruba', rest: 'x'.repeat(2_000_000) })
    for (let n = 0; n < 200; n += 1) expect(filter(large)).toBe(false)
    // Parsing 400 MB takes some seconds; looking for seven letters in them does not.
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

describe('an attack', () => {
  const codeOf = (text: string) => {
    try {
      compileFilter(text)
      return 'compiled'
    } catch (thrown) {
      return thrown instanceof AppError ? thrown.code : String(thrown)
    }
  }

  it.each([
    'this',
    'process.exit()',
    'globalThis',
    'import("fs")',
    'new Function("x")',
    'value = 1',
    'value.a++',
    'delete value.a',
    '(() => 1)()',
    'value.map(function (x) { return x })',
    'value.map((x, y) => x)',
    'value.map(({ a }) => a)',
    'value.map(async x => x)',
    'value.map(x => { while (true) {} })',
    'value.constructor("return 1")()',
    'text.constructor.constructor("return process")()',
    'text.replace(/a/, "b")',
    'text.repeat(1e9)',
    'text.padEnd(1e9)',
    'value["map"](x => x)',
    'Math.constructor',
    'Math["abs"](1)',
    'String.raw`a`',
    '[...text]',
    'value.map(...text)',
    '({}).toString()',
    '({ a: 1 })',
    'yield',
    'await 1',
    'a, b',
    '1; 2',
    '/(a+)+/g.test(text)',
    'text in',
    '10n ** 10n',
    '2 ** 1e9',
    '1 << 3',
    'value instanceof Object',
    'void 0',
    '#x in value',
    'super.x',
    'class {}',
    '',
    '   ',
  ])('is refused: %s', (text) => {
    expect(codeOf(text)).toBe('FILTER_INVALID')
  })

  it.each([
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    '__defineGetter__',
    'valueOf',
    'prototype',
  ])('reaches no prototype by %s', (name) => {
    for (const of of ['value', 'text', 'headers', 'value.list', 'value.n', '[1]', '/a/', 'time']) {
      expect(wants(`${of}.${name} === undefined`, { list: [1], n: 1 }), of).toBe(true)
      expect(wants(`${of}["${name}"] === undefined`, { list: [1], n: 1 }), of).toBe(true)
    }
    expect(wants(`"${name}" in value`, {})).toBe(false)
  })

  it('sees a value’s own __proto__ as what it is: a name like any other', () => {
    expect(wants('value.__proto__.admin == true', '{"__proto__":{"admin":true}}')).toBe(true)
    expect(wants('value.admin === undefined', '{"__proto__":{"admin":true}}')).toBe(true)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  it('cannot overflow the stack by depth or length', () => {
    expect(codeOf(`${'('.repeat(2_000)}1${')'.repeat(2_000)}`)).toBe('FILTER_INVALID')
    expect(codeOf(`value${'.a'.repeat(2_000)}`)).toBe('FILTER_INVALID')
    expect(codeOf('!'.repeat(4_000))).toBe('FILTER_INVALID')
    expect(codeOf(`1${'+1'.repeat(2_040)}`)).toBe('FILTER_INVALID')
    expect(codeOf('1'.repeat(5_000))).toBe('FILTER_INVALID')
  })

  it('calls nothing that a message brings along', () => {
    const value = { includes: 'mine', toString: 'mine', valueOf: 1, length: 'x' }
    expect(() => wants('value.includes("a")', value)).toThrow('includes is not for an object')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the filter is a template string
    expect(() => wants('`${value}` == ""', value)).toThrow('must not be an object')
    expect(wants('value == "[object Object]"', value)).toBe(false)
    expect(wants('value.length == "x"', value)).toBe(true)
  })
})

describe('the meaning', () => {
  it('is that of JavaScript, for random expressions over random values', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T
    const leaf = () =>
      pick([
        'value.a',
        'value.b',
        'value.c',
        'value.d',
        '1',
        '0',
        '"1"',
        '"x"',
        'true',
        'null',
        '2.5',
        '""',
        '-3',
      ])
    const make = (depth: number): string => {
      if (depth === 0) return leaf()
      const next = () => make(depth - 1)
      return pick([
        () =>
          `(${next()} ${pick(['==', '!=', '===', '!==', '<', '<=', '>', '>=', '+', '-', '*', '/', '%'])} ${next()})`,
        () => `(${next()} ${pick(['&&', '||'])} ${next()})`,
        () => `((${next()}) ?? (${next()}))`,
        () => `(${next()} ? ${next()} : ${next()})`,
        () => `(!${next()})`,
        () => `(typeof ${next()})`,
        () => `\`\${${next()}}-\${${next()}}\``,
        () => `(${pick(['Number', 'String'])}(${next()}))`,
        () => `(Math.${pick(['abs', 'floor', 'max'])}(${next()}))`,
        () => `([${next()}, ${next()}].includes(${next()}))`,
        () =>
          `(String(${next()}).${pick(['length', 'toUpperCase()', 'trim()', 'slice(1)', 'indexOf("x")'])})`,
        leaf,
      ])()
    }
    const values = [
      { a: 1, b: 'x', c: null, d: true },
      { a: '1', b: '', c: 0, d: -3 },
      { a: 2.5, b: 'true' },
      { a: 'abc', b: 1e21, c: false, d: '2.5' },
    ]
    for (let n = 0; n < 3_000; n += 1) {
      const text = make(1 + random(4))
      // The expression as JavaScript itself reads it: only here, in the test.
      const native = new Function('value', `return (${text})`) as (value: unknown) => unknown
      const ours = compileFilter(text)
      for (const value of values)
        expect(ours(message(value)), `${text} of ${JSON.stringify(value)}`).toBe(Boolean(native(value)))
    }
  })
})
