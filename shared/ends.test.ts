import { expect, it } from 'vitest'
import { endOf } from './ends.ts'

const entry = {
  id: 1,
  at: 1,
  level: 'bad',
  area: 'emulation',
  pipeline: 'p',
  text: 'It broke',
  hint: 'Mend it.',
  ended: { path: 'emulation/1', tookMs: 30_000 },
  remind: null,
} as const

it('tells of the end of long work only, with how it ended and the next step', () => {
  expect(endOf(entry)).toEqual({ title: 'Failed', body: 'It broke\nMend it.', path: 'emulation/1' })
  expect(endOf({ ...entry, level: 'good', hint: null })).toMatchObject({ title: 'Done', body: 'It broke' })
  expect(endOf({ ...entry, ended: { path: 'emulation/1', tookMs: 29_999 } })).toBeNull()
  expect(endOf({ ...entry, ended: null })).toBeNull()
})

it('tells of a reminder, though nothing ended', () => {
  const reminder = { ...entry, level: 'warn', ended: null, remind: { path: 'aws' } } as const
  expect(endOf(reminder)).toEqual({ title: 'Reminder', body: 'It broke\nMend it.', path: 'aws' })
})
