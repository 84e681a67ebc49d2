/** The thread of one search or export; where it has an expression, one that says nothing any more is ended (decision 15). */
import { Worker } from 'node:worker_threads'
import { AppError } from '../../shared/errors.ts'
import { type LiveSecrets, openFor, type Secrets } from '../lib/openFor.ts'
import type { FromSearch, SearchInit, ToSearch } from './protocol.ts'

/** A filter that takes so much of its thread's time for one message is ended, ms. An honest one takes microseconds. */
const patienceMs = 3_000
/** Silence, ms by the clock, after which it is ended however little of a busy computer it had. */
const mostSilenceMs = 60_000
/** Until the first sign of life, ms: loading the thread is not the filter's fault. */
const firstPatienceMs = 10_000
/**
 * A text added to itself again and again must not take the app's memory along, MiB. Below 2 GiB V8 lets a heap grow in small
 * steps only and collects after each: a search of 1,000,000 messages took 3.0 s with 1 GiB and 2.2 s with 2; with room for
 * a fetch's records among the young it took 2.0.
 */
const memory = { maxOldGenerationSizeMb: 2_048, maxYoungGenerationSizeMb: 96 } as const

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

/** What a thread is begun with. */
export interface ThreadStart {
  readonly init: SearchInit
  /** Of the machine between, and of the sign-in to Kafka. */
  readonly secrets: Secrets
  readonly live?: LiveSecrets
}

/** `workerFile` is the built worker. */
export function openThread(
  workerFile: string,
  { init, secrets, live }: ThreadStart,
  listener: ThreadListener,
): Thread {
  const worker = new Worker(workerFile, {
    workerData: init,
    resourceLimits: memory,
  })
  openFor(worker, secrets, live)
  let silent: NodeJS.Timeout | undefined
  let failed = false
  /** Counts what was heard, so that a late look tells silence from a message that waits to be read. */
  let heard = 0
  const forget = () => {
    clearTimeout(silent)
    heard += 1
  }
  const fail = (reason: unknown) => {
    forget()
    if (failed) return
    failed = true
    listener.onFailure(reason)
  }
  const hope = (forMs: number) => {
    forget()
    // Only an expression can hold up its thread; any other that is silent waits for a busy computer.
    if (init.input.filter.kind !== 'expression') return
    const began = { heard, at: Date.now(), cpu: threadTime(worker) }
    const look = async () => {
      const used = (await threadTime(worker)) - (await began.cpu)
      // Not by the clock alone: on a busy computer an honest filter waits for its turn.
      const hung = used >= forMs * 0.9 || Date.now() - began.at >= mostSilenceMs
      if (heard !== began.heard) return
      if (hung) fail(hangs())
      else silent = setTimeout(() => void look(), 500)
    }
    silent = setTimeout(() => void look(), forMs)
  }
  hope(firstPatienceMs)
  worker.on('message', (message: FromSearch) => {
    hope(patienceMs)
    if (message.type === 'failed') fail(new AppError(message.problem))
    else listener.onMessage(message)
  })
  worker.on('error', fail)
  worker.on('exit', () => {
    forget()
    listener.onExit()
  })
  return {
    stop: () => worker.postMessage({ type: 'stop' } satisfies ToSearch),
    terminate: async () => {
      forget()
      await worker.terminate()
    },
  }
}

/** What the thread had of a processor so far, ms; 0 where it does not run. */
const threadTime = (worker: Worker): Promise<number> =>
  worker.cpuUsage().then(
    ({ user, system }) => (user + system) / 1_000,
    () => 0,
  )

function hangs(): AppError {
  return new AppError({
    code: 'FILTER_HANGS',
    message: `The filter took longer than ${patienceMs / 1_000} s for one message, so the search was ended.`,
    hint: 'A regular expression such as (a+)+$ can take for ever; write it without a repeat inside a repeat.',
    field: 'filter',
  })
}
