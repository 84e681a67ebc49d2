import { expect, it } from 'vitest'
import { placeOf, tracedPlace } from './place.ts'

it('reads whole places only', () => {
  expect(placeOf(tracedPlace({ topic: 'a.pin', partition: 0, offset: 12 }))).toEqual({
    in: 'topic',
    topic: 'a.pin',
    partition: 0,
    offset: '12',
  })
  // Sequence numbers are too large for a number, so they stay text.
  const sequence = '49680519670050048038021406773260279209587497354'
  expect(placeOf(tracedPlace({ stream: 's', shard: 'shardId-000000000000', sequence }))).toMatchObject({
    sequence,
  })
  for (const search of [
    {},
    { topic: 'a' },
    { topic: 'a', partition: 'x', offset: '1' },
    { stream: 's', shard: 3, sequence: '1' },
  ])
    expect(placeOf(tracedPlace(search))).toBeNull()
})
