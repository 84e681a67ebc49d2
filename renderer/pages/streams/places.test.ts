import { expect, it } from 'vitest'
import { browseFrom } from '../topics/MessagePlace.tsx'
import { iteratorFrom } from './Records.tsx'
import { shareOf } from './Shards.tsx'

it('reads from a place only when it is complete', () => {
  expect(browseFrom('offset', '12', '')).toEqual({ at: 'offset', offset: '12' })
  expect(browseFrom('offset', '-1', '')).toBeNull()
  expect(browseFrom('time', '', 'soon')).toBeNull()
  expect(browseFrom('newest', '', '')).toEqual({ at: 'newest' })
  const place = { time: '', shard: 'all', sequence: '5' }
  expect(iteratorFrom({ ...place, type: 'LATEST' })).toEqual({ type: 'LATEST' })
  expect(iteratorFrom({ ...place, type: 'AT_SEQUENCE_NUMBER' })).toBeNull()
  expect(iteratorFrom({ ...place, shard: 's', type: 'AFTER_SEQUENCE_NUMBER' })).toEqual({
    type: 'AFTER_SEQUENCE_NUMBER',
    shard: 's',
    sequence: '5',
  })
})

it('tells which part of all keys a shard takes', () => {
  expect(shareOf({ startHash: '0', endHash: String(2n ** 127n - 1n) })).toBe('50.0 %')
})
