/** A form over a schema: edits lie over what is stored, so a change from elsewhere shows at once and loses none of them. */
import { useRef, useState } from 'react'
import type { z } from 'zod'
import { toProblem } from '../../api/problem.ts'
import { type Draft, errorsOf, type Fields, fromDraft, toDraft } from './draft.ts'

export interface Form {
  readonly draft: Draft
  readonly dirty: boolean
  readonly set: (key: string, text: string) => void
  readonly reset: () => void
  /** Only of fields that were edited, until a first attempt to save. */
  readonly error: (key: string) => string | undefined
  /** For the element around the fields: where the first wrong one is looked for. */
  readonly place: React.RefObject<HTMLDivElement | null>
}

interface FormOptions<T> {
  readonly fields: Fields
  readonly schema: z.ZodType<T>
  readonly stored: unknown
  /** What the back end refused, to be shown at its field. */
  readonly refused: unknown
}

export interface CheckedForm<T> extends Form {
  /** The whole object as JSON while nothing is wrong in it, else null: to tell whether it is still the same. */
  readonly valid: string | null
  /** The whole object, or null after showing what is wrong and going there. */
  readonly check: () => T | null
}

export function useForm<T>({ fields, schema, stored, refused }: FormOptions<T>): CheckedForm<T> {
  const [edits, setEdits] = useState<Draft>({})
  const [tried, setTried] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  const base = toDraft(fields, stored)
  const draft = { ...base, ...edits }
  const parsed = schema.safeParse(fromDraft(fields, draft, stored))
  const errors = parsed.success ? {} : errorsOf(fields, parsed.error.issues)
  const problem = refused === null || refused === undefined ? null : toProblem(refused)
  const refusedField = problem?.field?.replace(/^settings\./, '')
  return {
    draft,
    dirty: Object.keys(edits).some((key) => edits[key] !== base[key]),
    set: (key, text) => setEdits({ ...edits, [key]: text }),
    reset: () => {
      setEdits({})
      setTried(false)
    },
    error: (key) =>
      (tried || edits[key] !== undefined ? errors[key] : undefined) ??
      (refusedField === key ? problem?.message : undefined),
    place,
    valid: parsed.success ? JSON.stringify(parsed.data) : null,
    check: () => {
      if (parsed.success) return parsed.data
      setTried(true)
      requestAnimationFrame(() => place.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
      return null
    },
  }
}
