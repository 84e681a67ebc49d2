/** The thread of one search or export, watched: one that says nothing any more hangs in its filter and is ended (decision 15). */
import { Worker } from 'node:worker_threads'
import { AppError } from '../../shared/errors.ts'
import type { FromSearch, SearchInit, ToSearch } from './protocol.ts'

/** A filter that holds up its thread for so long is ended, ms. An honest one takes microseconds for a message. */
const patienceMs = 3_000
/** Until the first sign of life, ms: loading the thread is not the filter's fault. */
const firstPatienceMs = 10_000
/** A text added to itself again and again must not take the app's memory along, MiB. */
const mostMemoryMb = 1_024

export interface Thread {
  stop(): void
  /** Ends it at once. */
  terminate(): Promise<void>
}

export interface ThreadListener {
  onMessage(message: FromSearch): void
  /** It failed or hangs; called at most once. */
  onFailure(reason: unknown): void
  onExit(): void
}

/** `workerFile` is the built worker. */
export function openThread(workerFile: string, init: SearchInit, listener: ThreadListener): Thread {
  const worker = new Worker(workerFile, {
    workerData: init,
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
  })
  let silent: NodeJS.Timeout | undefined
  let failed = false
  const fail = (reason: unknown) => {
    clearTimeout(silent)
    if (failed) return
    failed = true
    listener.onFailure(reason)
  }
  const hope = (forMs: number) => {
    clearTimeout(silent)
    silent = setTimeout(() => fail(hangs(init)), forMs)
  }
  hope(firstPatienceMs)
  worker.on('message', (message: FromSearch) => {
    hope(patienceMs)
    if (message.type === 'failed') fail(new AppError(message.problem))
    else listener.onMessage(message)
  })
  worker.on('error', fail)
  worker.on('exit', () => {
    clearTimeout(silent)
    listener.onExit()
  })
  return {
    stop: () => worker.postMessage({ type: 'stop' } satisfies ToSearch),
    terminate: async () => {
      clearTimeout(silent)
      await worker.terminate()
    },
  }
}

function hangs({ input: { filter } }: SearchInit): AppError {
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
