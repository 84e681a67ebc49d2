/** What a live view has yet to be shown: bounded, the oldest dropped and counted when the view is slower (decision 16). */

export interface TailBuffer<T> {
  push(items: readonly T[]): void
  /**
   * The oldest of what waits, at most one batch, and the totals since the beginning: what was seen was either taken by now or
   * dropped.
   */
  take(): { readonly items: readonly T[]; readonly seen: number; readonly dropped: number }
  /** Records a second over the last seconds. */
  rate(): number
  /** Makes the reader of the buffer throw with its next look. */
  fail(reason: unknown): void
  /** Resolves when something waits, at the latest after `ms`. Throws what `fail` was given. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** Over so many ms a rate is taken. */
const rateOverMs = 5_000

/** One batch: a page reads and draws so much well within a frame, and ten a second are more than a person can read. */
const batchItems = 400
const batchBytes = 256 * 1024

/** Holds at most `maxItems` and `maxBytes`; one item is always kept. */
export function tailBuffer<T>(options: {
  readonly maxItems: number
  readonly maxBytes: number
  readonly sizeOf: (item: T) => number
  /** What of it goes to the view, bytes; all of it where this is left out. */
  readonly shownSizeOf?: (item: T) => number
  readonly now?: () => number
}): TailBuffer<T> {
  const { maxItems, maxBytes, sizeOf, shownSizeOf = sizeOf, now = Date.now } = options
  const began = now()
  let items: T[] = []
  let bytes = 0
  let seen = 0
  let dropped = 0
  let failure: { readonly reason: unknown } | null = null
  let wake = () => {}
  let arrivals: { readonly at: number; readonly count: number }[] = []

  const recent = () => {
    arrivals = arrivals.filter(({ at }) => now() - at < rateOverMs)
    return arrivals.reduce((sum, { count }) => sum + count, 0)
  }

  return {
    push(more) {
      if (more.length === 0) return
      seen += more.length
      arrivals.push({ at: now(), count: more.length })
      for (const item of more) {
        items.push(item)
        bytes += sizeOf(item)
      }
      let drop = 0
      while (items.length - drop > maxItems || (bytes > maxBytes && items.length - drop > 1)) {
        const oldest = items[drop]
        if (oldest !== undefined) bytes -= sizeOf(oldest)
        drop += 1
      }
      items = items.slice(drop)
      dropped += drop
      wake()
    },
    take() {
      let count = 0
      let shown = 0
      for (const item of items) {
        shown += shownSizeOf(item)
        if (count === batchItems || (shown > batchBytes && count > 0)) break
        count += 1
        bytes -= sizeOf(item)
      }
      const taken = items.slice(0, count)
      items = items.slice(count)
      return { items: taken, seen: seen - items.length, dropped }
    },
    rate: () => (recent() * 1_000) / Math.max(1_000, Math.min(rateOverMs, now() - began)),
    fail(reason) {
      failure ??= { reason }
      wake()
    },
    async wait(ms, signal) {
      if (items.length === 0 && !failure && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const done = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', done)
            resolve()
          }
          const timer = setTimeout(done, ms)
          signal.addEventListener('abort', done)
          wake = done
        })
      }
      if (failure) throw failure.reason
    },
  }
}
