import { expect, it } from 'vitest'
import type { TopicChanges, TopicRow } from '../../../shared/contract/topics.ts'
import { topicList } from './topicList.ts'

const row = (name: string, messages = 0) => ({ name, messages }) as TopicRow

async function* said(changes: readonly TopicChanges[]) {
  yield* changes
}

it('is shown once a look is whole, and in the order of names', async () => {
  const [a, b, c] = [row('a'), row('b'), row('c')]
  const lists: (readonly TopicRow[])[] = []
  const changes = said([
    { rows: [c], gone: [], more: true },
    { rows: [a], gone: [], more: false },
    { rows: [row('c', 1)], gone: [], more: false },
    { rows: [b], gone: ['c'], more: false },
    { rows: [], gone: ['a', 'b'], more: false },
  ])
  for await (const list of topicList(changes)) lists.push(list)
  expect(lists).toEqual([[a, c], [a, row('c', 1)], [a, b], []])
  expect(lists[1]?.[0]).toBe(lists[0]?.[0])
})
