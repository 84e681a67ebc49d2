/** Starts a search in its own thread and hands on its events at the reader's pace. */
import type { SearchEvent } from '../../shared/contract/search.ts'
import type { SearchInit } from './protocol.ts'
import { openThread } from './thread.ts'

/** `workerFile` is the built worker. Throws AppError where the search could not begin, or its filter hung. */
export async function* startSearch(
  workerFile: string,
  init: Extract<SearchInit, { mode: 'search' }>,
  signal: AbortSignal,
): AsyncGenerator<SearchEvent, void, void> {
  const waiting: SearchEvent[] = []
  let failure: unknown = null
  let ended = false
  let wake = () => {}
  const thread = openThread(workerFile, init, {
    onMessage: (message) => {
      if (message.type !== 'event') return
      waiting.push(message.event)
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
      const event = merged(waiting.splice(0))
      if (event !== null) yield event
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

/** A reader that was busy gets what came meanwhile as one: every message, and the newest numbers. */
function merged(events: readonly SearchEvent[]): SearchEvent | null {
  const last = events.at(-1)
  return last === undefined ? null : { ...last, messages: events.flatMap(({ messages }) => messages) }
}
