/** A form's fields as texts, and back into the nested object that a schema checks. */
import type { z } from 'zod'

/** Where a field stands in the object, and how its text is read. */
export interface FieldSpec {
  readonly path: readonly string[]
  /** `optional`: an empty text leaves the key out; `list`: split at commas and spaces; `compact`: a text without spaces. */
  readonly type: 'text' | 'compact' | 'number' | 'optional' | 'list' | 'flag'
}

export type Fields = Readonly<Record<string, FieldSpec>>
export type Draft = Readonly<Record<string, string>>
export type FieldErrors = Readonly<Record<string, string>>

type Tree = Record<string, unknown>

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Names each field by its path joined with points. */
export function fieldSpecs(list: readonly FieldSpec[]): Fields {
  return Object.fromEntries(list.map((spec) => [spec.path.join('.'), spec]))
}

/** The texts that the fields of a form begin with. */
export function toDraft(fields: Fields, from: unknown): Draft {
  const text = ({ path }: FieldSpec) => {
    let value: unknown = from
    for (const step of path) value = isTree(value) ? value[step] : undefined
    if (Array.isArray(value)) return value.join(', ')
    return value === undefined ? '' : String(value)
  }
  return Object.fromEntries(Object.entries(fields).map(([key, spec]) => [key, text(spec)]))
}

function readText(text: string, type: FieldSpec['type']): unknown {
  if (type === 'number') return text.trim() === '' ? undefined : Number(text)
  if (type === 'list') return text.split(/[\s,]+/).filter(Boolean)
  if (type === 'compact') return text.replace(/\s+/g, '')
  if (type === 'flag') return text === 'true'
  if (type === 'optional') return text.trim() === '' ? undefined : text.trim()
  return text.trim()
}

/** `base` with the texts put in; what is wrong in them is left for the schema to say. */
export function fromDraft(fields: Fields, draft: Draft, base: unknown): unknown {
  const result: Tree = isTree(base) ? structuredClone(base) : {}
  for (const [key, { path, type }] of Object.entries(fields)) {
    let place = result
    for (const step of path.slice(0, -1)) {
      const next = place[step]
      const inner = isTree(next) ? next : {}
      place[step] = inner
      place = inner
    }
    const value = readText(draft[key] ?? '', type)
    const last = path[path.length - 1] ?? key
    if (value === undefined && type === 'optional') delete place[last]
    // A number left empty must not fall back to the schema's default.
    else place[last] = value === undefined ? null : value
  }
  return result
}

type Issue = z.core.$ZodIssue

/** What zod says by itself is written for programmers; our own messages stay. */
export function issueText(issue: Issue): string {
  if (issue.code === 'invalid_union') {
    const last = issue.errors.at(-1)?.[0]
    if (last !== undefined) return issueText(last)
  }
  if (!/^(Too |Invalid )/.test(issue.message)) return issue.message
  if (issue.code === 'invalid_type')
    return issue.expected === 'int' ? 'Enter a whole number.' : 'Enter a number.'
  if (issue.code === 'too_small') return `At least ${issue.minimum.toLocaleString('en-US')}.`
  if (issue.code === 'too_big') {
    const most = issue.maximum.toLocaleString('en-US')
    return issue.origin === 'string' ? `At most ${most} characters.` : `At most ${most}.`
  }
  return issue.message
}

/** The first error of each field; an item of a list belongs to the list's field. */
export function errorsOf(fields: Fields, issues: readonly Issue[]): FieldErrors {
  const errors: Record<string, string> = {}
  for (const issue of issues) {
    const path = issue.path.map(String)
    const key = Object.keys(fields).find((name) =>
      fields[name]?.path.every((step, index) => step === path[index]),
    )
    if (key !== undefined && errors[key] === undefined) errors[key] = issueText(issue)
  }
  return errors
}
