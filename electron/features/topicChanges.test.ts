import { expect, it } from 'vitest'
import type { TopicRow } from '../../shared/contract/topics.ts'
import { topicChanges } from './topicChanges.ts'

const row = (name: string, messages = 0): TopicRow => ({
  name,
  kind: null,
  internal: false,
  partitions: 1,
  replicationFactor: 1,
  messages,
  bytes: null,
  rate: null,
  sinkLag: null,
})

it('tells everything once, also that there is nothing, and then only what changed', () => {
  const changes = topicChanges()
  expect([...changes([])]).toEqual([{ rows: [], gone: [], more: false }])
  expect([...changes([row('a'), row('b')])]).toEqual([{ rows: [row('a'), row('b')], gone: [], more: false }])
  expect([...changes([row('a'), row('b')])]).toEqual([])
  expect([...changes([row('b', 1), row('c')])]).toEqual([
    { rows: [row('b', 1), row('c')], gone: ['a'], more: false },
  ])
})

it('comes in parts, of which only the last says that the look is whole', () => {
  const parts = [...topicChanges()(Array.from({ length: 1_001 }, (_, n) => row(String(n))))]
  expect(parts.map(({ rows, more }) => [rows.length, more])).toEqual([
    [500, true],
    [500, true],
    [1, false],
  ])
})
