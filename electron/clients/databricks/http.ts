/** HTTP to a Databricks workspace: signed, checked against a schema, asked again where that is safe, and never logging a header. */
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { pause } from '../../lib/broadcast.ts'
import { networkDispatcher } from '../../lib/network.ts'
import {
  failureError,
  isTokenRefused,
  notAWorkspace,
  type Refused,
  refusalError,
  wasClosedHere,
  wasNeverSent,
} from './errors.ts'
import { parseJson } from './json.ts'
import type { DatabricksAccess } from './types.ts'

const connectMs = 15_000
/** The API's own limit for an answer is below it, ms. */
const silenceMs = 60_000
/** Asked at most so often, the first time included. */
const mostTries = 4
/** Of an address that nothing listens at or that is no name: a person is waiting to hear of it. */
const mostTriesUnreached = 2
/** Between two tries where the answer names no time, ms: doubled each time. */
const firstPauseMs = 500
/** A workspace that asks for more patience than this is told as busy, ms. */
const longestPauseMs = 60_000

export interface WorkspaceRequest<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Begins with a slash; without a query. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  readonly schema: z.ZodType<T>
  /** A POST that may be sent twice: it says the same both times, or carries an idempotency token. */
  readonly repeatable?: boolean
}

export interface Upload {
  readonly path: string
  readonly bytes: number
  /** Opened anew for each try. */
  open(): Readable
}

export interface Workspace {
  readonly host: string
  /** Rejects with AppError `DATABRICKS_…`. */
  call<T>(request: WorkspaceRequest<T>, signal?: AbortSignal): Promise<T>
  /** The same; null where it is not there. */
  find<T>(request: WorkspaceRequest<T>, signal?: AbortSignal): Promise<T | null>
  /** Sends a file as it is; replaces what is there. */
  upload(file: Upload, signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** For answers that are not looked at. */
export const anything = z.unknown()

const refusalSchema = z.object({
  error_code: z.union([z.string(), z.number()]).optional(),
  message: z.string().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
})

interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export function openWorkspace(access: DatabricksAccess): Workspace {
  const { host, network } = access
  const dispatcher = networkDispatcher(network, { connectMs, silenceMs, connections: 8 })

  const ask = async (
    options: Omit<Dispatcher.RequestOptions, 'origin'>,
    signal: AbortSignal | undefined,
  ): Promise<Answer> => {
    const { statusCode, headers, body } = await dispatcher.request({
      ...options,
      origin: host,
      ...(signal === undefined ? {} : { signal }),
    })
    return { status: statusCode, text: await body.text(), headers }
  }

  /** `body` is made anew for each try. */
  const exchange = async (
    { method, path, query, repeatable }: Omit<WorkspaceRequest<unknown>, 'schema' | 'body'>,
    body: () => { readonly headers: Record<string, string>; readonly body?: string | Readable },
    signal: AbortSignal | undefined,
  ): Promise<string> => {
    const doing = `${method} ${path}`
    const safe = method !== 'POST' || repeatable === true
    let token = await access.token(signal)
    for (let tried = 1; ; tried += 1) {
      const { headers, body: sent = null } = body()
      const bearer = { ...headers, accept: 'application/json', authorization: `Bearer ${token.reveal()}` }
      const again = async (waitMs: number, most = mostTries) => {
        if (tried >= most || waitMs > longestPauseMs) return false
        await pause(waitMs, signal)
        signal?.throwIfAborted()
        return true
      }
      const waitMs = firstPauseMs * 2 ** (tried - 1)
      let answer: Answer
      try {
        answer = await ask({ method, path: path + queryOf(query), headers: bearer, body: sent }, signal)
      } catch (thrown) {
        signal?.throwIfAborted()
        if (wasClosedHere(thrown)) throw failureError(thrown, host)
        const unreached = wasNeverSent(thrown)
        if ((safe || unreached) && (await again(waitMs, unreached ? mostTriesUnreached : mostTries))) continue
        throw failureError(thrown, host)
      }
      const { status, text } = answer
      if (status >= 200 && status < 300) return text
      const refused = refusedOf(answer, host)
      if (isTokenRefused(refused) && tried === 1) {
        const next = await access.token(signal, token)
        if (next !== token) {
          token = next
          continue
        }
      }
      // Too many requests: this one was not looked at, whatever it was.
      const passing =
        status === 429 || (safe && (status === 500 || status === 502 || status === 503 || status === 504))
      if (passing && (await again(retryAfterMs(answer) ?? waitMs))) continue
      const error = refusalError(refused, doing, [token.reveal()])
      if (isTokenRefused(refused)) access.onRefused?.(error)
      throw error
    }
  }

  const workspace: Workspace = {
    host,
    async call(request, signal) {
      const body =
        request.body === undefined
          ? { headers: {} }
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request.body) }
      const text = await exchange(request, () => body, signal)
      return checked(request, text, host)
    },
    async find(request, signal) {
      try {
        return await workspace.call(request, signal)
      } catch (thrown) {
        if (thrown instanceof AppError && thrown.code === 'DATABRICKS_NOT_FOUND') return null
        throw thrown
      }
    },
    async upload({ path, bytes, open }, signal) {
      const headers = { 'content-type': 'application/octet-stream', 'content-length': String(bytes) }
      await exchange(
        { method: 'PUT', path, query: { overwrite: true } },
        () => ({ headers, body: open() }),
        signal,
      )
    },
    // What is under way comes to its end first.
    close: () => dispatcher.close(),
  }
  return workspace
}

function queryOf(query: WorkspaceRequest<unknown>['query']): string {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

/** Seconds, as RFC 9110 has it; a date is of no use where clocks differ. */
function retryAfterMs({ headers }: Answer): number | null {
  const seconds = Number(headers['retry-after'])
  return Number.isFinite(seconds) && seconds >= 0 && headers['retry-after'] !== undefined
    ? seconds * 1_000
    : null
}

function refusedOf({ status, text }: Answer, host: string): Refused {
  let body: unknown
  try {
    body = parseJson(text)
  } catch {
    // A sign-in page or another site, but for failures of what stands before the workspace.
    if (status === 404 || (status >= 300 && status < 400))
      throw notAWorkspace(host, `status ${status}, no JSON`)
    return { status, errorCode: String(status), said: text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ') }
  }
  const { data } = refusalSchema.safeParse(body)
  return {
    status,
    errorCode: String(data?.error_code ?? data?.error ?? status),
    said: data?.message ?? data?.error_description ?? '',
  }
}

function checked<T>({ method, path, schema }: WorkspaceRequest<T>, text: string, host: string): T {
  let body: unknown = {}
  try {
    if (text !== '') body = parseJson(text)
  } catch {
    throw notAWorkspace(host, 'a page instead of JSON')
  }
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new AppError({
    code: 'DATABRICKS_UNEXPECTED',
    message: `The workspace answered in a way that is not known (${issue?.path.join('.')}: ${issue?.message}): ${method} ${path}`,
    hint: 'Its API may have changed: look for a newer version of this app.',
  })
}
