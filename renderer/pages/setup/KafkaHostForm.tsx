/** What is set up on the machine, above the steps that do it. */
import { usePipeline } from '../../api/pipeline.ts'
import { kafkaHostCommand } from '../../components/actions/commands.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { KafkaHostFields } from '../../components/pipelines/KafkaHostFields.tsx'
import { PipelineForm } from '../../components/pipelines/PipelineForm.tsx'
import { kafkaHostFields } from '../../components/pipelines/pipelineFields.ts'

interface KafkaHostFormProps {
  readonly onSaved: () => void
}

export function KafkaHostForm({ onSaved }: KafkaHostFormProps) {
  const { id, settings } = usePipeline()
  const command = `pipeline ${kafkaHostCommand(id, settings.kafkaHost)}`
  return (
    <PipelineForm
      title="What to set up"
      columns={1}
      actions={<CopyButton text={command} what="the command for this choice" words="Copy as command" />}
      fields={kafkaHostFields}
      onSaved={onSaved}
    >
      {(form) => <KafkaHostFields form={form} />}
    </PipelineForm>
  )
}
