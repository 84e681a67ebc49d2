/** Renames the pipeline in use, or makes another one like it. */
import { pipelineSettingsSchema } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { fieldSpecs } from '../form/draft.ts'
import { FormField } from '../form/FormField.tsx'
import { useForm } from '../form/useForm.ts'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { useMakeAndSwitch } from './useMakeAndSwitch.ts'

interface OpenProps {
  readonly open: boolean
  readonly onClose: () => void
}

const fields = fieldSpecs([{ path: ['name'], type: 'text' }])
const schema = pipelineSettingsSchema.pick({ name: true })

export function RenameDialog({ open, onClose }: OpenProps) {
  const { id, settings } = usePipeline()
  const rename = useAction(
    (name: string) => client.pipelines.update({ pipeline: id, settings: { ...settings, name } }),
    async () => {
      await queryClient.invalidateQueries({ queryKey: keys.pipelines })
      onClose()
    },
  )
  return (
    <NameDialog
      open={open}
      onClose={onClose}
      title="Rename the pipeline"
      action="Rename"
      first={settings.name}
      help="Only its name; its topics and streams keep theirs."
      run={rename}
    />
  )
}

export function CloneDialog({ open, onClose }: OpenProps) {
  const { id, settings } = usePipeline()
  const clone = useMakeAndSwitch((name: string) => client.pipelines.clone({ pipeline: id, name }), onClose)
  return (
    <NameDialog
      open={open}
      onClose={onClose}
      title="Clone the pipeline"
      action="Clone"
      first={`${settings.name.slice(0, 53)} (copy)`}
      help="The same settings, with no data."
      run={clone}
    />
  )
}

interface NameDialogProps extends OpenProps {
  readonly title: string
  readonly action: string
  readonly first: string
  readonly help: string
  readonly run: {
    readonly mutate: (name: string) => void
    readonly reset: () => void
    readonly isPending: boolean
    readonly error: unknown
  }
}

function NameDialog({ open, onClose, title, action, first, help, run }: NameDialogProps) {
  const form = useForm({ fields, schema, stored: { name: first }, refused: run.error })
  const close = () => {
    form.reset()
    run.reset()
    onClose()
  }
  return (
    <Dialog
      open={open}
      title={title}
      onClose={close}
      onSubmit={() => {
        const checked = form.check()
        if (checked !== null && !run.isPending) run.mutate(checked.name)
      }}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="primary" busy={run.isPending}>
            {action}
          </Button>
        </>
      }
    >
      <div ref={form.place}>
        <FormField form={form} name="name" label="Name" help={help} />
      </div>
      <ProblemNotice problem={run.error} alert />
    </Dialog>
  )
}
