/** Starts a search in its own thread and hands on its events; a filter that does not come back is ended (decision 15). */
import { Worker } from 'node:worker_threads'
import type { SearchEvent } from '../../shared/contract/search.ts'
import { AppError } from '../../shared/errors.ts'
import type { FromSearch, SearchInit } from './protocol.ts'

/** A filter that holds up its thread for so long is ended, ms. An honest one takes microseconds for a message. */
const patienceMs = 3_000
/** Until the first sign of life, ms: loading the thread is not the filter's fault. */
const firstPatienceMs = 10_000

/** `workerFile` is the built worker. Throws AppError where the search could not begin, or its filter hung. */
export async function* startSearch(
  workerFile: string,
  init: SearchInit,
  signal: AbortSignal,
): AsyncGenerator<SearchEvent, void, void> {
  const worker = new Worker(workerFile, { workerData: init })
  const waiting: SearchEvent[] = []
  let failure: unknown = null
  let ended = false
  let wake = () => {}
  let silent: NodeJS.Timeout | undefined
  const fail = (reason: unknown) => {
    failure ??= reason
    wake()
  }
  const hope = (forMs: number) => {
    clearTimeout(silent)
    silent = setTimeout(() => fail(hangs(init.input.filter)), forMs)
  }
  hope(firstPatienceMs)
  worker.on('message', (message: FromSearch) => {
    hope(patienceMs)
    if (message.type === 'failed') fail(new AppError(message.problem))
    if (message.type !== 'event') return
    waiting.push(message.event)
    wake()
  })
  worker.on('error', fail)
  worker.on('exit', () => {
    ended = true
    clearTimeout(silent)
    wake()
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
    clearTimeout(silent)
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}

/** A reader that was busy gets what came meanwhile as one: every message, and the newest numbers. */
function merged(events: readonly SearchEvent[]): SearchEvent | null {
  const last = events.at(-1)
  return last === undefined ? null : { ...last, messages: events.flatMap(({ messages }) => messages) }
}

function hangs(filter: SearchInit['input']['filter']): AppError {
  return new AppError({
    code: 'FILTER_HANGS',
    message: `The filter took longer than ${patienceMs / 1_000} s for one message, so the search was ended.`,
    hint:
      filter.kind === 'expression'
        ? 'A regular expression such as (a+)+$ can take for ever; write it without a repeat inside a repeat.'
        : 'Search again; if it stays so, the computer is too busy.',
    field: 'filter',
  })
}
