/** One value that changes, watched by many: each watcher sees the newest at its own pace, never a queue of old ones. */

export interface Broadcast<T> {
  get(): T
  set(value: T): void
  /** The value now, then each newer one, at most one every `everyMs`; ends with the signal. */
  watch(signal: AbortSignal | undefined, everyMs?: number): AsyncGenerator<T, void, void>
}

/** Ten a second is what an eye can follow (ARCHITECTURE, carriers). */
const paceMs = 100

export function broadcast<T>(first: T): Broadcast<T> {
  let value = first
  let version = 0
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const resolve of waiting) resolve()
    waiting.clear()
  }
  const changed = (seen: number, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve) => {
      if (version !== seen || signal?.aborted) {
        resolve()
        return
      }
      const done = () => {
        waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      waiting.add(done)
      signal?.addEventListener('abort', done, { once: true })
    })
  return {
    get: () => value,
    set: (next) => {
      value = next
      version += 1
      wake()
    },
    async *watch(signal, everyMs = paceMs) {
      let seen = -1
      while (!signal?.aborted) {
        if (seen === version) await changed(seen, signal)
        if (signal?.aborted) return
        seen = version
        yield value
        await pause(everyMs, signal)
      }
    },
  }
}

/** Waits, or less where the signal aborts; never throws. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve()
      return
    }
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
