/** Keeps one child program running: started once, restarted with growing pauses, given up with the reason. */
import type { Problem } from '../../../shared/contract/base.ts'
import { AppError, toErrorDetail } from '../../../shared/errors.ts'
import { pause } from '../../lib/broadcast.ts'

/** A child that is ready. */
export interface Running {
  readonly pid: number
  /** Where it is reached, by name. */
  readonly address: Readonly<Record<string, string>>
  /** Resolves with the reason, in words, when it has ended. */
  readonly ended: Promise<string>
  /** Ends it cleanly, or by force where it has not ended after `patienceMs` (by default what a clean end may take). */
  stop(patienceMs?: number): Promise<void>
}

export interface Supervisor {
  /** Null while it is not ready. */
  running(): Running | null
  /** Why it was given up, or is being restarted; null where all is well. */
  problem(): Problem | null
  /** False where nobody asked for it, or it was stopped on purpose. */
  wanted(): boolean
  /** Why an incident keeps it down; null where none does. */
  held(): Problem | null
  /** Resolves when it is ready. Throws what the start throws, and the reason where it is held. */
  start(signal: AbortSignal): Promise<Running>
  /** `patienceMs`: for one that is known not to listen. */
  stop(patienceMs?: number): Promise<void>
  /** Ends it and keeps it down until `release` or `stop`. Throws AppError STACK_STOPPED where it does not run. */
  hold(reason: Problem): Promise<void>
  /** Starts it again as after a crash; resolves when it runs or was given up. Does nothing where it is not held. */
  release(): Promise<void>
}

export interface SupervisorOptions {
  /** As a person knows it: "The broker". */
  readonly name: string
  start(signal: AbortSignal): Promise<Running>
  onChange(): void
  log(line: string): void
}

/** Five crashes in ten minutes are no accident (decision 2). */
const mostCrashes = 5
const withinMs = 10 * 60_000
/** The first restart comes at once, the later ones after these pauses, ms. */
const pausesMs = [0, 500, 1_000, 2_000, 4_000] as const

export function supervisor({ name, start, onChange, log }: SupervisorOptions): Supervisor {
  let current: Running | null = null
  let problem: Problem | null = null
  let held: Problem | null = null
  let wanted = false
  let stopping = new AbortController()
  let crashes: number[] = []
  /** A start or restart under way. */
  let turn: Promise<unknown> = Promise.resolve()

  /** One start, restart or stop at a time, in the order in which they were asked for. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => {})
    return result
  }

  const become = (running: Running | null, trouble: Problem | null) => {
    current = running
    problem = trouble
    onChange()
  }

  const follow = (running: Running, signal: AbortSignal) => {
    void running.ended.then((reason) => {
      if (current !== running) return
      current = null
      if (signal.aborted) return
      log(`${name} ended by itself: ${reason}`)
      inTurn(() => restart(reason, signal))
    })
  }

  const restart = async (reason: string, signal: AbortSignal): Promise<void> => {
    let why = reason
    while (current === null && !signal.aborted) {
      crashes = [...crashes.filter((at) => at > Date.now() - withinMs), Date.now()]
      if (crashes.length >= mostCrashes) {
        const message = `${name} ended ${crashes.length} times in ten minutes and was given up: ${why}`
        become(null, {
          code: 'CHILD_GIVEN_UP',
          message,
          hint: 'Look at its log, mend the reason, and press Start.',
        })
        return
      }
      become(null, {
        code: 'CHILD_RESTARTING',
        message: `${name} ended; a restart is under way: ${why}`,
        hint: 'Wait a moment; what is open goes on by itself.',
      })
      await pause(pausesMs[Math.min(crashes.length, pausesMs.length) - 1] ?? 0, signal)
      if (signal.aborted) return
      try {
        const running = await start(signal)
        become(running, null)
        follow(running, signal)
        log(`${name} runs again, process ${running.pid}`)
        return
      } catch (thrown) {
        if (signal.aborted) return
        why = toErrorDetail(thrown).message
        log(`${name} did not start: ${why}`)
      }
    }
  }

  return {
    running: () => current,
    problem: () => problem,
    wanted: () => wanted,
    held: () => held,
    start: (signal) =>
      inTurn(async () => {
        if (held !== null) throw new AppError(held)
        if (current !== null) return current
        stopping = new AbortController()
        const { signal: stopped } = stopping
        crashes = []
        const running = await start(AbortSignal.any([signal, stopped]))
        if (stopped.aborted) {
          await running.stop()
          throw new AppError({
            code: 'CANCELLED',
            message: `${name} was stopped while it started.`,
            hint: 'Press Start.',
          })
        }
        wanted = true
        become(running, null)
        follow(running, stopped)
        return running
      }),
    async stop(patienceMs) {
      stopping.abort()
      await inTurn(async () => {
        const running = current
        wanted = false
        held = null
        become(null, null)
        await running?.stop(patienceMs)
      })
    },
    hold: (reason) =>
      inTurn(async () => {
        const running = current
        if (running === null) {
          throw new AppError({
            code: 'STACK_STOPPED',
            message: `${name} does not run.`,
            hint: 'Press Start, or run pipeline local up.',
          })
        }
        stopping.abort()
        held = reason
        become(null, reason)
        await running.stop()
      }),
    release: () =>
      inTurn(async () => {
        if (held === null) return
        held = null
        stopping = new AbortController()
        // An incident is no crash: practising often must not look like a broken broker.
        crashes = []
        await restart('it was down for an incident', stopping.signal)
      }),
  }
}
