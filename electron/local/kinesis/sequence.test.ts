/** Sequence numbers look like AWS's and grow, whatever the clock does. */
import { expect, it } from 'vitest'
import { parseSequenceNumber, sequenceNumber, sequenceNumbersOf } from './sequence.ts'

const shard = { index: 7, bornSecs: 1_763_900_000 }

it('has 56 digits and begins like those of AWS', () => {
  expect(sequenceNumber(shard, 1)).toMatch(/^49\d{54}$/)
})

it('grows with the counter', () => {
  const counters = [0, 1, 2, 10, 99, 100, 65_535, 65_536, 2 ** 32, 2 ** 48 - 1]
  const numbers = counters.map((counter) => BigInt(sequenceNumber(shard, counter)))
  expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)))
  expect(new Set(numbers).size).toBe(counters.length)
  expect(counters.map(sequenceNumbersOf(shard))).toEqual(numbers.map(String))
})

it('puts a child above everything its parent can ever reach', () => {
  const child = { index: 0, bornSecs: shard.bornSecs + 1 }
  expect(BigInt(sequenceNumber(child, 0))).toBeGreaterThan(BigInt(sequenceNumber(shard, 2 ** 48 - 1)))
})

it('reads its own numbers back', () => {
  for (const counter of [0, 1, 123_456_789_012]) {
    expect(parseSequenceNumber(sequenceNumber(shard, counter))).toEqual({ ...shard, counter })
  }
})

it.each(['', '0', '12', 'abc', '-1', '9'.repeat(56), '4'.repeat(57), '1e55', '49٣'])('refuses %j', (text) => {
  expect(parseSequenceNumber(text)).toBeNull()
})
