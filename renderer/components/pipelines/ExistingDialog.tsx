/** "Use what I already have": addresses of somebody's own pipeline, looked at before they are saved. */
import { type PipelineSettings, pipelineSettingsSchema } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { useForm } from '../form/useForm.ts'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { EndpointFields } from './EndpointFields.tsx'
import { FoundList } from './FoundList.tsx'
import { NameFields, OverrideFields } from './NameFields.tsx'
import { pipelineFields } from './pipelineFields.ts'
import { useDiscovery } from './useDiscovery.ts'
import { useMakeAndSwitch } from './useMakeAndSwitch.ts'

const schema = pipelineSettingsSchema.refine(
  ({ endpoints: { gateway, bootstrap, kinesis } }) => gateway !== '' || bootstrap !== '' || kinesis !== '',
  {
    path: ['endpoints', 'gateway'],
    error: 'Enter at least one address: gateway, bootstrap servers or Kinesis.',
  },
)

const first = {
  name: '',
  userId: 'learner',
  kind: 'existing',
  endpoints: { gateway: '', bootstrap: '', kinesis: '', region: 'us-east-1' },
}

export function ExistingDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { look, stop } = useDiscovery()
  const create = useMakeAndSwitch((settings: PipelineSettings) => client.pipelines.create(settings), onClose)
  const form = useForm({
    fields: pipelineFields.existing,
    schema,
    stored: first,
    refused: create.error ?? look.error,
  })
  const close = () => {
    stop()
    form.reset()
    create.reset()
    onClose()
  }
  // What was found belongs to exactly what was looked at.
  const found = look.data !== undefined && look.data.of === form.valid ? look.data.found : null
  const submit = () => {
    const checked = form.check()
    if (checked === null || look.isPending || create.isPending) return
    if (found === null) look.mutate(checked)
    else create.mutate(checked)
  }
  return (
    <Dialog
      open={open}
      wide
      title="Use what I already have"
      onClose={close}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="primary" busy={look.isPending || create.isPending}>
            {found === null ? 'Look' : 'Save'}
          </Button>
        </>
      }
    >
      <p className="text-ink-2">
        A REST proxy, Kafka or Kinesis that already runs. First it is looked at, which changes nothing there.
      </p>
      <div ref={form.place} className="grid gap-4">
        <NameFields form={form} />
        <EndpointFields form={form} />
        <OverrideFields form={form} />
      </div>
      {look.isPending && (
        <div className="grid gap-1.5">
          <p role="status">Looking …</p>
          <Progress fraction={null} label="Looking" />
        </div>
      )}
      <ProblemNotice problem={look.error} alert />
      {found !== null && <FoundList found={found} />}
      <ProblemNotice problem={create.error} alert />
    </Dialog>
  )
}
