import { describe, expect, it } from 'vitest'
import { lakeLag, lakeReady } from './lakeReady.ts'

/** A stack whose lake shows these lags, one after another. */
function stackOf(lags: readonly number[], running = true) {
  let at = -1
  return {
    looked: () => at + 1,
    running: () => running,
    look: async () => {
      at += 1
    },
    numbers: () => {
      const lag = lags[Math.min(at, lags.length - 1)]
      return lag === undefined ? { other: 1 } : { 'lake.lag.a.pin': lag, 'lake.lag.a.geo': 0 }
    },
  }
}
const never = new AbortController().signal

describe('lakeReady', () => {
  it('waits until the lake is level twice in a row, and says for what', async () => {
    const stack = stackOf([7, 0, 3, 0, 0])
    const told: string[] = []
    await lakeReady(stack, never, (text) => told.push(text))
    expect(stack.looked()).toBe(5)
    expect(told).toEqual([
      '7 records are on their way into the lake',
      '3 records are on their way into the lake',
    ])
  })
  it('has nothing to wait for where the stack does not run', async () => {
    const stack = stackOf([7], false)
    expect(await lakeLag(stack)).toBe(0)
    await lakeReady(stack, never, () => {})
    expect(stack.looked()).toBe(0)
  })
  it('does not take a lake that has not said anything yet for a level one', async () => {
    expect(await lakeLag(stackOf([]))).toBeNull()
  })
  it('ends with its signal', async () => {
    const control = new AbortController()
    await expect(lakeReady(stackOf([5]), control.signal, () => control.abort())).rejects.toThrow()
  })
})
