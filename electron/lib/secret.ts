/** A value that prints, inspects and serialises as `[REDACTED]`; opened only next to the call that needs it. */
import { inspect } from 'node:util'

const redacted = '[REDACTED]'

export interface Secret {
  /** The value. Allowed callers: the vendor call in `clients/`, and `openFor` when a worker starts (decision 6). */
  reveal(): string
  toString(): string
  toJSON(): string
}

/** Wraps a value so that it cannot slip out by being printed. */
export function secret(value: string): Secret {
  return Object.freeze({
    reveal: () => value,
    toString: () => redacted,
    toJSON: () => redacted,
    [inspect.custom]: () => redacted,
  })
}

/** Whether two are the same value; either may be missing. */
export function sameSecret(one: Secret | null, other: Secret | null): boolean {
  return one !== null && other !== null && one.reveal() === other.reveal()
}
