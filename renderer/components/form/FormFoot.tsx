/** The end of a form: save, discard, and what became of it, said where it was asked for. */
import { Button } from '../../ui/Button.tsx'
import { ProblemNotice } from '../ProblemNotice.tsx'
import type { Form } from './useForm.ts'

interface FormFootProps {
  readonly form: Form
  readonly save: string
  readonly saving: boolean
  readonly saved: boolean
  readonly problem: unknown
}

export function FormFoot({ form, save, saving, saved, problem }: FormFootProps) {
  const words = form.dirty ? 'Changes not saved.' : saved ? 'Saved.' : 'Nothing changed.'
  return (
    <div className="mt-4 grid gap-3 border-t border-line pt-3.5">
      <ProblemNotice problem={problem} alert />
      <div className="flex items-center gap-3">
        <Button type="submit" variant="primary" busy={saving}>
          {save}
        </Button>
        {form.dirty && <Button onClick={form.reset}>Discard changes</Button>}
        <p role="status" className="text-sm text-ink-2">
          {words}
        </p>
      </div>
    </div>
  )
}
