/** A search that runs: what it found so far and how far it is; what was found stays when it ends, and it can go on from there. */
import { useEffect, useRef, useState } from 'react'
import type { SearchEvent } from '../../../shared/contract/search.ts'
import type { Message } from '../../../shared/contract/topics.ts'
import { client } from '../../api/client.ts'
import { summed } from './searchSum.ts'

export type SearchWanted = Parameters<typeof client.search.run>[0]

export interface SearchView {
  /** What was asked; null before the first search. */
  readonly wanted: SearchWanted | null
  readonly running: boolean
  readonly stopped: boolean
  readonly messages: readonly Message[]
  /** How it stands, all its parts together. */
  readonly last: SearchEvent | null
  readonly problem: unknown
}

/** What the contract allows at most, and what it takes where nothing is said. */
const mostFound = 10_000
const leastFound = 500

const nothing: SearchView = {
  wanted: null,
  running: false,
  stopped: false,
  messages: [],
  last: null,
  problem: null,
}

export function useSearch(): SearchView & {
  readonly start: (wanted: SearchWanted) => void
  /** Goes on where it ended at its limit or time, was stopped, or failed. */
  readonly goOn: () => void
  readonly stop: () => void
  readonly clear: () => void
} {
  const [view, setView] = useState<SearchView>(nothing)
  const current = useRef<AbortController | null>(null)
  useEffect(() => () => current.current?.abort(), [])

  const run = (input: SearchWanted, from: SearchView) => {
    current.current?.abort()
    const ending = new AbortController()
    current.current = ending
    const set = (change: (before: SearchView) => SearchView) =>
      setView((before) => (current.current === ending ? change(before) : before))
    setView({ ...from, running: true, stopped: false, problem: null })
    const follow = async () => {
      for await (const event of await client.search.run(input, { signal: ending.signal })) {
        set((before) => ({
          ...before,
          last: summed(from.last, event),
          messages: event.messages.length === 0 ? before.messages : [...before.messages, ...event.messages],
        }))
      }
    }
    follow()
      .catch((problem: unknown) => !ending.signal.aborted && set((before) => ({ ...before, problem })))
      .finally(() => set((before) => ({ ...before, running: false, stopped: ending.signal.aborted })))
  }
  return {
    ...view,
    start: (wanted) => run(wanted, { ...nothing, wanted }),
    goOn: () => {
      const { wanted, last } = view
      if (wanted === null || last === null) return
      // As many again as there are, so that few presses reach far.
      const limit = Math.min(mostFound, Math.max(wanted.limit ?? 0, last.matched, leastFound))
      run({ ...wanted, limit, places: last.places }, view)
    },
    stop: () => {
      current.current?.abort()
      setView((before) => ({ ...before, running: false, stopped: before.running }))
    },
    clear: () => {
      current.current?.abort()
      current.current = null
      setView(nothing)
    },
  }
}
