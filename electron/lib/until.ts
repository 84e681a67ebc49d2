/** Asks again and again until something is so: with a deadline, and never after the signal. */
import { AppError } from '../../shared/errors.ts'
import { pause } from './broadcast.ts'

export interface UntilOptions {
  /** ms */
  readonly withinMs: number
  readonly everyMs?: number
  readonly signal?: AbortSignal
  /** What is waited for, for the error: "the broker answers". */
  readonly what: string
}

/** Resolves with the first answer that is not null. Throws AppError TIMED_OUT, which names the last failure. */
export async function until<T>(ask: () => Promise<T | null>, options: UntilOptions): Promise<T> {
  const end = Date.now() + options.withinMs
  let last: unknown
  for (;;) {
    options.signal?.throwIfAborted()
    const answer = await ask().catch((thrown) => {
      last = thrown
      return null
    })
    if (answer !== null) return answer
    if (Date.now() > end) {
      throw new AppError(
        {
          code: 'TIMED_OUT',
          message: `Waited ${Math.round(options.withinMs / 1_000)} s in vain until ${options.what}${last instanceof Error ? `: ${last.message}` : '.'}`,
          hint: 'The log of this step shows what happened. A slow or busy computer may simply need another try.',
        },
        last,
      )
    }
    await pause(options.everyMs ?? 100, options.signal)
  }
}
