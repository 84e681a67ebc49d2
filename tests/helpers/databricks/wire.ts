/** What the parts of the fake workspace share: a request, an answer, a refusal, and ids of 64 bits. */
import type { z } from 'zod'

export interface Call {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Of JSON; undefined where there was none. */
  readonly body: unknown
  /** As it came. */
  readonly raw: Buffer
}

export interface Reply {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Answered as the workspace does. */
export class Refusal extends Error {
  readonly status: number
  readonly errorCode: string | number
  constructor(status: number, errorCode: string | number, message: string) {
    super(message)
    this.status = status
    this.errorCode = errorCode
  }
}

export type Handler = (call: Call, part: string) => Reply | Promise<Reply>

/** `GET /api/2.0/x`, or with `*` for the rest of the path, which the handler gets as `part`. */
export type Routes = Readonly<Record<string, Handler>>

/** Nothing beyond what the API lists gets through. */
export function bodyOf<T>(schema: z.ZodType<T>, { body }: Call): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `${issue?.path.join('.')}: ${issue?.message}`)
}

export function queryOf(call: Call, allowed: readonly string[]): Readonly<Record<string, string>> {
  for (const name of call.query.keys())
    if (!allowed.includes(name))
      throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `Unknown parameter ${name} of ${call.path}`)
  return Object.fromEntries(call.query)
}

/** Beyond what a double holds: whoever reads them as numbers asks for the wrong one. */
let last = 9_007_199_254_740_993n
export const newId = (): string => {
  last += 2n
  return String(last)
}

interface Raw {
  rawJSON(text: string): unknown
}
export const idOf = (id: string): unknown => (JSON as unknown as Raw).rawJSON(id)

/** Ids come as numbers; they are kept as text, exactly. */
export function parse(text: string): unknown {
  const revive = (key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && /(?:^|_)id$/.test(key) ? (context?.source ?? String(value)) : value
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown)
}

/** A page of a list, small so that every list of a test has several. */
export function pageOf<T>(items: readonly T[], token: string | undefined, size: number) {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString())
  const next = from + size
  return {
    items: items.slice(from, next),
    ...(next < items.length ? { next_page_token: Buffer.from(String(next)).toString('base64url') } : {}),
  }
}
