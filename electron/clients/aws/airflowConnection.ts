/** The connection by which Airflow reaches Databricks, as it is written in Secrets Manager and told to Airflow's API. */
import { createHash } from 'node:crypto'
import { type Secret, secret } from '../../lib/secret.ts'
import type { AirflowConnection, NewConnection } from './airflowConnections.ts'

/** Where it leads, and who signs in there. */
export interface Workspace {
  /** `https://…` */
  readonly host: string
  /** A personal access token, or the secret of the service principal below. */
  readonly token: Secret
  /** Empty for a personal access token. */
  readonly clientId: string
}

/** A host with http:// would lead to port 443: scheme and port are said apart then (an emulator of this computer). */
export function connectionOf({ host, token, clientId }: Workspace): NewConnection {
  const { protocol, hostname, port } = new URL(host)
  const plain = protocol === 'http:'
  return {
    type: 'databricks',
    host: plain ? hostname : host,
    login: clientId,
    schema: plain ? 'http' : '',
    port: port === '' ? null : Number(port),
    password: token,
    extra: clientId === '' ? '' : JSON.stringify({ service_principal_oauth: true }),
  }
}

/** As Airflow's backend reads it from Secrets Manager. */
export function storedConnection({
  type,
  host,
  login,
  schema,
  port,
  password,
  extra,
}: NewConnection): Secret {
  return secret(
    JSON.stringify({
      conn_type: type,
      host,
      ...(login === '' ? {} : { login }),
      password: password.reveal(),
      ...(schema === '' ? {} : { schema }),
      ...(port === null ? {} : { port }),
      ...(extra === '' ? {} : { extra: JSON.parse(extra) }),
    }),
  )
}

/** What a stored one says, without its secrets; null where it is none. */
export function seenIn(stored: Secret): AirflowConnection | null {
  try {
    const { conn_type, host, login, password, schema, port, extra } = JSON.parse(stored.reveal())
    const extras = typeof extra === 'string' ? JSON.parse(extra || '{}') : (extra ?? {})
    return {
      type: String(conn_type ?? ''),
      host: String(host ?? ''),
      login: String(login ?? ''),
      schema: String(schema ?? ''),
      port: typeof port === 'number' ? port : null,
      hasPassword: typeof password === 'string' && password !== '',
      extra: Object.keys(extras),
    }
  } catch {
    return null
  }
}

/** Whether two stored ones are the same. */
export const isSame = (a: Secret, b: Secret): boolean => a.reveal() === b.reveal()

/** To know another token from this one without keeping it: both are long and by chance. */
export const markOf = ({ host, token, clientId }: Workspace): string =>
  createHash('sha256').update(`${host}\n${clientId}\n${token.reveal()}`).digest('hex').slice(0, 16)
