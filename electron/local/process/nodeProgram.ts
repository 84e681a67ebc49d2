/** Starts one of our Node child programs and waits until it is ready; gathers its numbers and problems. */
import { randomUUID } from 'node:crypto'
import type { Problem } from '../../../shared/contract/base.ts'
import { AppError } from '../../../shared/errors.ts'
import { childMessageSchema, type Question } from '../../lib/child.ts'
import type { EntryName, Platform } from '../../platform.ts'
import type { Running } from './supervisor.ts'

export interface NodeProgram extends Running {
  /** Asks for its counters of this moment; resolves when they are there, or soon where it is busy: then the last ones stand. */
  look(): Promise<void>
  /** Its newest counters. */
  numbers(): Readonly<Record<string, number>>
  /** What it says is wrong now, by part. */
  problems(): readonly (Problem & { readonly part: string })[]
  /** Resolves when it was done. Throws AppError with the child's own reason, or CHILD_NO_ANSWER. */
  ask(question: Question): Promise<void>
}

export interface NodeProgramOptions {
  readonly entry: EntryName
  /** Becomes the child's one argument as JSON. */
  readonly config: object
  /** Called as soon as there is a process, long before it is ready. */
  spawned(pid: number): void
  /** Called with each new set of numbers and each change of a problem. */
  onChange(): void
  log(line: string): void
}

/** A child is ready within moments; a machine under load may need longer, ms. */
const readyMs = 30_000
/** A clean stop drains what is in flight, ms; after that by force. */
const stopMs = 15_000
/** A child that works answers within a few milliseconds; the map does not wait longer for one that cannot, ms. */
const lookMs = 250
/** Some files are renamed and Kafka is asked meanwhile, ms. */
const answerMs = 15_000

/** Throws AppError with the child's own reason where it cannot start. */
export async function startNodeProgram(
  platform: Pick<Platform, 'fork'>,
  { entry, config, spawned, onChange, log }: NodeProgramOptions,
  signal: AbortSignal,
): Promise<NodeProgram> {
  signal.throwIfAborted()
  const child = platform.fork(entry, { args: [JSON.stringify(config)] })
  let known = false
  // A utility process has its pid only once it runs.
  const tellPid = () => {
    if (known || child.pid <= 0) return
    known = true
    spawned(child.pid)
  }
  tellPid()
  let numbers: Readonly<Record<string, number>> = {}
  const problems = new Map<string, Problem & { readonly part: string }>()
  const waiting = new Set<() => void>()
  const asked = new Map<string, (problem: Problem | null) => void>()
  let lastLine = ''
  child.onLine((line) => {
    lastLine = line
    log(`${entry}: ${line}`)
  })

  const address = await new Promise<Readonly<Record<string, string>>>((resolve, reject) => {
    const giveUp = (error: unknown) => {
      child.kill('SIGKILL')
      reject(error)
    }
    const silent = () => giveUp(failure('CHILD_SILENT', entry, 'it did not become ready'))
    const timer = setTimeout(silent, readyMs)
    const aborted = () => giveUp(signal.reason)
    signal.addEventListener('abort', aborted, { once: true })
    const settle = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
    }
    void child.exited.then(({ code, signal: by }) => {
      settle()
      reject(failure('CHILD_ENDED', entry, lastLine || `it ended with ${by ?? code}`))
    })
    child.onMessage((raw) => {
      tellPid()
      const parsed = childMessageSchema.safeParse(raw)
      if (!parsed.success) return
      const message = parsed.data
      if (message.type === 'ready') {
        settle()
        resolve(message.address)
      } else if (message.type === 'failed') {
        settle()
        giveUp(new AppError({ code: message.code, message: message.message, hint: message.hint }))
      } else if (message.type === 'stats') {
        numbers = message.numbers
        for (const done of waiting) done()
        onChange()
      } else if (message.type === 'answer') {
        asked.get(message.id)?.(message.problem)
      } else {
        const { part, code, hint } = message
        if (message.message === null) problems.delete(`${part}/${code}`)
        else problems.set(`${part}/${code}`, { part, code, message: message.message, hint })
        onChange()
      }
    })
  })

  return {
    pid: child.pid,
    address,
    look: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, lookMs)
      waiting.add(resolve)
      child.send({ type: 'look' })
      return promise.finally(() => {
        clearTimeout(timer)
        waiting.delete(resolve)
      })
    },
    numbers: () => numbers,
    problems: () => [...problems.values()],
    ask: async (question) => {
      const id = randomUUID()
      const { promise, resolve } = Promise.withResolvers<Problem | null>()
      const timer = setTimeout(() => resolve(noAnswer(entry)), answerMs)
      asked.set(id, resolve)
      void child.exited.then(() => resolve(noAnswer(entry)))
      child.send({ ...question, id })
      const problem = await promise
      clearTimeout(timer)
      asked.delete(id)
      if (problem !== null) throw new AppError(problem)
    },
    ended: child.exited.then(
      ({ code, signal: by }) => lastLine || (by === null ? `exit code ${code}` : `signal ${by}`),
    ),
    stop: async (patienceMs = stopMs) => {
      child.send({ type: 'stop' })
      const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      await child.exited
      clearTimeout(timer)
    },
  }
}

const noAnswer = (entry: string): Problem => ({
  code: 'CHILD_NO_ANSWER',
  message: `The program did not answer: ${entry}`,
  hint: 'Look at the status in a moment: it may have been done all the same.',
})

function failure(code: string, entry: string, why: string): AppError {
  return new AppError({
    code,
    message: `The program ${entry} could not be started: ${why}`,
    hint: 'Its log is in the log folder; press Retry.',
  })
}
