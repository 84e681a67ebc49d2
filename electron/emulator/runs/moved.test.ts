import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ErrorDetail } from '../../../shared/errors.ts'
import { moved, watchMoves } from './moved.ts'

const at = {
  gatewayUrl: 'http://127.0.0.1:8082',
  kafkaBootstrap: '127.0.0.1:9092',
  kinesisEndpoint: 'http://127.0.0.1:4567',
}
const kafkaMoved = { ...at, kafkaBootstrap: '127.0.0.1:40001' }
const gatewayMoved = { ...at, gatewayUrl: 'http://127.0.0.1:40002' }

describe('a part that moved', () => {
  it('ends only what works with it', () => {
    expect(moved('run', ['kafka'], at, kafkaMoved)?.message).toContain(
      'from 127.0.0.1:9092 to 127.0.0.1:40001',
    )
    // The gateway stays where it is and follows the broker.
    expect(moved('run', ['rest', 'kinesis', 'file'], at, kafkaMoved)).toBeNull()
    expect(moved('verify', ['rest'], at, kafkaMoved)?.code).toBe('RUN_TARGET_MOVED')
    expect(moved('run', ['kafka', 'streams'], at, gatewayMoved)?.message).toContain('The gateway')
    expect(moved('verify', ['rest', 'streams'], at, gatewayMoved)).toBeNull()
  })

  it('is not one that is down, or that was not there', () => {
    expect(moved('run', ['kafka'], at, { ...at, kafkaBootstrap: null })).toBeNull()
    expect(moved('run', ['kafka'], { ...at, kafkaBootstrap: null }, kafkaMoved)).toBeNull()
  })
})

describe('watching', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  const problem = moved('run', ['kafka'], at, kafkaMoved) as ErrorDetail

  function watched(first: ErrorDetail | null) {
    const listeners = new Set<() => void>()
    const stops: ErrorDetail[] = []
    const state = { now: first }
    const end = watchMoves(
      async () => state.now,
      (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      (why) => stops.push(why),
    )
    const change = async () => {
      for (const listener of listeners) listener()
      await vi.advanceTimersByTimeAsync(0)
    }
    return { listeners, stops, state, end, change }
  }

  it('asks to stop once, and a second time for what is still under way', async () => {
    const { listeners, stops, state, change } = watched(null)
    await change()
    expect(stops).toEqual([])
    state.now = problem
    await Promise.all([change(), change()])
    expect(stops).toEqual([problem])
    expect(listeners.size).toBe(0)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(stops).toEqual([problem, problem])
  })

  it('sees what moved before it began', async () => {
    const { stops } = watched(problem)
    await vi.advanceTimersByTimeAsync(0)
    expect(stops).toEqual([problem])
  })

  it('leaves alone what comes after the run: its report may be read meanwhile', async () => {
    const { listeners, stops, state, end, change } = watched(null)
    state.now = problem
    await change()
    end()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(stops).toEqual([problem])
    expect(listeners.size).toBe(0)
  })
})
