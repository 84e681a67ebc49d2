/** Record batches as the library writes them, and as a broker's compaction leaves them, read back exactly. */
import { createRecordsBatch } from '@platformatic/kafka'
import { describe, expect, it } from 'vitest'
import { batchesOf } from './recordBatches.ts'
import './zigzag.ts'

const all = { partition: 3, from: 0n, until: null }
const message = (n: number, timestamp: number) => ({
  topic: 't',
  key: Buffer.from(`k${n}`),
  value: Buffer.from(`v${n}`),
  timestamp: BigInt(timestamp),
  headers: new Map([[Buffer.from('h'), Buffer.from(String(n))]]),
})
const written = (times: readonly number[], compression: 'none' | 'gzip' = 'none') =>
  createRecordsBatch(times.map((time, n) => message(n, time)) as never, { compression } as never).buffer

const read = (bytes: Buffer) => batchesOf(bytes, all, 9n).flatMap(({ records }) => records)

describe('records', () => {
  it.each(['none', 'gzip'] as const)('are read as they were written: %s', (compression) => {
    const times = [1_700_000_000_000, 1_700_000_000_001, 1_600_000_000_000, 0, 1_900_000_000_000]
    expect(read(written(times, compression))).toEqual(
      times.map((timestamp, n) => ({
        partition: 3,
        offset: BigInt(n),
        timestamp,
        key: Buffer.from(`k${n}`),
        value: Buffer.from(`v${n}`),
        headers: [{ name: 'h', value: Buffer.from(String(n)) }],
      })),
    )
  })

  it('have their exact times where the batch begins beyond what a double holds', () => {
    // As compaction writes it: the deltas are counted from the time when tombstones may go.
    const horizon = 2n ** 62n + 12_345n
    const times = [1_700_000_075_000, 1_700_000_033_000]
    const bytes = Buffer.from(written(times))
    const plain = bytes.readBigInt64BE(27)
    const shifted = batchWith(horizon, times)
    expect(plain).toBe(BigInt(times[0] ?? 0))
    expect(read(shifted).map(({ timestamp }) => timestamp)).toEqual(times)
  })

  it('are counted without being decoded, and said to be unreadable where they are damaged', () => {
    const bytes = Buffer.from(written([1, 2, 3]))
    const [batch] = batchesOf(bytes, all, 9n)
    bytes.fill(0xff, 62)
    expect(batch?.count).toBe(3)
    expect(() => batch?.records).toThrow('cannot be read')
  })

  it('that are cut off at the end are left to the next fetch', () => {
    const [first, second] = [Buffer.from(written([1, 2])), Buffer.from(written([3]))]
    second.writeBigInt64BE(2n, 0)
    const cut = Buffer.concat([first, second.subarray(0, second.length - 3)])
    expect(batchesOf(cut, all, 9n).map(({ count, nextOffset }) => [count, nextOffset])).toEqual([[2, 2n]])
  })
})

/** Its deltas are far beyond 2^53, so that each takes nine bytes. */
function batchWith(first: bigint, times: readonly number[]): Buffer {
  const records = times.map((time, n) => {
    const value = Buffer.from(`v${n}`)
    const body = Buffer.concat([
      Buffer.from([0]),
      varint(BigInt(time) - first),
      varint(BigInt(n)),
      varint(-1n),
      varint(BigInt(value.length)),
      value,
      varint(0n),
    ])
    return Buffer.concat([varint(BigInt(body.length)), body])
  })
  const head = Buffer.alloc(61)
  const body = Buffer.concat(records)
  head.writeInt32BE(head.length - 12 + body.length, 8)
  head.writeInt8(2, 16)
  head.writeInt32BE(times.length - 1, 23)
  head.writeBigInt64BE(first, 27)
  head.writeInt32BE(times.length, 57)
  return Buffer.concat([head, body])
}

function varint(value: bigint): Buffer {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  const bytes: number[] = []
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}
