/** The names an expression knows, each read from the message only when it is asked for, and only once. */
import type { FilterMessage } from './message.ts'

export interface Scope {
  get(name: MessageName): unknown
  /** Values of arrow functions' parameters, innermost last. */
  readonly locals: unknown[]
}

type Read = (message: FilterMessage) => unknown

const parsed = (bytes: Buffer | null): unknown => {
  if (bytes === null) return null
  const text = bytes.toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const reads = {
  value: ({ value }) => parsed(value),
  key: ({ key }) => parsed(key),
  text: ({ value }) => value?.toString('utf8') ?? null,
  keyText: ({ key }) => key?.toString('utf8') ?? null,
  headers: ({ headers }) => {
    const found: Record<string, string | null> = Object.create(null)
    for (const { name, value } of headers) found[name] = value?.toString('utf8') ?? null
    return found
  },
  partition: ({ partition }) => partition,
  // A number as long as that is exact: then it also adds and divides with other numbers.
  offset: ({ offset }) => (offset <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(offset) : offset),
  timestamp: ({ timestamp }) => timestamp,
  time: ({ timestamp }) => new Date(timestamp).toISOString(),
  size: ({ key, value }) => (key?.length ?? 0) + (value?.length ?? 0),
  now: () => Date.now(),
} satisfies Record<string, Read>

export type MessageName = keyof typeof reads

export const messageNames = Object.keys(reads) as readonly MessageName[]

export const isMessageName = (name: string): name is MessageName => Object.hasOwn(reads, name)

/** What is read is kept for the next use within the same message. */
export function scopeOf(message: FilterMessage): Scope {
  const known = new Map<MessageName, unknown>()
  return {
    locals: [],
    get(name) {
      if (known.has(name)) return known.get(name)
      const value = reads[name](message)
      known.set(name, value)
      return value
    },
  }
}
