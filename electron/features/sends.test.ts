import { expect, it } from 'vitest'
import { sendsOf } from './sends.ts'

const record = (bytes: number) => ({ value: Buffer.alloc(bytes) })
const shape = (sizes: readonly number[]) =>
  sendsOf(sizes.map(record)).map((send) => send.map(({ value }) => value.length))

it('keeps their order, and each piece below what a broker takes as one batch', () => {
  expect(shape([])).toEqual([])
  expect(shape([1, 2, 3])).toEqual([[1, 2, 3]])
  expect(shape([400_000, 400_000, 200_000, 5])).toEqual([
    [400_000, 400_000],
    [200_000, 5],
  ])
})

it('leaves one alone that is larger than a piece', () => {
  expect(shape([10, 5_000_000, 10, 20])).toEqual([[10], [5_000_000], [10, 20]])
})

it('counts headers', () => {
  const wide = { value: null, headers: [{ name: 'h', value: Buffer.alloc(600_000) }] }
  expect(sendsOf([wide, wide])).toHaveLength(2)
})
