/** The dataset's own randomness: one cheap generator for each row, so that row n does not depend on who asked before. */
import { base, en, Faker } from '@faker-js/faker'

/** `faker` with the dataset's own generator behind it, and the few draws the rows need besides. */
export interface RowRandom {
  readonly faker: Faker
  /** From 0 up to but without 1. */
  next(): number
  /** A whole number, both ends included. */
  between(first: number, last: number): number
  pick<T>(values: readonly T[]): T
  /** Begins row `index` of the dataset `seed`. */
  startRow(seed: number, index: number): void
}

/** A fresh one; it is not shared, since `startRow` sets it back. */
export function createRowRandom(): RowRandom {
  let next = sfc32(0, 0)
  const faker = new Faker({
    locale: [en, base],
    // Seeding faker's own Mersenne Twister takes 60 µs, more than all the rest of a row.
    randomizer: { next: () => next(), seed: () => undefined },
  })
  const between = (first: number, last: number) => first + Math.floor(next() * (last - first + 1))
  return {
    faker,
    next: () => next(),
    between,
    pick: (values) => {
      const value = values[between(0, values.length - 1)]
      if (value === undefined) throw new RangeError('There is nothing to pick from.')
      return value
    },
    startRow: (seed, index) => {
      next = sfc32(seed, index)
    },
  }
}

/** Chris Doty-Humphrey's small fast counting generator (sfc32), warmed up by 12 rounds as PractRand does. */
function sfc32(seed: number, index: number): () => number {
  let a = seed | 0
  let b = index | 0
  let c = 0x9e37_79b9
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let round = 0; round < 12; round++) next()
  return next
}
