/** A part of the pipeline's settings as a card with a form: checked whole, saved whole, and whoever shows them is told. */
import type { ReactNode } from 'react'
import { pipelineSettingsSchema } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { Card } from '../../ui/Card.tsx'
import type { Fields } from '../form/draft.ts'
import { FormFoot } from '../form/FormFoot.tsx'
import { type Form, useForm } from '../form/useForm.ts'

interface PipelineFormProps {
  readonly title: string
  readonly actions?: ReactNode
  readonly fields: Fields
  /** The word on the button. */
  readonly save?: string
  readonly columns?: 1 | 2
  readonly onSaved: () => unknown
  readonly children: (form: Form) => ReactNode
}

export function PipelineForm({
  title,
  actions,
  fields,
  save = 'Save',
  columns = 2,
  onSaved,
  children,
}: PipelineFormProps) {
  const { id, settings } = usePipeline()
  const update = useAction(client.pipelines.update, async () => {
    await queryClient.invalidateQueries({ queryKey: keys.pipelines })
    form.reset()
    await onSaved()
  })
  const form = useForm({ fields, schema: pipelineSettingsSchema, stored: settings, refused: update.error })
  return (
    <Card title={title} actions={actions}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          const checked = form.check()
          if (checked !== null) update.mutate({ pipeline: id, settings: checked })
        }}
      >
        <div
          ref={form.place}
          className={columns === 1 ? 'grid gap-4' : 'grid grid-cols-2 gap-4 max-[760px]:grid-cols-1'}
        >
          {children(form)}
        </div>
        <FormFoot
          form={form}
          save={save}
          saving={update.isPending}
          saved={update.isSuccess}
          problem={update.error}
        />
      </form>
    </Card>
  )
}
