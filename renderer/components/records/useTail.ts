/** A live tail: batches into a bounded buffer, paused and gone on with, restarted after a lost connection. */
import { useEffect, useState } from 'react'
import type { Problem } from '../../../shared/contract/base.ts'
import { toProblem } from '../../api/problem.ts'
import { useConnection } from '../../api/query.ts'

export interface TailNumbers {
  /** Of the back end: seen since the tail began, and of those not sent to this page. */
  readonly seen: number
  readonly dropped: number
  readonly rate: number
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

interface Batch<T> extends TailNumbers {
  readonly items: readonly T[]
}

const nothing: Tail<never> = { items: [], numbers: null, pushedOut: 0, problem: null }

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

/**
 * Follows while `key` is not null; a new key begins anew. While paused nothing is read at all, so the back end counts what
 * passes by as dropped only if it must.
 */
export function useTail<T>(
  key: string | null,
  paused: boolean,
  open: (signal: AbortSignal) => Promise<AsyncIterable<Batch<T>>>,
): Tail<T> {
  const { generation, phase } = useConnection()
  const [state, setState] = useState<{ readonly key: string | null; readonly tail: Tail<T> }>({
    key,
    tail: nothing,
  })
  const tail = state.key === key ? state.tail : nothing

  // `key` stands for `open`: a new function with the same key is the same stream.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (key === null || paused || phase !== 'open') return
    const ending = new AbortController()
    const set = (change: (now: Tail<T>) => Tail<T>) =>
      setState((now) => ({ key, tail: change(now.key === key ? now.tail : nothing) }))
    const follow = async () => {
      try {
        for await (const batch of await open(ending.signal)) {
          if (ending.signal.aborted) return
          set((now) => withBatch(now, batch))
        }
      } catch (thrown) {
        if (!ending.signal.aborted) set((now) => ({ ...now, problem: toProblem(thrown) }))
      }
    }
    void follow()
    return () => ending.abort()
  }, [key, paused, generation, phase])
  return tail
}
