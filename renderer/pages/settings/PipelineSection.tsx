/** The settings of the pipeline in use. */
import { pipelineSettingsSchema } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { useOverview, usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { FormFoot } from '../../components/form/FormFoot.tsx'
import { useForm } from '../../components/form/useForm.ts'
import { EndpointFields } from '../../components/pipelines/EndpointFields.tsx'
import { GatewayKey, useGatewayKey } from '../../components/pipelines/GatewayKey.tsx'
import { KafkaHostFields } from '../../components/pipelines/KafkaHostFields.tsx'
import { KafkaPassword, useKafkaPassword } from '../../components/pipelines/KafkaPassword.tsx'
import { NameFields, OverrideFields } from '../../components/pipelines/NameFields.tsx'
import { pipelineFields } from '../../components/pipelines/pipelineFields.ts'
import { Card } from '../../ui/Card.tsx'
import { Group } from './Group.tsx'
import { LocalFields } from './LocalFields.tsx'

export function PipelineSection() {
  const { id, settings } = usePipeline()
  const keyHeld = useGatewayKey()
  const passwordHeld = useKafkaPassword()
  const running = useOverview(id).value?.running === true
  const update = useAction(client.pipelines.update, async () => {
    await queryClient.invalidateQueries({ queryKey: keys.pipelines })
    form.reset()
  })
  const form = useForm({
    fields: pipelineFields[settings.kind],
    schema: pipelineSettingsSchema,
    stored: settings,
    refused: update.error,
  })
  return (
    <Card title={`Pipeline: ${settings.name}`}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!form.dirty) return
          const checked = form.check()
          if (checked !== null) update.mutate({ pipeline: id, settings: checked })
        }}
      >
        <div ref={form.place} className="grid gap-5">
          <NameFields form={form} />
          <OverrideFields form={form} />
          {settings.kind === 'local' ? (
            <LocalFields form={form} />
          ) : (
            <>
              <Group title="What already runs" columns={1}>
                <EndpointFields form={form} />
              </Group>
              {settings.host !== null && (
                <Group
                  title="On the machine"
                  columns={1}
                  help="What Set-up brings there; press Apply all on that page after a change."
                >
                  <KafkaHostFields form={form} />
                </Group>
              )}
            </>
          )}
          {settings.kind === 'local' && (
            <p className="text-sm text-ink-2">
              {running ? 'The pipeline is running. ' : ''}
              Names, ports, limits, stage and lake take effect at the next start.
            </p>
          )}
        </div>
        <FormFoot
          form={form}
          save="Save pipeline"
          saving={update.isPending}
          saved={update.isSuccess}
          problem={update.error}
        />
      </form>
      {keyHeld !== undefined && (
        <div className="mt-4 border-t border-line pt-4">
          <GatewayKey />
        </div>
      )}
      {passwordHeld !== undefined && (
        <div className="mt-4 border-t border-line pt-4">
          <KafkaPassword />
        </div>
      )}
    </Card>
  )
}
