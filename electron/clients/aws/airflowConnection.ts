/** The connection by which Airflow reaches Databricks, as it is written in Secrets Manager and told to Airflow's API. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { jsonOf } from '../../lib/jsonText.ts'
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

/** The words that the backend for Secrets Manager takes for each part (apache-airflow-providers-amazon, `secrets_manager.py`). */
const wordsFor = {
  type: ['conn_type', 'conn_id', 'connection_type', 'engine'],
  host: ['host', 'remote_host', 'server'],
  login: ['login', 'user', 'username', 'user_name'],
  password: ['password', 'pass', 'key'],
  schema: ['database', 'schema'],
  port: ['port'],
} as const

/** What a stored one says, as JSON or as an address, without its secrets; null where it is none. */
export function seenIn(stored: Secret): AirflowConnection | null {
  const text = stored.reveal().trim()
  return text.startsWith('{') ? seenInJson(text) : seenInAddress(text)
}

function seenInJson(text: string): AirflowConnection | null {
  const fields = z.record(z.string(), z.unknown()).safeParse(jsonOf(text)).data
  if (fields === undefined) return null
  const part = (of: keyof typeof wordsFor) =>
    wordsFor[of].map((word) => fields[word]).find((each) => each != null)
  const extra = typeof fields.extra === 'string' ? jsonOf(fields.extra || '{}') : (fields.extra ?? {})
  const port = Number(part('port') ?? Number.NaN)
  return {
    type: String(part('type') ?? ''),
    host: String(part('host') ?? ''),
    login: String(part('login') ?? ''),
    schema: String(part('schema') ?? ''),
    port: Number.isInteger(port) ? port : null,
    hasPassword: (part('password') ?? '') !== '',
    extra: Object.keys(extra ?? {}),
  }
}

/** Airflow's own writing of one has the host's scheme within: `databricks://https://:token@host`. */
const address = /^([a-z][\w+.-]*):\/\/(?:(https?):\/\/)?(.*)$/i

/** `databricks://login:password@host:port/schema?name=value`; with `__extra__` all of Extra is one JSON. */
function seenInAddress(text: string): AirflowConnection | null {
  const [whole, type = '', scheme, rest = ''] = address.exec(text) ?? []
  if (whole === undefined || !URL.canParse(`${type}://${rest}`)) return null
  const { username, password, hostname, port, pathname, searchParams } = new URL(`${type}://${rest}`)
  const extra = searchParams.get('__extra__')
  return {
    type: type.replaceAll('-', '_'),
    host: `${scheme === undefined ? '' : `${scheme}://`}${decoded(hostname)}`,
    login: decoded(username),
    schema: decoded(pathname.slice(1)),
    port: port === '' ? null : Number(port),
    hasPassword: password !== '',
    extra: extra === null ? [...searchParams.keys()] : Object.keys(jsonOf(extra) ?? {}),
  }
}

/** As it stands where it is no valid encoding. */
const decoded = (text: string) => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whether two stored ones are the same. */
export const isSame = (a: Secret, b: Secret): boolean => a.reveal() === b.reveal()

/** To know another token from this one without keeping it: both are long and by chance. */
export const markOf = ({ host, token, clientId }: Workspace): string =>
  createHash('sha256').update(`${host}\n${clientId}\n${token.reveal()}`).digest('hex').slice(0, 16)
