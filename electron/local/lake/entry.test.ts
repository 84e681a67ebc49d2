import { expect, it } from 'vitest'
import { addOffset, type Entry, readEntry, writeEntry } from './entry.ts'

const entry: Entry = {
  topic: 't',
  partition: 2,
  topicId: 'id',
  first: 5n,
  last: 9_007_199_254_740_993n,
  next: 9_007_199_254_740_995n,
  records: 4,
  bytes: 40,
  ranges: [
    [5n, 7n],
    [9_007_199_254_740_993n, 9_007_199_254_740_993n],
  ],
  upTo: { files: 1, records: 4, bytes: 40 },
}

it('comes back as it was written', () => {
  expect(readEntry(writeEntry(entry))).toEqual(entry)
})

it('is refused when torn or when its numbers contradict each other', () => {
  const text = writeEntry(entry)
  for (let end = 0; end < text.length - 2; end += 7) expect(readEntry(text.slice(0, end))).toBeNull()
  for (const wrong of [{ records: 5 }, { first: 4n }, { last: 8n }, { next: 7n }]) {
    expect(readEntry(writeEntry({ ...entry, ...wrong }))).toBeNull()
  }
})

it('gathers offsets into runs', () => {
  const ranges: [bigint, bigint][] = []
  for (const offset of [3n, 4n, 7n, 9n, 10n, 11n]) addOffset(ranges, offset)
  expect(ranges).toEqual([
    [3n, 4n],
    [7n, 7n],
    [9n, 11n],
  ])
})
