/** The one error a person ever sees: a stable code, a sentence, and the next step to take. */

/** What crosses the contract when a call fails. */
export interface ErrorDetail {
  /** Stable, upper-case, documented in docs/errors.md. */
  readonly code: string
  /** One sentence for a person, the variable part last. */
  readonly message: string
  /** The next step to take. */
  readonly hint: string
  /** The input field at fault, as a dotted path, where one is. */
  readonly field?: string | undefined
}

/** An expected failure. Anything else that is thrown is a fault of ours and is shown as `INTERNAL`. */
export class AppError extends Error {
  readonly code: string
  readonly hint: string
  readonly field: string | undefined

  constructor(detail: ErrorDetail, cause?: unknown) {
    super(detail.message, cause === undefined ? undefined : { cause })
    this.name = 'AppError'
    this.code = detail.code
    this.hint = detail.hint
    this.field = detail.field
  }
}

/** What to show for anything that was thrown. Never includes a stack or a vendor object. */
export function toErrorDetail(thrown: unknown): ErrorDetail {
  if (thrown instanceof AppError) {
    return { code: thrown.code, message: thrown.message, hint: thrown.hint, field: thrown.field }
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return { code: 'INTERNAL', message, hint: 'This is a fault in Pipeline Control. The log has the details.' }
}
