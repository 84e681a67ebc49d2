/** "Use what I already have": addresses of somebody's own pipeline, looked at before they are saved. */
import { useState } from 'react'
import type { Pipeline } from '../../../shared/contract/settings.ts'
import {
  kafkaAccessSchema,
  type PipelineSettings,
  pipelineSettingsSchema,
  wantsPassword,
} from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { useForm } from '../form/useForm.ts'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { EndpointFields } from './EndpointFields.tsx'
import { FoundList } from './FoundList.tsx'
import { gatewayKeyError } from './gatewayKeyError.ts'
import { kafkaPasswordError } from './kafkaPasswordError.ts'
import { NameFields, OverrideFields } from './NameFields.tsx'
import { addressFields } from './pipelineFields.ts'
import { type LookInput, useDiscovery } from './useDiscovery.ts'
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
  endpoints: {
    gateway: '',
    gatewayThrough: 'direct',
    gatewayAccess: 'none',
    bootstrap: '',
    through: 'direct',
    kafkaAccess: 'plaintext',
    kafkaUser: '',
    kafkaCaFile: '',
    kafkaRole: '',
    kinesis: '',
    region: 'us-east-1',
  },
}

/** The key is held for the address it was given with, so the pipeline comes first. */
async function made({ settings, gatewayKey, kafkaPassword }: LookInput): Promise<Pipeline> {
  const pipeline = await client.pipelines.create(settings)
  if (gatewayKey !== undefined) {
    await client.pipelines.setGatewayKey({ pipeline: pipeline.id, key: gatewayKey })
  }
  if (kafkaPassword !== undefined) {
    await client.pipelines.setKafkaPassword({ pipeline: pipeline.id, password: kafkaPassword })
  }
  return pipeline
}

export function ExistingDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { look, stop } = useDiscovery()
  const [key, setKey] = useState('')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const create = useMakeAndSwitch(made, () => leave())
  const form = useForm({
    fields: addressFields,
    schema,
    stored: first,
    refused: create.error ?? look.error,
  })
  const leave = () => {
    stop()
    form.reset()
    setKey('')
    setPassword('')
    setTried(false)
    onClose()
  }
  const close = () => {
    create.reset()
    leave()
  }
  const withKey = form.draft['endpoints.gatewayAccess'] === 'apiKey'
  const keyError = withKey ? gatewayKeyError(key) : undefined
  const access = kafkaAccessSchema.catch('plaintext').parse(form.draft['endpoints.kafkaAccess'])
  const withPassword = wantsPassword(access) && form.draft['endpoints.bootstrap'] !== ''
  const passwordError = withPassword ? kafkaPasswordError(password) : undefined
  const input = (settings: PipelineSettings): LookInput => ({
    settings,
    ...(withKey ? { gatewayKey: key } : {}),
    ...(withPassword ? { kafkaPassword: password } : {}),
  })
  // What was found belongs to exactly what was looked at.
  const now = form.valid === null ? null : JSON.stringify(input(JSON.parse(form.valid)))
  const found = look.data !== undefined && look.data.of === now ? look.data.found : null
  const submit = () => {
    setTried(true)
    const checked = form.check()
    if (checked === null || keyError !== undefined || passwordError !== undefined) return
    if (look.isPending || create.isPending) return
    if (found === null) look.mutate(input(checked))
    else create.mutate(input(checked))
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
        <EndpointFields
          form={form}
          gatewayKey={{ value: key, onChange: setKey, error: tried ? keyError : undefined }}
          kafkaPassword={{
            value: password,
            onChange: setPassword,
            error: tried ? passwordError : undefined,
          }}
        />
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
