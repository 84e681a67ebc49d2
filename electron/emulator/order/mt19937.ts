/** The Mersenne Twister MT19937 as CPython seeds and reads it, so that `random.seed(100)` replays here bit for bit. */

const size = 624
const middle = 397

/** CPython's `random.Random` as far as the original script uses it. */
export interface PythonRandom {
  /** `randrange(start, stop)`: a whole number from `start` to `stop` − 1. */
  randrange(start: number, stop: number): number
  /** `randint(first, last)`: a whole number from `first` to `last`, both included. */
  randint(first: number, last: number): number
}

/** As `random.Random(seed)` for a whole `seed` from 0 to 2^53 − 1. */
export function pythonRandom(seed: number): PythonRandom {
  const next = mersenneTwister(seedKey(seed))

  /** `getrandbits(bits)` for 1 to 32 bits. */
  const bits = (count: number) => next() >>> (32 - count)

  /** `_randbelow_with_getrandbits`: rejects what is too large, so each number is equally likely. */
  const below = (limit: number) => {
    const count = 32 - Math.clz32(limit)
    let value = bits(count)
    while (value >= limit) value = bits(count)
    return value
  }

  return {
    randrange: (start, stop) => start + below(stop - start),
    randint: (first, last) => first + below(last - first + 1),
  }
}

/** CPython's key of a whole number: its 32-bit digits, lowest first; 0 is one digit. */
function seedKey(seed: number): number[] {
  const high = Math.floor(seed / 2 ** 32)
  return high === 0 ? [seed >>> 0] : [seed >>> 0, high]
}

/** `init_genrand` of the reference implementation (Matsumoto and Nishimura, 2002). */
function initGenrand(seed: number): Uint32Array {
  const state = new Uint32Array(size)
  state[0] = seed
  for (let i = 1; i < size; i++) {
    const last = state[i - 1] ?? 0
    state[i] = Math.imul(1_812_433_253, last ^ (last >>> 30)) + i
  }
  return state
}

/** `init_by_array` of the reference implementation. */
function initByArray(key: readonly number[]): Uint32Array {
  const state = initGenrand(19_650_218)
  let i = 1
  let j = 0
  const step = () => {
    i += 1
    if (i < size) return
    state[0] = state[size - 1] ?? 0
    i = 1
  }
  const mixed = (factor: number) => {
    const last = state[i - 1] ?? 0
    return (state[i] ?? 0) ^ Math.imul(last ^ (last >>> 30), factor)
  }
  for (let k = Math.max(size, key.length); k > 0; k--) {
    state[i] = mixed(1_664_525) + (key[j] ?? 0) + j
    step()
    j = (j + 1) % key.length
  }
  for (let k = size - 1; k > 0; k--) {
    state[i] = mixed(1_566_083_941) - i
    step()
  }
  state[0] = 0x8000_0000
  return state
}

/** The generator of unsigned 32-bit words. */
function mersenneTwister(key: readonly number[]): () => number {
  const state = initByArray(key)
  let at = size

  const refill = () => {
    for (let i = 0; i < size; i++) {
      const word = ((state[i] ?? 0) & 0x8000_0000) | ((state[(i + 1) % size] ?? 0) & 0x7fff_ffff)
      state[i] = (state[(i + middle) % size] ?? 0) ^ (word >>> 1) ^ (word & 1 ? 0x9908_b0df : 0)
    }
    at = 0
  }

  return () => {
    if (at >= size) refill()
    let word = state[at++] ?? 0
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return (word ^ (word >>> 18)) >>> 0
  }
}
