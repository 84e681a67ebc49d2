/** A batch of which some or all records failed: what is known of each of them. */
import { AppError } from '../../../shared/errors.ts'
import type { Position } from './types.ts'

export interface SendFailure {
  readonly error: AppError
  /** Nobody answered: the record may have been written all the same. Never send it again without looking. */
  readonly uncertain: boolean
  /** It certainly was not written, and sending it again may help. */
  readonly retriable: boolean
}

export type SendOutcome = Position | SendFailure

/** Its own code, message and hint are those of the first failure. */
export class KafkaSendError extends AppError {
  /** One for each record of the batch, in order. */
  readonly outcomes: readonly SendOutcome[]

  constructor(first: AppError, outcomes: readonly SendOutcome[]) {
    super({ code: first.code, message: first.message, hint: first.hint, field: first.field }, first)
    this.name = 'KafkaSendError'
    this.outcomes = outcomes
  }
}

export const isFailure = (outcome: SendOutcome): outcome is SendFailure => 'error' in outcome
