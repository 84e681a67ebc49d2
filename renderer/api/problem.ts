/** Anything thrown as what a person is shown: a sentence, the next step, the field at fault. */
import { ORPCError } from '@orpc/client'
import type { Problem } from '../../shared/contract/base.ts'
import { AppError } from '../../shared/errors.ts'
import { ConnectionLost } from './connection.ts'

interface Issue {
  readonly message?: unknown
  readonly path?: unknown
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise)

export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof ConnectionLost) {
    return {
      code: 'NO_CONNECTION',
      message: thrown.message,
      hint: 'The page connects again by itself. Is the app still running?',
    }
  }
  if (thrown instanceof AppError) {
    const { code, message, hint, field } = thrown
    return { code, message, hint, ...(field === undefined ? {} : { field }) }
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (!(thrown instanceof ORPCError)) return { code: 'INTERNAL', message, hint: 'Try it again.' }
  const data: unknown = thrown.data
  if (!isRecord(data)) return { code: thrown.code, message, hint: 'Try it again.' }
  if (Array.isArray(data.issues)) return fromIssues(data.issues, message)
  return {
    code: text(data.code, thrown.code),
    message,
    hint: text(data.hint, ''),
    ...(typeof data.field === 'string' ? { field: data.field } : {}),
  }
}

/** What the contract's own check of the input says. */
function fromIssues(issues: readonly Issue[], message: string): Problem {
  const first = issues[0]
  const path = Array.isArray(first?.path) ? first.path.map(String).join('.') : ''
  return {
    code: 'BAD_INPUT',
    message: text(first?.message, message),
    hint: path === '' ? 'Correct the input.' : `Correct this field: ${path}`,
    ...(path === '' ? {} : { field: path }),
  }
}
