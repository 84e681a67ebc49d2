/** Reads a MySQL source's settings out of the text of a `db_creds.yaml`. */
import { parse } from 'yaml'
import { AppError } from '../../../shared/errors.ts'
import { type Secret, secret } from '../../lib/secret.ts'

export interface Credentials {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly password: Secret | null
}

/** Spellings seen: the course's upper-case keys, lower-case ones, and the `MYSQL_*` and `RDS_*` of `.env` files. */
const names = {
  host: ['host', 'hostname', 'server'],
  port: ['port'],
  user: ['user', 'username', 'login'],
  password: ['password', 'passwd', 'pass'],
  database: ['database', 'db', 'dbname', 'schema'],
} as const

/**
 * Keys in any case, with or without a prefix, as YAML or as `KEY=value` lines. Throws AppError CREDENTIALS_UNREADABLE
 * naming the field; the text itself is never part of an error.
 */
export function readCredentials(text: string): Credentials {
  const values = flatten(text)
  const find = (field: keyof typeof names) => {
    for (const name of names[field]) {
      const value = values.get(name)
      if (value !== undefined && value !== '') return value
    }
    return undefined
  }
  const host = find('host')
  const user = find('user')
  if (host === undefined) throw unreadable('It names no host.', 'HOST')
  if (user === undefined) throw unreadable('It names no user.', 'USER')
  const port = Number(find('port') ?? 3306)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw unreadable('Its port is no port.', 'PORT')
  const password = find('password')
  return {
    host,
    port,
    user,
    database: find('database') ?? 'pinterest_data',
    password: password === undefined ? null : secret(password),
  }
}

function flatten(text: string): Map<string, string> {
  const values = new Map<string, string>()
  const put = (key: string, value: unknown) => {
    const plain = key.toLowerCase().replace(/^(mysql|rds|db|database)_/, '')
    if (typeof value === 'string' || typeof value === 'number') values.set(plain, String(value))
  }
  for (const [key, value] of entriesOf(text)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, deep] of Object.entries(value)) put(inner, deep)
    } else put(key, value)
  }
  return values
}

function entriesOf(text: string): [string, unknown][] {
  const lines = text.split(/\r?\n/).filter((line) => /\S/.test(line) && !/^\s*#/.test(line))
  if (lines.length > 0 && lines.every((line) => /^\s*(export\s+)?\w+\s*=/.test(line))) {
    return lines.map((line) => {
      const [, key = '', value = ''] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
      return [key, value.replace(/^(['"])(.*)\1$/, '$2')]
    })
  }
  let value: unknown
  try {
    value = parse(text, { maxAliasCount: 10 })
  } catch {
    // The parser's message quotes the line, and that may hold the password.
    throw unreadable('It is no YAML.', 'text')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable('It holds no keys.', 'text')
  }
  return Object.entries(value)
}

function unreadable(reason: string, field: string): AppError {
  return new AppError({
    code: 'CREDENTIALS_UNREADABLE',
    message: `The file cannot be used as database credentials. ${reason}`,
    hint: 'A db_creds.yaml has the keys HOST, USER, PASSWORD, DATABASE and PORT.',
    field,
  })
}
