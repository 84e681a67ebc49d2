import { describe, expect, it } from 'vitest'
import type { StepState } from '../../../shared/contract/plan.ts'
import { stepLook } from './stepLook.ts'

const step = (more: Partial<StepState>): StepState => ({
  id: 'broker',
  title: 'Broker',
  needs: [],
  cost: null,
  undoable: true,
  phase: 'idle',
  finding: null,
  problem: null,
  progress: null,
  startedAt: null,
  endedAt: null,
  log: [],
  ...more,
})
const found = (state: 'present' | 'absent' | 'drifted' | 'blocked') => ({
  finding: { state, reason: '', hint: null, unused: false, changes: [] },
})
const labels = (more: Partial<StepState>) => stepLook(step(more)).actions.map(({ label }) => label)

describe('a step', () => {
  it('offers what makes sense in its state', () => {
    expect(labels({})).toEqual(['Check'])
    expect(labels(found('present'))).toEqual(['Check', 'Undo'])
    expect(labels({ ...found('present'), undoable: false })).toEqual(['Check'])
    expect(labels(found('absent'))).toEqual(['Apply', 'Check'])
    expect(labels(found('drifted'))).toEqual(['Repair', 'Check'])
  })

  it('offers nothing while it works or waits', () => {
    expect(labels({ phase: 'applying', ...found('absent') })).toEqual([])
    expect(labels({ phase: 'waiting' })).toEqual([])
  })

  it('shows a failure over what was found before', () => {
    const failed = { problem: { code: 'X', message: '', hint: '' }, ...found('present') }
    expect(stepLook(step(failed)).mark).toBe('bad')
    expect(labels(failed)).toEqual(['Retry', 'Check'])
  })
})
