/** What the machine is launched with; a running one keeps its type and disk. */
import { FormField } from '../../components/form/FormField.tsx'
import { PipelineForm } from '../../components/pipelines/PipelineForm.tsx'
import { launchFields } from '../../components/pipelines/pipelineFields.ts'

interface LaunchFormProps {
  readonly onSaved: () => void
}

export function LaunchForm({ onSaved }: LaunchFormProps) {
  return (
    <PipelineForm title="What to launch" fields={launchFields} onSaved={onSaved}>
      {(form) => (
        <>
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
        </>
      )}
    </PipelineForm>
  )
}
