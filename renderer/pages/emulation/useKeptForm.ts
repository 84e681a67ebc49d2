/** The form of an emulation, kept for each pipeline while the page is open: a look at a topic loses nothing. */
import { useState } from 'react'
import { type FormState, firstState } from './formState.ts'

const kept = new Map<string, FormState>()

/** The password is not kept: the app has it once it was used. */
export function useKeptForm(pipeline: string): readonly [FormState, (next: FormState) => void] {
  const [form, setForm] = useState<FormState>(() => kept.get(pipeline) ?? firstState)
  return [
    form,
    (next) => {
      kept.set(pipeline, { ...next, password: '' })
      setForm(next)
    },
  ]
}
