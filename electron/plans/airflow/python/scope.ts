/** The names of a Python file: what they were imported as, and what they were set to where that is certain. */
import type { PyValue } from './value.ts'

export interface Scope {
  /** `DAG` → `airflow.DAG`; a name that was not imported is itself. */
  full(name: string): string
  alias(name: string, full: string): void
  set(name: string, value: PyValue): void
  get(name: string): PyValue | undefined
}

export function newScope(outer?: Scope): Scope {
  const aliases = new Map<string, string>()
  const values = new Map<string, PyValue>()
  return {
    full(name) {
      const [first = '', ...rest] = name.split('.')
      const known = aliases.get(first)
      if (known === undefined) return outer?.full(name) ?? name
      return [known, ...rest].join('.')
    },
    alias: (name, full) => void aliases.set(name, full),
    set(name, value) {
      // Which of two it has, only running it would tell.
      const twice = values.has(name)
      values.set(name, twice ? { kind: 'unknown', source: name, parts: [] } : value)
    },
    get: (name) => values.get(name) ?? outer?.get(name),
  }
}
