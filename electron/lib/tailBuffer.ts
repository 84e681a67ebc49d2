/** What a live view has yet to be shown: bounded, the oldest dropped and counted when the view is slower (decision 16). */

/** What arrived together: made into items only when they are to be shown, which most of a fast tail never are. */
export interface Load<T> {
  readonly count: number
  readonly bytes: number
  items(): readonly T[]
}

export interface TailBuffer<T> {
  push(load: Load<T>): void
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

/** Hands out at most `maxItems` and `maxBytes` of what waits; one item is always kept. */
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
  /** The oldest, made already. */
  let open: T[] = []
  let loads: Load<T>[] = []
  /** Of both. */
  let waiting = 0
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
  const forget = (count: number, size: number) => {
    waiting -= count
    bytes -= size
    dropped += count
  }
  const tooMuch = () => waiting > maxItems || (bytes > maxBytes && waiting > 1)
  /** The oldest items that are made. */
  const trim = () => {
    let drop = 0
    while (drop < open.length && tooMuch()) {
      forget(1, sizeOf(open[drop] as T))
      drop += 1
    }
    if (drop > 0) open = open.slice(drop)
  }
  /** Whole loads that cannot be among what is handed out. */
  const shed = () => {
    let drop = 0
    for (const load of loads.slice(0, -1)) {
      if (waiting - load.count < maxItems && bytes - load.bytes < maxBytes) break
      forget(load.count, load.bytes)
      drop += 1
    }
    if (drop > 0) loads = loads.slice(drop)
  }
  /** Makes the oldest load's items; false where none waits. */
  const openNext = (): boolean => {
    const [load, ...rest] = loads
    if (load === undefined) return false
    loads = rest
    const items = load.items()
    bytes += items.reduce((sum, item) => sum + sizeOf(item), 0) - load.bytes
    waiting += items.length - load.count
    seen += items.length - load.count
    open.push(...items)
    trim()
    return true
  }

  return {
    push(load) {
      if (load.count === 0) return
      seen += load.count
      arrivals.push({ at: now(), count: load.count })
      loads.push(load)
      waiting += load.count
      bytes += load.bytes
      trim()
      if (open.length === 0) shed()
      wake()
    },
    take() {
      let count = 0
      let shown = 0
      while (count < batchItems && (count < open.length || openNext())) {
        const item = open[count]
        if (item === undefined) continue
        shown += shownSizeOf(item)
        if (shown > batchBytes && count > 0) break
        count += 1
        bytes -= sizeOf(item)
        waiting -= 1
      }
      const taken = open.slice(0, count)
      open = open.slice(count)
      return { items: taken, seen: seen - waiting, dropped }
    },
    rate: () => (recent() * 1_000) / Math.max(1_000, Math.min(rateOverMs, now() - began)),
    fail(reason) {
      failure ??= { reason }
      wake()
    },
    async wait(ms, signal) {
      if (waiting === 0 && !failure && !signal.aborted) {
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
