import { Reader, Writer } from '@platformatic/kafka'
import { expect, it } from 'vitest'
import './zigzag.ts'

const there = (value: bigint) => Reader.from(Writer.create().appendVarInt64(value).buffer).readVarInt64()

it('a difference of times comes back as it was, however large, forwards and back', () => {
  for (const value of [0n, 1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 40n, 1_700_000_000_000n, 2n ** 63n - 1n]) {
    expect(there(value)).toBe(value)
    expect(there(-value)).toBe(-value)
  }
})

it('is written as Kafka writes it', () => {
  expect(Writer.create().appendVarInt64(-1n).buffer).toEqual(Buffer.from([1]))
  expect(Writer.create().appendVarInt64(150n).buffer).toEqual(Buffer.from([0xac, 0x02]))
})
