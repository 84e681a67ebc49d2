/** Reads the JSON of a request against the shape of its call, with AWS's two kinds of refusal and their words. */
import { Fault } from './fault.ts'

/** Reads one value. Wrong types throw at once; broken constraints are collected in `problems`. */
export interface Field<T> {
  readonly read: (value: unknown, path: string, problems: string[]) => T
  readonly needed?: true
}

/** Fields that are not given are undefined unless they are `needed`. */
export type Values<S> = {
  readonly [K in keyof S]: S[K] extends Field<infer T>
    ? S[K] extends { readonly needed: true }
      ? T
      : T | undefined
    : never
}
type Fields = Readonly<Record<string, Field<unknown>>>

/** At most so many problems are listed, as AWS does. */
const maxProblems = 10

export function needed<T>(field: Field<T>): Field<T> & { readonly needed: true } {
  return { read: field.read, needed: true }
}

function wrongType(message: string): Fault {
  return new Fault('SerializationException', message)
}

function nameOfType(value: unknown): string {
  if (Array.isArray(value)) return 'LIST_VALUE'
  if (typeof value === 'object') return 'STRUCTURE_VALUE'
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE'
  return `${typeof value}_VALUE`.toUpperCase()
}

function refuse(problems: string[], value: string | null, path: string, must: string): void {
  if (problems.length >= maxProblems) return
  const shown = value === null ? 'null' : `'${value.length > 200 ? `${value.slice(0, 200)}...` : value}'`
  problems.push(`Value ${shown} at '${path}' failed to satisfy constraint: Member must ${must}`)
}

export function text(
  rules: {
    readonly min?: number
    readonly max?: number
    readonly pattern?: RegExp
    readonly values?: readonly string[]
  } = {},
): Field<string> {
  return {
    read(value, path, problems) {
      if (typeof value !== 'string') throw wrongType(`${nameOfType(value)} can not be converted to a String`)
      const { min = 0, max = Number.POSITIVE_INFINITY, pattern, values } = rules
      if (value.length < min) refuse(problems, value, path, `have length greater than or equal to ${min}`)
      if (value.length > max) refuse(problems, value, path, `have length less than or equal to ${max}`)
      if (value.length <= max && pattern && !pattern.test(value)) {
        refuse(problems, value, path, `satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`)
      }
      if (values && !values.includes(value)) {
        refuse(problems, value, path, `satisfy enum value set: [${values.join(', ')}]`)
      }
      return value
    },
  }
}

export function integer(rules: { readonly min?: number; readonly max?: number } = {}): Field<number> {
  return {
    read(value, path, problems) {
      if (typeof value !== 'number')
        throw wrongType(`${nameOfType(value)} can not be converted to an Integer`)
      const whole = Math.trunc(value)
      const { min = -2_147_483_648, max = 2_147_483_647 } = rules
      if (whole < min) {
        refuse(problems, String(whole), path, `have value greater than or equal to ${min}`)
      }
      if (whole > max) refuse(problems, String(whole), path, `have value less than or equal to ${max}`)
      return whole
    },
  }
}

export function flag(): Field<boolean> {
  return {
    read(value) {
      if (typeof value !== 'boolean')
        throw wrongType(`${nameOfType(value)} can not be converted to a Boolean`)
      return value
    },
  }
}

/** Seconds since 1970 on the wire, ms here. */
export function timestamp(): Field<number> {
  return {
    read(value) {
      if (typeof value !== 'number' || Math.abs(value) > 8.64e12) {
        throw wrongType(`${nameOfType(value)} can not be converted to a Timestamp`)
      }
      return Math.round(value * 1_000)
    },
  }
}

/** Base64 on the wire. */
export function blob(rules: { readonly max?: number } = {}): Field<Buffer> {
  return {
    read(value, path, problems) {
      if (typeof value !== 'string') throw wrongType(`${nameOfType(value)} can not be converted to a Blob`)
      const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0
      const bytes = Buffer.from(value, 'base64')
      // Buffer skips what is not base64 and takes the URL alphabet too: neither is allowed here.
      if (
        value.length % 4 !== 0 ||
        bytes.length !== (value.length / 4) * 3 - padding ||
        value.includes('-') ||
        value.includes('_')
      ) {
        throw wrongType('STRING_VALUE can not be converted to a Blob: it is not base64')
      }
      const { max = Number.POSITIVE_INFINITY } = rules
      if (bytes.length > max) {
        const shown = `java.nio.HeapByteBuffer[pos=0 lim=${bytes.length} cap=${bytes.length}]`
        refuse(problems, shown, path, `have length less than or equal to ${max}`)
      }
      return bytes
    },
  }
}

export function list<T>(
  of: Field<T>,
  rules: { readonly min?: number; readonly max?: number } = {},
): Field<readonly T[]> {
  return {
    read(value, path, problems) {
      if (!Array.isArray(value)) throw wrongType(`Expected list or null, found ${nameOfType(value)}`)
      const { min = 0, max = Number.POSITIVE_INFINITY } = rules
      const shown = `[${value.length} members]`
      if (value.length < min) refuse(problems, shown, path, `have length greater than or equal to ${min}`)
      if (value.length > max) refuse(problems, shown, path, `have length less than or equal to ${max}`)
      if (value.length > max) return []
      return value.map((member, nth) => of.read(member, `${path}.${nth + 1}.member`, problems))
    },
  }
}

/** A map of texts, as pairs: its keys are the client's own and must never name a property. */
export function pairs(of: Field<string>, key: Field<string>): Field<readonly (readonly [string, string])[]> {
  return {
    read(value, path, problems) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw wrongType(`Expected map or null, found ${nameOfType(value)}`)
      }
      return Object.entries(value).map(([name, member]) => [
        key.read(name, `${path}.key`, problems),
        of.read(member, `${path}.value`, problems),
      ])
    },
  }
}

export function structure<S extends Fields>(fields: S): Field<Values<S>> {
  return {
    read(value, path, problems) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw wrongType(`Unexpected value: expected a structure, found ${nameOfType(value)}`)
      }
      return readFields(fields, value, path === '' ? '' : `${path}.`, problems)
    },
  }
}

function readFields<S extends Fields>(
  fields: S,
  value: object,
  prefix: string,
  problems: string[],
): Values<S> {
  const result: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const path = `${prefix}${name.charAt(0).toLowerCase()}${name.slice(1)}`
    const given = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
    if (given !== undefined && given !== null) result[name] = field.read(given, path, problems)
    else if (field.needed) refuse(problems, null, path, 'not be null')
  }
  return result as Values<S>
}

/** The whole body of a request. Throws Fault SerializationException or ValidationException. */
export function readShape<S extends Fields>(fields: S, body: unknown): Values<S> {
  const problems: string[] = []
  const values = structure(fields).read(body, '', problems)
  if (problems.length > 0) {
    const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`
    throw new Fault('ValidationException', `${count}: ${problems.join('; ')}`)
  }
  return values
}
