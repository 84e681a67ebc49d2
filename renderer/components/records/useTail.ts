/** A live tail: batches into a bounded buffer, held still while paused, restarted after a lost connection. */
import { useEffect, useState } from 'react'
import { toProblem } from '../../api/problem.ts'
import { useConnection } from '../../api/query.ts'
import { arrivedSince, type Batch, emptyTail, type Tail, withBatch } from './tail.ts'

/** Between two attempts after a failure, ms. */
const retryAfter = 2_000

interface State<T> {
  readonly key: string | null
  readonly now: Tail<T>
  /** What was on the page when it was paused. */
  readonly held: Tail<T> | null
}

export interface TailView<T> extends Tail<T> {
  readonly paused: boolean
  /** Records that arrived since the pause; they are shown when it ends. */
  readonly waiting: number
  readonly pause: () => void
  readonly resume: () => void
}

/**
 * Follows while `key` is not null; a new key begins anew. A pause holds only what is shown: reading goes on into the same
 * bounded buffer, so that nothing passes by uncounted. `anew`: opened again it tells the same from its beginning, so what it
 * told before goes.
 */
export function useTail<T>(
  key: string | null,
  open: (signal: AbortSignal) => Promise<AsyncIterable<Batch<T>>>,
  { anew = false }: { readonly anew?: boolean } = {},
): TailView<T> {
  const { generation, phase } = useConnection()
  const [stored, setState] = useState<State<T>>({ key, now: emptyTail, held: null })
  const state: State<T> = stored.key === key ? stored : { key, now: emptyTail, held: null }

  // `key` stands for `open`: a new function with the same key is the same stream.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (key === null || phase !== 'open') return
    const ending = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const set = (change: (now: Tail<T>) => Tail<T>) =>
      setState((before) => {
        const same = before.key === key
        return { key, now: change(same ? before.now : emptyTail), held: same ? before.held : null }
      })
    const follow = async () => {
      try {
        const batches = await open(ending.signal)
        if (anew) set(() => emptyTail)
        for await (const batch of batches) {
          if (ending.signal.aborted) return
          set((now) => withBatch(now, batch))
        }
      } catch (thrown) {
        if (ending.signal.aborted) return
        set((now) => ({ ...now, problem: toProblem(thrown) }))
        timer = setTimeout(() => void follow(), retryAfter)
      }
    }
    void follow()
    return () => {
      clearTimeout(timer)
      ending.abort()
    }
  }, [key, generation, phase])

  const { now, held } = state
  return {
    ...now,
    items: held?.items ?? now.items,
    paused: held !== null,
    waiting: held === null ? 0 : arrivedSince(held, now),
    pause: () => setState({ ...state, held: now }),
    resume: () => setState({ ...state, held: null }),
  }
}
