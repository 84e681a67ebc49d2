/** Counting values without keeping them all: how many different ones, and which are the most frequent. */

export interface Tally {
  add(value: string): void
  distinct(): { readonly distinct: number; readonly distinctExact: boolean }
  top(most: number): {
    readonly top: { readonly value: string; readonly count: number }[]
    /** A count may be too high by at most so much. */
    readonly topError: number
  }
}

/**
 * Space-saving (Metwally, Agrawal, El Abbadi 2005): with `kept` counters no count is too high by more than the smallest
 * of them, and no value more frequent than that is missed. Exact while there are no more than `kept` different ones.
 */
export function tally(kept: number): Tally {
  const counts = new Map<string, number>()
  let dropped = false
  let error = 0
  /** Rebuilding costs all counters, so a good part is let go at once. */
  const makeRoom = () => {
    const sorted = [...counts].sort((a, b) => b[1] - a[1])
    const floor = sorted[Math.floor(kept / 2)]?.[1] ?? 0
    error = Math.max(error, floor)
    dropped = true
    counts.clear()
    for (const [value, count] of sorted.slice(0, Math.floor(kept / 2))) counts.set(value, count)
  }
  return {
    add(value) {
      const known = counts.get(value)
      if (known !== undefined) {
        counts.set(value, known + 1)
        return
      }
      if (counts.size >= kept) makeRoom()
      // What was let go before may have been this one.
      counts.set(value, error + 1)
    },
    distinct: () => ({
      distinct: dropped ? Math.max(kept, counts.size) : counts.size,
      distinctExact: !dropped,
    }),
    top: (most) => ({
      top: [...counts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, most)
        .map(([value, count]) => ({ value, count })),
      topError: error,
    }),
  }
}
