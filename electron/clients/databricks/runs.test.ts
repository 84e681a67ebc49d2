import { describe, expect, it } from 'vitest'
import { runState } from './runs.ts'

describe('runState', () => {
  it.each([
    ['QUEUED', 'waiting'],
    ['PENDING', 'waiting'],
    ['BLOCKED', 'waiting'],
    ['WAITING_FOR_RETRY', 'waiting'],
    ['RUNNING', 'running'],
    ['TERMINATING', 'ending'],
    ['SKIPPED', 'skipped'],
    ['INTERNAL_ERROR', 'failed'],
  ])('by its life: %s', (life, state) => {
    expect(runState({ state: { life_cycle_state: life } })).toBe(state)
  })
  it.each([
    ['SUCCESS', 'done'],
    ['FAILED', 'failed'],
    ['TIMEDOUT', 'timedOut'],
    ['CANCELED', 'cancelled'],
    ['UPSTREAM_FAILED', 'skipped'],
    ['MAXIMUM_CONCURRENT_RUNS_REACHED', 'skipped'],
    ['SUCCESS_WITH_FAILURES', 'failed'],
  ])('by its end: %s', (result, state) => {
    expect(runState({ state: { life_cycle_state: 'TERMINATED', result_state: result } })).toBe(state)
  })
  it.each([
    ['SUCCESS', 'done'],
    ['USER_CANCELED', 'cancelled'],
    ['RUN_EXECUTION_ERROR', 'failed'],
    ['SKIPPED', 'skipped'],
    ['CLUSTER_ERROR', 'failed'],
  ])('by the code of newer workspaces: %s', (code, state) => {
    expect(runState({ status: { state: 'TERMINATED', termination_details: { code } } })).toBe(state)
  })
  it('an error of the notebook itself, and a timeout, in the words of old workspaces', () => {
    const old = (result: string) => ({ state: { life_cycle_state: 'INTERNAL_ERROR', result_state: result } })
    expect(runState(old('FAILED'))).toBe('failed')
    expect(runState(old('TIMEDOUT'))).toBe('timedOut')
  })
  it('an end of an unknown kind is no success, an unknown life no end', () => {
    expect(runState({ state: { life_cycle_state: 'TERMINATED', result_state: 'NEW_KIND' } })).toBe('failed')
    expect(runState({ status: { state: 'TERMINATED' } })).toBe('failed')
    expect(runState({ state: { life_cycle_state: 'NEW_LIFE' } })).toBe('waiting')
    expect(runState({})).toBe('waiting')
  })
})
