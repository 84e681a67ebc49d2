/** Streams of the contract as values that components read: one stream per key, shared, restarted after a lost connection. */
import { useCallback, useSyncExternalStore } from 'react'
import type { Problem } from '../../shared/contract/base.ts'
import { connectionState, onConnection } from './connection.ts'
import { toProblem } from './problem.ts'

export interface Live<T> {
  /** The latest value; undefined before the first. It stays while the connection is lost. */
  readonly value: T | undefined
  /** Why the stream failed; it is tried again by itself. */
  readonly problem: Problem | null
  /** The stream came to its end by itself, as that of a finished run does. */
  readonly ended: boolean
}

export type OpenStream<T> = (signal: AbortSignal) => Promise<AsyncIterable<T>>

interface Entry {
  state: Live<unknown>
  readonly listeners: Set<() => void>
  stop: () => void
  closing: ReturnType<typeof setTimeout> | undefined
}

const nothing: Live<never> = { value: undefined, problem: null, ended: false }
const entries = new Map<string, Entry>()

/** A stream outlives its last reader this long, ms: moving between pages does not open it anew. */
const linger = 400
/** Between two attempts after a failure, ms. */
const retryAfter = 2_000

function start(key: string, open: OpenStream<unknown>): Entry {
  const entry: Entry = { state: nothing, listeners: new Set(), stop: () => undefined, closing: undefined }
  entries.set(key, entry)
  const set = (next: Partial<Live<unknown>>) => {
    entry.state = { ...entry.state, ...next }
    for (const listener of entry.listeners) listener()
  }
  let current = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const run = async (signal: AbortSignal) => {
    try {
      for await (const value of await open(signal)) {
        if (signal.aborted) return
        set({ value, problem: null, ended: false })
      }
      if (!signal.aborted) set({ ended: true })
    } catch (thrown) {
      if (signal.aborted || connectionState().phase !== 'open') return
      set({ problem: toProblem(thrown) })
      timer = setTimeout(restart, retryAfter)
    }
  }
  const restart = () => {
    current.abort()
    clearTimeout(timer)
    current = new AbortController()
    void run(current.signal)
  }
  let generation = connectionState().generation
  const unsubscribe = onConnection(() => {
    if (connectionState().generation === generation) return
    generation = connectionState().generation
    restart()
  })
  if (connectionState().phase === 'open') restart()
  entry.stop = () => {
    unsubscribe()
    clearTimeout(timer)
    current.abort()
    entries.delete(key)
  }
  return entry
}

/** Reads a stream while mounted. `key` names it wholly, its input included; null reads nothing. */
export function useLive<T>(key: string | null, open: OpenStream<T>): Live<T> {
  // The key stands for `open`: a new function with the same key is the same stream.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const subscribe = useCallback(
    (listener: () => void) => {
      if (key === null) return () => undefined
      const entry = entries.get(key) ?? start(key, open)
      clearTimeout(entry.closing)
      entry.listeners.add(listener)
      return () => {
        entry.listeners.delete(listener)
        if (entry.listeners.size === 0) entry.closing = setTimeout(entry.stop, linger)
      }
    },
    [key],
  )
  const read = () => (key === null ? nothing : ((entries.get(key)?.state ?? nothing) as Live<T>))
  return useSyncExternalStore(subscribe, read)
}
