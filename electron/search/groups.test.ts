/** A look at many messages at once must never pass over one that a look at each would find. */
import { expect, it } from 'vitest'
import type { KafkaRecord } from '../clients/kafka/types.ts'
import { compileFilter } from '../filter/compile.ts'
import { compileText } from '../filter/text.ts'
import { groupsOf } from './groups.ts'

/** As a fetch holds them: one memory, with bytes of the protocol between key and value. */
function fetched(texts: readonly (readonly [key: string | null, value: string | null])[]): KafkaRecord[] {
  const pieces = texts.map(([key, value]) =>
    [key, value].map((text) => (text === null ? null : Buffer.from(text))),
  )
  const bytes = Buffer.concat(
    pieces.flatMap(([key, value]) => [
      Buffer.from([0xd2, 0x85, 0x41]),
      key ?? Buffer.alloc(0),
      Buffer.from([0xff]),
      value ?? Buffer.alloc(0),
    ]),
  )
  // Not of the pool that small buffers share.
  const memory = Buffer.alloc(bytes.length)
  bytes.copy(memory)
  let at = 0
  const next = (part: Buffer | null | undefined, skip: number) => {
    at += skip
    const begin = at
    at += part?.length ?? 0
    return part ? memory.subarray(begin, at) : null
  }
  return pieces.map(([key, value], nth) => ({
    partition: 0,
    offset: BigInt(nth),
    timestamp: nth,
    key: next(key, 3),
    value: next(value, 1),
    headers: [],
  }))
}

const flat = (records: readonly KafkaRecord[]) => [...groupsOf(records)].flatMap((group) => group.records)

it('keeps every record in its order, and holds the bytes of each', () => {
  const records = fetched(
    Array.from({ length: 1_000 }, (_, n) => [n % 3 ? `k${n}` : null, n % 7 ? `v${n}` : null]),
  )
  expect(flat(records)).toEqual(records)
  const groups = [...groupsOf(records)]
  expect(groups.length).toBeLessThan(10)
  for (const { records: theirs, bytes } of groups)
    for (const { key, value } of theirs)
      for (const part of [key, value]) if (part) expect(bytes?.includes(part)).toBe(true)
})

it('does not take records together that lie in different memory, backwards, or have headers', () => {
  const [a, b] = [fetched([['1', 'one']]), fetched([['2', 'two']])]
  const headed = fetched([['3', 'three']]).map((record) => ({
    ...record,
    headers: [{ name: 'Albania', value: null }],
  }))
  const records = [
    ...a,
    ...b,
    ...headed,
    ...fetched([
      ['4', 'four'],
      ['5', 'five'],
    ]).toReversed(),
  ]
  const groups = [...groupsOf(records)]
  expect(flat(records)).toEqual(records)
  expect(groups.map((group) => [group.records.length, group.bytes === null])).toEqual([
    [1, false],
    [1, false],
    [1, true],
    [1, false],
    [1, false],
  ])
})

it('passes over nothing that is wanted', () => {
  const words = ['Albania', 'ALBANIA', 'alban', 'ia', '\\u0041lbania', 'Ärger', 'κόσμος', '']
  const texts = Array.from({ length: 3_000 }, (_, n) => {
    const word = n % 41 === 0 ? (words[n % words.length] ?? '') : 'x'
    return [n % 5 ? word : null, JSON.stringify({ country: word, n }).replaceAll('\\\\', '\\')] as const
  })
  const filters = [
    compileText('albania'),
    compileText('Albania', { caseSensitive: true }),
    compileText('ärger'),
    compileText('ΚΌΣΜΟΣ'),
    compileText(''),
    compileText('"n":12'),
    compileFilter('value.country == "Albania"'),
    compileFilter('value.country.startsWith("Alb")'),
  ]
  const records = fetched(texts)
  for (const wants of filters) {
    const each = records.filter((record) => wants(record))
    const grouped = [...groupsOf(records)].flatMap(({ records: theirs, bytes }) =>
      bytes !== null && wants.mayBeIn?.(bytes) === false ? [] : theirs.filter((record) => wants(record)),
    )
    expect(each.length).toBeGreaterThan(0)
    expect(grouped).toEqual(each)
  }
})
