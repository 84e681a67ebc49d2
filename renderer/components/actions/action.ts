/** What can be done, as the command palette and the shortcuts see it; pages add theirs while they are shown. */
import { useEffect, useRef } from 'react'

export interface Action {
  /** Unique and lasting: what was used recently is remembered by it. */
  readonly id: string
  readonly title: string
  /** What it belongs to: "Page", "Topic", "Pipeline". */
  readonly group: string
  /** Other words a person may look for. */
  readonly keywords?: string
  /** One key, or `g` and one key; works while nothing is typed into a field. */
  readonly shortcut?: string
  /** The same in the terminal, without the program's name; never with a secret. */
  readonly command?: string
  readonly run: () => void
}

let shown: readonly Action[] = []
const listeners = new Set<() => void>()
let wanted: { readonly id: string; readonly until: number } | null = null

/** How long a page that is opened for an action may take to offer it, ms. */
const patience = 5_000

function changed(next: readonly Action[]): void {
  shown = next
  for (const listener of listeners) listener()
}

/** What the pages in view offer, for `useSyncExternalStore`. */
export const pageActions = (): readonly Action[] => shown

export function onPageActions(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Adds actions until the answer is called. One that was wanted before its page stood is run at once. */
export function offer(actions: readonly Action[]): () => void {
  changed([...shown, ...actions])
  const due = wanted !== null && Date.now() < wanted.until ? wanted.id : null
  const found = actions.find(({ id }) => id === due)
  if (found !== undefined) {
    wanted = null
    found.run()
  }
  return () => changed(shown.filter((action) => !actions.includes(action)))
}

/** Runs an action of a page that is shown, or as soon as its page, which the caller opens, offers it. */
export function runWhenOffered(id: string): void {
  const found = shown.find((action) => action.id === id)
  if (found !== undefined) found.run()
  else wanted = { id, until: Date.now() + patience }
}

/** Offers actions while the component is mounted. They are told apart by their ids; `run` may change at any time. */
export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  const key = actions.map(({ id, title, command }) => `${id}\n${title}\n${command ?? ''}`).join('\n\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the actions
  useEffect(
    () =>
      offer(
        latest.current.map((action) => ({
          ...action,
          run: () => latest.current.find(({ id }) => id === action.id)?.run(),
        })),
      ),
    [key],
  )
}
