import { expect, it } from 'vitest'
import type { Action } from './action.ts'
import { findActions, shownAtMost } from './find.ts'

const action = (id: string, title: string, more: Partial<Action> = {}): Action => ({
  id,
  title,
  group: 'Page',
  run: () => undefined,
  ...more,
})
const all = [
  action('a', 'Activity'),
  action('b', 'Create topic', { keywords: 'new make' }),
  action('c', 'learner.pin', { group: 'Topic' }),
  action('d', 'Topics'),
]
const ids = (query: string, recent: readonly string[] = []) =>
  findActions(all, query, recent).actions.map(({ id }) => id)

it('wants every word, in any order, and puts beginnings first', () => {
  expect(ids('topic')).toEqual(['d', 'b', 'c'])
  expect(ids('topic new')).toEqual(['b'])
  expect(ids('pin')).toEqual(['c'])
  expect(ids('nothing like it')).toEqual([])
})

it('finds letters in order where no word fits', () => {
  expect(ids('crtop')).toEqual(['b'])
})

it('puts what was used before first', () => {
  expect(ids('', ['d', 'gone'])).toEqual(['d', 'a', 'b', 'c'])
})

it('shows so many and counts all', () => {
  const many = Array.from({ length: 39_000 }, (_, n) => action(`t${n}`, `topic.number.${n}`))
  const found = findActions(many, 'topic 77', [])
  expect(found.actions).toHaveLength(shownAtMost)
  expect(found.count).toBeGreaterThan(shownAtMost)
})
