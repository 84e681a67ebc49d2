import { describe, expect, it } from 'vitest'
import { checksum } from '../journal/format.ts'
import type { Acked } from '../journal/sorter.ts'
import { createCursor } from './cursor.ts'
import { matchPlace, type Standing } from './match.ts'

const acked = (place: number, key: number, content: string): Acked => ({
  place,
  key: BigInt(key),
  checksum: checksum(content),
})
const standing = (key: number, content: string | null): Standing => ({
  key: BigInt(key),
  content: content === null ? null : Buffer.from(content),
})
async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

/** Two records to a batch, so that their borders are met too. */
async function* batches(records: readonly Standing[]): AsyncGenerator<Standing[]> {
  for (let at = 0; at < records.length; at += 2) yield records.slice(at, at + 2)
}

async function match(expected: Acked[], there: Standing[], unanswered: string[] = [], bound = 1_000n) {
  const counts = new Map<number, number>()
  for (const content of unanswered) counts.set(checksum(content), (counts.get(checksum(content)) ?? 0) + 1)
  const cursor = await createCursor(each(expected))
  const { found, missing, unacknowledged } = await matchPlace(
    cursor,
    0,
    batches(there),
    counts,
    ({ key }) => key < bound,
  )
  return { numbers: [found, missing, unacknowledged], next: cursor.peek() }
}

describe('matchPlace', () => {
  it('finds each acknowledged position with its content', async () => {
    const there = [standing(3, 'a'), standing(4, 'b'), standing(7, 'c')]
    const { numbers } = await match([acked(0, 3, 'a'), acked(0, 4, 'b'), acked(0, 7, 'c')], there)
    expect(numbers).toEqual([3, 0, 0])
  })

  it('misses what is not there, before, between and after', async () => {
    const expected = [1, 3, 4, 8, 9].map((key) => acked(0, key, 'x'))
    expect((await match(expected, [standing(3, 'x'), standing(8, 'x')])).numbers).toEqual([2, 3, 0])
    expect((await match(expected, [])).numbers).toEqual([0, 5, 0])
  })

  it('does not take other content for the one that was sent', async () => {
    const expected = [acked(0, 1, '{"a":1}'), acked(0, 2, '{"a":2}'), acked(0, 3, '{"a":3}')]
    const there = [standing(1, '{"a":1}'), standing(2, '{"a":9}'), standing(3, null)]
    expect((await match(expected, there)).numbers).toEqual([1, 2, 0])
  })

  it('takes the same JSON printed another way, as a real REST proxy may', async () => {
    const there = [standing(1, '{ "a": 1.50, "b": "\\u00e9" }')]
    expect((await match([acked(0, 1, '{"a":1.5,"b":"é"}')], there)).numbers).toEqual([1, 0, 0])
  })

  it('counts a position that stands twice as not found', async () => {
    const there = [standing(1, 'a'), standing(2, 'b'), standing(2, 'b'), standing(2, 'b'), standing(3, 'c')]
    const expected = [acked(0, 1, 'a'), acked(0, 2, 'b'), acked(0, 3, 'c')]
    expect((await match(expected, there)).numbers).toEqual([2, 1, 0])
  })

  it('believes only one of two acknowledgements of the same position', async () => {
    const { numbers } = await match([acked(0, 1, 'a'), acked(0, 1, 'a')], [standing(1, 'a')])
    expect(numbers).toEqual([1, 1, 0])
  })

  it('counts what arrived without an answer, once for each request, and not what others wrote', async () => {
    const there = ['lost', 'foreign', 'lost', 'lost', 'other'].map((content, key) => standing(key, content))
    expect((await match([], there, ['lost', 'lost', 'never'])).numbers).toEqual([0, 0, 2])
    expect((await match([], there, ['lost', 'lost'], 1n)).numbers).toEqual([0, 0, 1])
  })

  it('leaves the next place’s positions alone', async () => {
    const { numbers, next } = await match(
      [acked(0, 1, 'a'), acked(1, 0, 'b')],
      [standing(1, 'a'), standing(2, 'b')],
    )
    expect(numbers).toEqual([1, 0, 0])
    expect(next?.place).toBe(1)
  })
})
