/** The buffer of a live tail: bounded, counting what it lets go, and held still while a person reads. */
import type { Problem } from '../../../shared/contract/base.ts'

export interface TailNumbers {
  /** Of the back end: seen since the tail began, and of those not sent to this page. */
  readonly seen: number
  readonly dropped: number
  readonly rate: number
}

export interface Batch<T> extends TailNumbers {
  readonly items: readonly T[]
}

export interface Tail<T> {
  /** Newest first. */
  readonly items: readonly T[]
  readonly numbers: TailNumbers | null
  /** Pushed out of this page's buffer by newer ones. */
  readonly pushedOut: number
  readonly problem: Problem | null
}

/** What a person can look through; more would only grow the page's memory. */
export const tailKept = 2_000

export const emptyTail: Tail<never> = { items: [], numbers: null, pushedOut: 0, problem: null }

/** Puts a batch on top of a buffer. */
export function withBatch<T>(tail: Tail<T>, batch: Batch<T>): Tail<T> {
  const all = [...batch.items.toReversed(), ...tail.items]
  return {
    items: all.slice(0, tailKept),
    numbers: { seen: batch.seen, dropped: batch.dropped, rate: batch.rate },
    pushedOut: tail.pushedOut + Math.max(0, all.length - tailKept),
    problem: null,
  }
}

/** How many records came into the buffer of `now` since it was `held`; those let go since are among them. */
export function arrivedSince(held: Tail<unknown>, now: Tail<unknown>): number {
  return now.items.length + now.pushedOut - held.items.length - held.pushedOut
}
