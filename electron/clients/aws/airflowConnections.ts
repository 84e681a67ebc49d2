/** Connections of an Airflow, by its API. */
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { redact } from '../../lib/redact.ts'
import type { Secret } from '../../lib/secret.ts'
import { type AirflowAt, ask, found, nothing, words } from './airflowCall.ts'

/** A connection without its secrets. */
export interface AirflowConnection {
  readonly type: string
  readonly host: string
  readonly login: string
  readonly schema: string
  readonly port: number | null
  /** Null where it is not told, as by Airflow's API. */
  readonly hasPassword: boolean | null
  /** Names in Extra. */
  readonly extra: readonly string[]
}

/** Null where there is none. Rejects with AppError. */
export async function getConnection(at: AirflowAt, id: string): Promise<AirflowConnection | null> {
  const answer = z.object({
    conn_type: words,
    host: words,
    login: words,
    schema: words,
    port: z.int().nullish(),
    extra: words,
  })
  const path = ['connections', id]
  const seen = await found(ask(at, { method: 'GET', path, answer, what: `the connection ${id}` }))
  if (seen === null) return null
  const { conn_type: type, host, login, schema, port, extra } = seen
  return { type, host, login, schema, port: port ?? null, hasPassword: null, extra: namesIn(extra) }
}

const namesIn = (extra: string): string[] => {
  try {
    return Object.keys(JSON.parse(extra || '{}') ?? {})
  } catch {
    return []
  }
}

export interface NewConnection {
  readonly type: string
  readonly host: string
  readonly login: string
  readonly schema: string
  readonly port: number | null
  readonly password: Secret
  readonly extra: string
}

/** Makes it, or brings it in line where it is there. Rejects with AppError, which does not repeat the password. */
export async function putConnection(
  at: AirflowAt,
  id: string,
  connection: NewConnection,
  exists: boolean,
): Promise<void> {
  const { type, host, login, schema, port, password, extra } = connection
  const put = ask(at, {
    method: exists ? 'PATCH' : 'POST',
    path: exists ? ['connections', id] : ['connections'],
    body: {
      connection_id: id,
      conn_type: type,
      host,
      login,
      schema,
      port,
      password: password.reveal(),
      extra,
    },
    answer: nothing,
    what: `the connection ${id}`,
  })
  await put.catch((thrown) => {
    if (!(thrown instanceof AppError)) throw thrown
    const { code, message, hint } = thrown
    throw new AppError({ code, message: redact(message, [password.reveal()]), hint })
  })
}

/** Nothing where there is none. Rejects with AppError. */
export async function deleteConnection(at: AirflowAt, id: string): Promise<void> {
  await found(
    ask(at, {
      method: 'DELETE',
      path: ['connections', id],
      answer: nothing,
      what: `the connection ${id}`,
    }),
  )
}
