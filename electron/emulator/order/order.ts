/** Which row comes next, and how long the original script would have slept before it. */
import { pythonRandom } from './mt19937.ts'

/** The original draws `randint(0, 11000)`. */
const originalLast = 11_000

export interface Draw {
  /** Row of the source, from 0. */
  readonly index: number
  /** The original's `sleep(random.randrange(0, 2))`, ms. */
  readonly sleepMs: number
}

export interface OrderOptions {
  readonly order: 'faithful' | 'sequential' | 'random'
  readonly seed: number
  /** Number of rows of the source. */
  readonly size: number
}

/**
 * An endless order. The original's generator is always drawn as the original draws it, so that its sleeps are the same
 * under every order and its rows are the same under every rate. A source with fewer rows is drawn from as a whole.
 */
export function createOrder({ order, seed, size }: OrderOptions): () => Draw {
  const original = pythonRandom(seed)
  const own = pythonRandom(seed)
  const last = Math.min(originalLast, size - 1)
  let count = 0
  return () => {
    const sleepMs = original.randrange(0, 2) * 1_000
    const drawn = original.randint(0, last)
    if (order === 'faithful') return { index: drawn, sleepMs }
    if (order === 'sequential') return { index: count++ % size, sleepMs }
    return { index: own.randrange(0, size), sleepMs }
  }
}
