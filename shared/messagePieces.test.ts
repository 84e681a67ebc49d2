import { expect, it } from 'vitest'
import type { Message } from './contract/topics.ts'
import { joined, piecesOf } from './messagePieces.ts'

async function* later<T>(items: Iterable<T>) {
  yield* items
}
const message = (data: string | null): Message => ({
  partition: 1,
  offset: '7',
  timestamp: 1,
  key: null,
  headers: [],
  value: data === null ? null : { encoding: 'utf8', data, size: data.length, truncated: false },
})

it.each([
  ['nothing', ''],
  ['a short text', '{"a":1}'],
  // Every second character is half of a pair, so that pieces are cut inside one.
  ['a long one of pairs', `x${'🙂'.repeat(300_000)}`],
])('is whole again: %s', async (_name, data) => {
  const pieces = [...piecesOf(message(data))].map((piece) => JSON.parse(JSON.stringify(piece)))
  expect(Math.max(...pieces.map((piece) => piece.data.length))).toBeLessThanOrEqual(256 * 1024)
  const back = await joined(later(pieces))
  expect(back.value?.data === data).toBe(true)
  expect({ ...back, value: null }).toEqual(message(null))
})

it('keeps a tombstone one', async () => {
  expect(await joined(later(piecesOf(message(null))))).toEqual(message(null))
})
