/** What can be told of a Python file without running it. */

export type PyValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'none' }
  /** `open`: it may have more than is listed. */
  | { readonly kind: 'dict'; readonly entries: ReadonlyMap<string, PyValue>; readonly open: boolean }
  | { readonly kind: 'list'; readonly items: readonly PyValue[]; readonly open: boolean }
  | { readonly kind: 'call'; readonly call: PyCall }
  /** Known only when it runs; `parts` are what it is made of. */
  | { readonly kind: 'unknown'; readonly source: string; readonly parts: readonly PyValue[] }

export interface PyCall {
  /** In full, behind imports: `airflow.models.DAG` of `DAG(…)`; as it stands there where it is called on a call: `a().b`. */
  readonly name: string
  readonly positional: readonly PyValue[]
  readonly keywords: ReadonlyMap<string, PyValue>
  /** `**more` stands there, of which not everything is known. */
  readonly open: boolean
  /** From 1. */
  readonly line: number
  /** Of `@name(…)`: the function below it. */
  readonly decorates: string | null
  /** Names of the functions it stands in. */
  readonly within: readonly string[]
}

export interface PyImport {
  /** In full: `airflow.utils.dates.days_ago`. */
  readonly name: string
  readonly line: number
}

export interface PyFile {
  readonly calls: readonly PyCall[]
  readonly imports: readonly PyImport[]
  /** The first line that is no Python; null where all of it is. */
  readonly faultLine: number | null
}

export const textOf = (value: PyValue | undefined): string | null =>
  value?.kind === 'text' ? value.text : null

/** Every call within a value, itself included. */
export function callsIn(value: PyValue): readonly PyCall[] {
  switch (value.kind) {
    case 'call':
      return [value.call, ...[...value.call.positional, ...value.call.keywords.values()].flatMap(callsIn)]
    case 'dict':
      return [...value.entries.values()].flatMap(callsIn)
    case 'list':
      return value.items.flatMap(callsIn)
    case 'unknown':
      return value.parts.flatMap(callsIn)
    default:
      return []
  }
}

const minutesOf: Readonly<Record<string, number>> = {
  weeks: 10_080,
  days: 1_440,
  hours: 60,
  minutes: 1,
  seconds: 1 / 60,
}
const order = ['days', 'seconds', 'microseconds', 'milliseconds', 'minutes', 'hours', 'weeks'] as const

/** Of `timedelta(…)`; null where it is something else, or not known. */
export function durationMinutes(value: PyValue | undefined): number | null {
  if (value?.kind !== 'call' || value.call.open || !/(?:^|\.)(?:timedelta|duration)$/.test(value.call.name))
    return null
  const given: [string, PyValue][] = [
    ...value.call.positional.map((each, nth): [string, PyValue] => [order[nth] ?? '', each]),
    ...value.call.keywords,
  ]
  let sum = 0
  for (const [unit, amount] of given) {
    if (amount.kind !== 'number') return null
    sum += amount.value * (minutesOf[unit] ?? 0)
  }
  return sum
}

/** What `default_args` of a DAG says. */
export function defaultsOf({ keywords }: PyCall): ReadonlyMap<string, PyValue> {
  const value = keywords.get('default_args')
  if (value?.kind === 'dict') return value.entries
  return value?.kind === 'call' && value.call.name === 'dict' ? value.call.keywords : new Map()
}
