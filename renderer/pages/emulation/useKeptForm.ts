/** The form of an emulation, kept for each pipeline while the page is open: a look at a topic loses nothing. */
import { useState } from 'react'
import type { Pipeline } from '../../../shared/contract/settings.ts'
import { usualSinks } from '../../../shared/emulation.ts'
import { type FormState, firstState } from './formState.ts'

const kept = new Map<string, FormState>()

/** The password is not kept: the app has it once it was used. */
export function useKeptForm({
  id: pipeline,
  settings,
}: Pick<Pipeline, 'id' | 'settings'>): readonly [FormState, (next: FormState) => void] {
  const [form, setForm] = useState<FormState>(
    () => kept.get(pipeline) ?? { ...firstState, sinks: usualSinks(settings) },
  )
  return [
    form,
    (next) => {
      kept.set(pipeline, { ...next, password: '' })
      setForm(next)
    },
  ]
}
