/** What is set up on the machine, above the steps that do it. */
import { pipelineSettingsSchema } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { kafkaHostCommand } from '../../components/actions/commands.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { FormFoot } from '../../components/form/FormFoot.tsx'
import { useForm } from '../../components/form/useForm.ts'
import { KafkaHostFields } from '../../components/pipelines/KafkaHostFields.tsx'
import { kafkaHostFields } from '../../components/pipelines/pipelineFields.ts'
import { Card } from '../../ui/Card.tsx'

interface KafkaHostFormProps {
  readonly onSaved: () => void
}

export function KafkaHostForm({ onSaved }: KafkaHostFormProps) {
  const { id, settings } = usePipeline()
  const update = useAction(client.pipelines.update, async () => {
    await queryClient.invalidateQueries({ queryKey: keys.pipelines })
    form.reset()
    onSaved()
  })
  const form = useForm({
    fields: kafkaHostFields,
    schema: pipelineSettingsSchema,
    stored: settings,
    refused: update.error,
  })
  const command = `pipeline ${kafkaHostCommand(id, settings.kafkaHost)}`
  return (
    <Card
      title="What to set up"
      actions={<CopyButton text={command} what="the command for this choice" words="Copy as command" />}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          const checked = form.check()
          if (checked !== null) update.mutate({ pipeline: id, settings: checked })
        }}
      >
        <div ref={form.place}>
          <KafkaHostFields form={form} />
        </div>
        <FormFoot
          form={form}
          save="Save"
          saving={update.isPending}
          saved={update.isSuccess}
          problem={update.error}
        />
      </form>
    </Card>
  )
}
