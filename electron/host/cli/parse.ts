/** Reads the words of the command line into the contract's own options; every refusal names the option and the fix. */
import type { EmulationInput, PartitionKeyOptions, RateOptions, SinkId } from '../../../shared/emulation.ts'
import { sinkIds } from '../../../shared/emulation.ts'
import { AppError } from '../../../shared/errors.ts'
import { parseCurve } from '../../../shared/rateCurve.ts'

/** A wrong word on the command line: exit code 2. */
export function usage(field: string, message: string, hint: string): AppError {
  return new AppError({ code: 'USAGE', message, hint, field })
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** `500ms`, `60s`, `5m`, `2h` → ms. A bare number is seconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text)
  const ms = match === null ? Number.NaN : Number(match[1]) * (units[match[2] ?? 's'] ?? Number.NaN)
  if (!(ms >= 1))
    throw usage('for', `Not a duration: ${text}`, 'Write a number with its unit: 500ms, 60s, 5m or 2h.')
  return Math.round(ms)
}

/** `faithful`, `max`, posts a second, or a pace that changes (`shared/rateCurve.ts`). Throws AppError USAGE or RATE_INVALID. */
export function parseRate(text: string): RateOptions {
  if (text === 'faithful' || text === 'max') return { kind: text }
  if (/^(ramp|burst|daily|curve):/.test(text)) {
    const { points, repeat } = parseCurve(text)
    return { kind: 'curve', points: [...points], repeat }
  }
  const postsPerSecond = Number(text)
  if (Number.isFinite(postsPerSecond) && postsPerSecond > 0) return { kind: 'constant', postsPerSecond }
  throw usage(
    'rate',
    `Not a rate: ${text}`,
    'Write faithful, max, a number of posts a second, or a changing pace like ramp:10..500/60s.',
  )
}

/** `none`, `index`, `uuid`, or `constant:<value>`. */
export function parseKey(text: string): PartitionKeyOptions {
  if (text === 'none' || text === 'index' || text === 'uuid') return { kind: text }
  if (text.startsWith('constant:') && text.length > 'constant:'.length) {
    return { kind: 'constant', value: text.slice('constant:'.length) }
  }
  throw usage('key', `Not a partition key: ${text}`, 'Write none, index, uuid, or constant:<value>.')
}

const isSink = (text: string): text is SinkId => (sinkIds as readonly string[]).includes(text)

/** `rest,streams` → the sinks, each once. */
export function parseSinks(text: string): SinkId[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))]
  const strange = names.find((name) => !isSink(name))
  if (strange !== undefined)
    throw usage('sink', `Unknown sink: ${strange}`, `Choose from ${sinkIds.join(', ')}.`)
  return names.filter(isSink)
}

export function parseCount(field: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= 0) return value
    throw usage(
      field,
      `Not a whole number for --${field}: ${text}`,
      `Write --${field} with a whole number, 0 or more.`,
    )
  }
}

/** Commander's values for `emulate` and `run`, named as the options are. */
export interface EmulateFlags {
  readonly posts?: number
  readonly for?: number
  readonly rate?: RateOptions
  readonly order?: 'faithful' | 'sequential' | 'random'
  readonly seed?: number
  readonly batch?: number
  readonly inFlight?: number
  readonly sink?: SinkId[]
  readonly acks?: 'all' | 'leader' | 'none'
  readonly compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  readonly key?: PartitionKeyOptions
  readonly source?: 'builtin' | 'mysql' | 'files'
  readonly sourceSeed?: number
  readonly mysqlHost?: string
  readonly mysqlPort?: number
  readonly mysqlUser?: string
  readonly mysqlDatabase?: string
  readonly mysqlTls?: boolean
  readonly pin?: string
  readonly geo?: string
  readonly user?: string
  readonly format?: 'ndjson' | 'csv'
  readonly out?: string
  readonly throttledFor?: number
  readonly preset?: string
}

function sourceOf(flags: EmulateFlags): EmulationInput['source'] {
  if (flags.source === 'mysql') {
    if (!flags.mysqlHost || !flags.mysqlUser) {
      throw usage(
        'source',
        'The MySQL source needs a host and a user.',
        'Add --mysql-host and --mysql-user, or --creds db_creds.yaml.',
      )
    }
    return {
      kind: 'mysql',
      host: flags.mysqlHost,
      user: flags.mysqlUser,
      tls: flags.mysqlTls === true ? 'required' : 'off',
      ...defined({ port: flags.mysqlPort, database: flags.mysqlDatabase }),
    }
  }
  if (flags.source === 'files') {
    if (!flags.pin || !flags.geo || !flags.user) {
      throw usage('source', 'The file source needs three files.', 'Add --pin FILE --geo FILE --user FILE.')
    }
    return {
      kind: 'files',
      format: flags.format ?? 'ndjson',
      paths: { pin: flags.pin, geo: flags.geo, user: flags.user },
    }
  }
  return { kind: 'builtin', ...defined({ seed: flags.sourceSeed }) }
}

/** Only the keys that were given, so that the contract's own defaults stay the only ones. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

/** The contract's options for the flags that were given. Throws AppError USAGE where they do not go together. */
export function emulationInput(flags: EmulateFlags): EmulationInput {
  return {
    source: sourceOf(flags),
    ...defined({
      posts: flags.posts,
      forMs: flags.for,
      rate: flags.rate,
      order: flags.order,
      seed: flags.seed,
      batch: flags.batch,
      inFlight: flags.inFlight,
      sinks: flags.sink,
      acks: flags.acks,
      compression: flags.compression,
      partitionKey: flags.key,
      filePath: flags.out,
      throttledForMs: flags.throttledFor,
    }),
  }
}
