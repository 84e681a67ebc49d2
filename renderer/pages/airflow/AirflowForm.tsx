/** What the DAG does and when, and which environment runs it. */
import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { queryClient } from '../../api/query.ts'
import { FormField } from '../../components/form/FormField.tsx'
import type { Form } from '../../components/form/useForm.ts'
import { PipelineForm } from '../../components/pipelines/PipelineForm.tsx'
import { airflowFields } from '../../components/pipelines/pipelineFields.ts'
import { SelectField } from '../../ui/Field.tsx'

const modes = { submit: 'The notebook by itself', job: 'A job of Databricks' } as const
const modeSchema = z.enum(['submit', 'job']).catch('submit')

export function AirflowForm({ onSaved }: { readonly onSaved: () => void }) {
  const { id } = usePipeline()
  return (
    <PipelineForm
      title="What is set up"
      fields={airflowFields}
      onSaved={() => {
        void queryClient.invalidateQueries({ queryKey: ['airflow', id] })
        onSaved()
      }}
    >
      {(form) => (
        <>
          <EnvironmentField form={form} />
          <FormField
            form={form}
            name="airflow.schedule"
            label="Schedule, UTC"
            placeholder="none: by hand only"
            help="@daily, or five fields of cron: 0 6 * * * is every day at 6:00."
          />
          <TaskFields form={form} />
          <FormField
            form={form}
            name="airflow.retries"
            label="Tried again"
            help="After a failure, so often."
            number
          />
          <FormField
            form={form}
            name="airflow.timeoutMinutes"
            label="Ended after, minutes"
            help="A cluster that was off takes 3 to 7 minutes to start."
            number
          />
          <FormField
            form={form}
            name="airflow.startDate"
            label="First day"
            help="Fixed, and in the past; days that have gone by are not made up for."
          />
          <FormField
            form={form}
            name="airflow.connectionId"
            label="Connection in Airflow"
            help="Holds the workspace’s address and token; made here."
          />
        </>
      )}
    </PipelineForm>
  )
}

function EnvironmentField({ form }: { readonly form: Form }) {
  const { id: pipeline } = usePipeline()
  const names = useQuery({
    queryKey: ['airflow', pipeline, 'environments'],
    queryFn: ({ signal }) => client.airflow.environments({ pipeline }, { signal }),
    retry: false,
  })
  const there =
    names.data === undefined ? 'Of MWAA, by its name.' : `There: ${names.data.join(', ') || 'none'}.`
  return (
    <FormField
      form={form}
      name="airflow.environment"
      label="Environment"
      placeholder={names.data?.[0] ?? 'Databricks-Airflow-env'}
      help={names.error === null ? there : names.error.message}
    />
  )
}

function TaskFields({ form }: { readonly form: Form }) {
  const mode = modeSchema.parse(form.draft['airflow.mode'])
  return (
    <>
      <SelectField
        label="It runs"
        value={mode}
        options={modeSchema.unwrap().options.map((value) => ({ value, label: modes[value] }))}
        onChange={(value) => form.set('airflow.mode', value)}
        help="A job has its own runs and its own page in Databricks."
      />
      {mode === 'job' && (
        <FormField
          form={form}
          name="airflow.jobId"
          label="Job"
          placeholder="the one that this pipeline made"
          help="Its number."
        />
      )}
      {mode === 'submit' && (
        <>
          <FormField
            form={form}
            name="airflow.notebookPath"
            label="Notebook"
            placeholder="batch, where this pipeline put it"
          />
          <FormField
            form={form}
            name="airflow.clusterId"
            label="Cluster"
            placeholder="none: serverless"
            help="Its id, such as 0123-456789-abcdefgh, not its name (F-67)."
          />
        </>
      )}
    </>
  )
}
