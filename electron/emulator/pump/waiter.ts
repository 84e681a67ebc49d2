/** Waiting that can be cut short, and giving the event loop its turn. */
import { setImmediate as turn } from 'node:timers/promises'

export interface Waiter {
  /** Resolves after `ms`, or with the next `poke`. One waits at a time. */
  wait(ms: number): Promise<void>
  poke(): void
}

export function createWaiter(): Waiter {
  let wake: (() => void) | null = null
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => wake?.(), ms)
        wake = () => {
          clearTimeout(timer)
          wake = null
          resolve()
        }
      }),
    poke: () => wake?.(),
  }
}

/** How long a loop may go on without letting messages and timers in, ms. */
const turnMs = 4

/** Answers a function to await in a busy loop: mostly it does nothing. */
export function createGiveWay(): () => Promise<void> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < turnMs) return undefined
    return turn().then(() => {
      last = performance.now()
    })
  }
}
