/** Starts a search or an analysis in its own thread and hands on what it says at the reader's pace. */
import type { Analysis } from '../../shared/contract/analysis.ts'
import type { SearchEvent } from '../../shared/contract/search.ts'
import type { FromSearch } from './protocol.ts'
import { openThread, type ThreadStart } from './thread.ts'

/** `workerFile` is the built worker. Throws AppError where the search could not begin, or its filter hung. */
export async function* startSearch(
  workerFile: string,
  start: ThreadStart,
  signal: AbortSignal,
): AsyncGenerator<SearchEvent, void, void> {
  const said = follow(workerFile, start, signal, (message) =>
    message.type === 'event' ? message.event : null,
  )
  for await (const events of said) {
    const last = events.at(-1)
    // A reader that was busy gets what came meanwhile as one: every message, and the newest numbers.
    if (last !== undefined) yield { ...last, messages: events.flatMap(({ messages }) => messages) }
  }
}

/** Each summary holds all of the one before: a reader that was busy gets only the newest. */
export async function* startAnalysis(
  workerFile: string,
  start: ThreadStart,
  signal: AbortSignal,
): AsyncGenerator<Analysis, void, void> {
  const said = follow(workerFile, start, signal, (message) =>
    message.type === 'analysis' ? message.analysis : null,
  )
  for await (const all of said) {
    const last = all.at(-1)
    if (last !== undefined) yield last
  }
}

/** What came since the last look, never empty, until the thread ends or the signal is aborted; then the thread is gone. */
async function* follow<T>(
  workerFile: string,
  start: ThreadStart,
  signal: AbortSignal,
  pick: (message: FromSearch) => T | null,
): AsyncGenerator<T[], void, void> {
  const waiting: T[] = []
  let failure: unknown = null
  let ended = false
  let wake = () => {}
  const thread = openThread(workerFile, start, {
    onMessage: (message) => {
      const picked = pick(message)
      if (picked === null) return
      waiting.push(picked)
      wake()
    },
    onFailure: (reason) => {
      failure = reason
      wake()
    },
    onExit: () => {
      ended = true
      wake()
    },
  })
  const stop = () => wake()
  signal.addEventListener('abort', stop, { once: true })
  try {
    while (!signal.aborted) {
      if (waiting.length > 0) yield waiting.splice(0)
      else if (failure !== null) throw failure
      else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
          if (waiting.length > 0 || failure !== null || ended || signal.aborted) resolve()
        })
    }
  } finally {
    signal.removeEventListener('abort', stop)
    await thread.terminate()
  }
}
