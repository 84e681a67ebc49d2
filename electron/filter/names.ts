/** The names an expression knows, each read from the message only when it is asked for, and only once. */
import { isoTime } from '../../shared/time.ts'
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
  time: ({ timestamp }) => isoTime(timestamp),
  size: ({ key, value }) => (key?.length ?? 0) + (value?.length ?? 0),
  now: () => Date.now(),
} satisfies Record<string, Read>

export type MessageName = keyof typeof reads

export const messageNames = Object.keys(reads) as readonly MessageName[]

export const isMessageName = (name: string): name is MessageName => Object.hasOwn(reads, name)

/** What is read is kept for the next use within the same message. One serves all messages of a filter, one at a time. */
export function createScope(): { of(message: FilterMessage): Scope } {
  let current: FilterMessage | null = null
  const names: MessageName[] = []
  const values: unknown[] = []
  // Of both lists; they are written over, which costs less than a map for each message.
  let kept = 0
  const scope: Scope = {
    locals: [],
    get(name) {
      for (let at = 0; at < kept; at += 1) if (names[at] === name) return values[at]
      const value = current && reads[name](current)
      names[kept] = name
      values[kept] = value
      kept += 1
      return value
    },
  }
  return {
    of(message) {
      current = message
      kept = 0
      return scope
    },
  }
}
