import { expect, it } from 'vitest'
import { runNote } from './runNote.ts'

const run = (state: string, startedAt: number | null = 1) => ({ state, startedAt })
const states = (...all: string[]) => all.map((state) => ({ state }))

it('says that a run of a paused DAG waits', () => {
  expect(runNote(run('queued', null), states(''), true)).toMatch(/^It waits: the DAG is paused/)
  expect(runNote(run('queued', null), states(''), false)).toBe('')
})

it('says that a run was ended by its time limit, where no task says why', () => {
  expect(runNote(run('failed'), states('success', 'skipped'), false)).toContain('dagrun_timeout')
  expect(runNote(run('failed'), states('failed', 'skipped'), false)).toBe('')
  // Marked as failed while it waited for a paused DAG.
  expect(runNote(run('failed', null), states('skipped'), false)).toBe('')
  expect(runNote(run('success'), states('skipped'), false)).toBe('')
})
