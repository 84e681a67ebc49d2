import { describe, expect, it } from 'vitest'
import { asBefore, clampWidth, readView } from './tableView.ts'

describe('what is remembered of a table', () => {
  const kept = {
    version: 1,
    shown: { bytes: false, rate: true },
    widths: { name: 300 },
    sort: { key: 'bytes', order: 'descending' },
  }

  it('is read as it was stored', () => {
    const { version: _version, ...view } = kept
    expect(readView(JSON.stringify(kept))).toEqual(view)
  })

  it('counts as nothing where it is damaged, of another version or missing', () => {
    for (const stored of [null, '', '{', '[]', '7', 'null', JSON.stringify({ ...kept, version: 2 })])
      expect(readView(stored)).toEqual(asBefore)
  })

  it('loses only the part that is damaged', () => {
    const damaged = {
      ...kept,
      shown: { bytes: 'no', rate: true },
      widths: { name: -5, rate: '80', bytes: 80 },
      sort: { key: 'bytes', order: 'sideways' },
    }
    expect(readView(JSON.stringify(damaged))).toEqual({
      shown: { rate: true },
      widths: { bytes: 80 },
      sort: null,
    })
    expect(readView(JSON.stringify({ ...kept, widths: [300] })).widths).toEqual({})
  })
})

it('keeps a width one can grasp', () => {
  expect([clampWidth(3), clampWidth(120.4), clampWidth(10 ** 6)]).toEqual([40, 120, 2_000])
})
