/** A search that runs: what it found so far and how far it is; what was found stays when it is stopped or fails. */
import { useEffect, useRef, useState } from 'react'
import type { SearchEvent } from '../../../shared/contract/search.ts'
import type { Message } from '../../../shared/contract/topics.ts'
import { client } from '../../api/client.ts'

export type SearchWanted = Parameters<typeof client.search.run>[0]

export interface SearchView {
  /** What was asked; null before the first search. */
  readonly wanted: SearchWanted | null
  readonly running: boolean
  readonly stopped: boolean
  readonly messages: readonly Message[]
  readonly last: SearchEvent | null
  readonly problem: unknown
}

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
  readonly stop: () => void
  readonly clear: () => void
} {
  const [view, setView] = useState<SearchView>(nothing)
  const current = useRef<AbortController | null>(null)
  useEffect(() => () => current.current?.abort(), [])

  const start = (wanted: SearchWanted) => {
    current.current?.abort()
    const ending = new AbortController()
    current.current = ending
    const set = (change: (before: SearchView) => SearchView) =>
      setView((before) => (current.current === ending ? change(before) : before))
    setView({ ...nothing, wanted, running: true })
    const follow = async () => {
      for await (const event of await client.search.run(wanted, { signal: ending.signal })) {
        set((before) => ({
          ...before,
          last: event,
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
    start,
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
