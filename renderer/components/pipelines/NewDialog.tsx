/** Makes a pipeline on this computer. */
import { kinds, streamName, topicName } from '../../../shared/names.ts'
import { pipelineSettingsSchema } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { fieldSpecs } from '../form/draft.ts'
import { FormField } from '../form/FormField.tsx'
import { useForm } from '../form/useForm.ts'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { useMakeAndSwitch } from './useMakeAndSwitch.ts'

const fields = fieldSpecs([
  { path: ['name'], type: 'text' },
  { path: ['userId'], type: 'text' },
])
const first = { name: '', userId: 'learner' }

export function NewDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const create = useMakeAndSwitch(client.pipelines.create, onClose)
  const form = useForm({ fields, schema: pipelineSettingsSchema, stored: first, refused: create.error })
  const close = () => {
    form.reset()
    create.reset()
    onClose()
  }
  const userId = form.draft.userId?.trim() || '…'
  return (
    <Dialog
      open={open}
      title="New pipeline"
      onClose={close}
      onSubmit={() => {
        const checked = form.check()
        if (checked !== null && !create.isPending) create.mutate(checked)
      }}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            Create
          </Button>
        </>
      }
    >
      <p className="text-ink-2">
        Its own Kafka, Kinesis and lake on this computer, apart from those of every other pipeline.
      </p>
      <div ref={form.place} className="grid gap-3">
        <FormField form={form} name="name" label="Name" />
        <FormField
          form={form}
          name="userId"
          label="User id"
          help={[
            ...kinds.map((kind) => topicName(userId, kind)),
            ...kinds.map((kind) => streamName(userId, kind)),
          ].join(', ')}
        />
      </div>
      <ProblemNotice problem={create.error} alert />
    </Dialog>
  )
}
