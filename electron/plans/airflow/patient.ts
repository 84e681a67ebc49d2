/** Waits for what MWAA and Airflow take their time with: asks soon at first, then more seldom. */
import { AppError } from '../../../shared/errors.ts'
import { awsMayPass } from '../../clients/aws/errors.ts'
import { pause } from '../../lib/broadcast.ts'

/** ms; the second is the most. */
const firstMs = 500
const mostMs = 20_000

export interface Patience {
  readonly withinMs: number
  readonly signal: AbortSignal
  /** For the error: `the environment is AVAILABLE`. */
  readonly what: string
}

/**
 * Resolves with the first answer that is not null. Throws AppError TIMED_OUT; what asking throws at once, but for what may pass by
 * itself.
 */
export async function patiently<T>(
  ask: () => Promise<T | null>,
  { withinMs, signal, what }: Patience,
): Promise<T> {
  const end = Date.now() + withinMs
  for (let waitMs = firstMs; ; waitMs = Math.min(mostMs, waitMs * 1.5)) {
    signal.throwIfAborted()
    try {
      const answer = await ask()
      if (answer !== null) return answer
    } catch (thrown) {
      if (!(thrown instanceof AppError) || !awsMayPass(thrown.code)) throw thrown
    }
    if (Date.now() > end)
      throw new AppError({
        code: 'TIMED_OUT',
        message: `Waited ${Math.round(withinMs / 60_000)} min in vain until ${what}.`,
        hint: 'It goes on by itself; press Retry later, or look at the environment in the console of MWAA.',
      })
    await pause(waitMs, signal)
  }
}
