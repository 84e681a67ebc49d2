/** The incident "slow gateway": each answer is held back for a while, and all at once are let go when it is healed. */

export interface Delay {
  /** Holds back each answer by `delayMs` until `until` (ms since 1970); 0 lets go what is held back. */
  readonly set: (delay: { readonly delayMs: number; readonly until: number }) => void
  /** Resolves when an answer may go: at once where nothing is delayed. */
  readonly wait: () => Promise<void>
}

/** `heldBack` is called with each answer that has to wait; `now` answers ms since 1970. */
export function createDelay(heldBack: () => void, now: () => number = Date.now): Delay {
  const held = new Map<NodeJS.Timeout, () => void>()
  let current = { delayMs: 0, until: 0 }
  return {
    set(delay) {
      current = delay
      for (const [timer, go] of held) {
        clearTimeout(timer)
        go()
      }
      held.clear()
    },
    async wait() {
      // What is still held back at the end is let go then.
      const ms = Math.min(current.delayMs, current.until - now())
      if (ms <= 0) return
      heldBack()
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          held.delete(timer)
          resolve()
        }, ms)
        held.set(timer, resolve)
      })
    },
  }
}
