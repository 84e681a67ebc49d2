/** A rate over the last seconds, from samples of a running total. */

/** Length of the window, ms. */
const windowMs = 3_000

export interface Rate {
  /** Adds a sample (`now` in ms, ascending) and answers the rate a second over the window. */
  sample(now: number, total: number): number
}

export function createRate(): Rate {
  const samples: { readonly at: number; readonly total: number }[] = []
  return {
    sample: (now, total) => {
      samples.push({ at: now, total })
      while (samples.length > 2 && now - (samples[1]?.at ?? now) >= windowMs) samples.shift()
      const first = samples[0]
      if (first === undefined || now <= first.at) return 0
      return ((total - first.total) * 1_000) / (now - first.at)
    },
  }
}
