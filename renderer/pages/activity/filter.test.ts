/** The activity's filter. */
import { expect, test } from 'vitest'
import type { Activity } from '../../../shared/contract/app.ts'
import { areasOf, filtered, noFilter } from './filter.ts'

const entry = (id: number, rest: Partial<Activity>): Activity => ({
  id,
  at: id,
  level: 'info',
  area: 'local',
  pipeline: null,
  text: '',
  hint: null,
  ended: null,
  remind: null,
  ...rest,
})

const all = [
  entry(1, { text: 'Started the broker', level: 'good' }),
  entry(2, { text: 'Port 9092 is taken', level: 'warn', hint: 'End the program that has it.' }),
  entry(3, { text: 'Created the topic a.pin', area: 'topics', level: 'good' }),
]
const ids = (filter: Partial<typeof noFilter>) =>
  filtered(all, { ...noFilter, ...filter }).map(({ id }) => id)

test('without a filter all lines are there, newest first', () => {
  expect(ids({})).toEqual([3, 2, 1])
})

test('level, area and words narrow it together', () => {
  expect(ids({ level: 'good' })).toEqual([3, 1])
  expect(ids({ level: 'good', area: 'local' })).toEqual([1])
  expect(ids({ search: 'PROGRAM port' })).toEqual([2])
  expect(ids({ search: 'port nothing' })).toEqual([])
})

test('the chosen area stays in the list after its last line has gone', () => {
  expect(areasOf(all, 'all')).toEqual(['local', 'topics'])
  expect(areasOf(all, 'streams')).toEqual(['local', 'streams', 'topics'])
})
