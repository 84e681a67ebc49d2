/** What the machine is launched with; a running one keeps its type and disk. */
import { pipelineSettingsSchema } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { FormField } from '../../components/form/FormField.tsx'
import { FormFoot } from '../../components/form/FormFoot.tsx'
import { useForm } from '../../components/form/useForm.ts'
import { launchFields } from '../../components/pipelines/pipelineFields.ts'
import { Card } from '../../ui/Card.tsx'

interface LaunchFormProps {
  readonly onSaved: () => void
}

export function LaunchForm({ onSaved }: LaunchFormProps) {
  const { id, settings } = usePipeline()
  const update = useAction(client.pipelines.update, async () => {
    await queryClient.invalidateQueries({ queryKey: keys.pipelines })
    form.reset()
    onSaved()
  })
  const form = useForm({
    fields: launchFields,
    schema: pipelineSettingsSchema,
    stored: settings,
    refused: update.error,
  })
  return (
    <Card title="What to launch">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          const checked = form.check()
          if (checked !== null) update.mutate({ pipeline: id, settings: checked })
        }}
      >
        <div ref={form.place} className="grid grid-cols-2 gap-4 max-[760px]:grid-cols-1">
          <FormField
            form={form}
            name="launch.type"
            label="Instance type"
            help="Amazon Linux 2023. t3.micro has 1 GiB, which just holds a broker and our gateway."
          />
          <FormField
            form={form}
            name="launch.diskGiB"
            label="Disk, GiB"
            help="Encrypted; gone with the instance."
          />
          <FormField
            form={form}
            name="launch.from"
            label="Who may reach port 22"
            placeholder="this computer’s own address"
            help="As CIDR; no other port is opened."
          />
          <FormField
            form={form}
            name="launch.profile"
            label="Instance profile"
            placeholder="none"
            help="An existing one, for Kinesis and MSK with IAM from the machine."
          />
          <FormField
            form={form}
            name="launch.stopAfterHours"
            label="Stop by itself after, hours"
            help="After each start, also while this app is closed; its disk stays. 0: never. Chosen when it is launched."
          />
          <FormField
            form={form}
            name="launch.remindAfterHours"
            label="Remind me after, hours"
            help="Of running and so of costing money, while this app is open; again after each further so many hours. 0: never."
          />
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
