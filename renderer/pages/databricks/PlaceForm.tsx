/** What is put into the workspace: where the lake is read, what the job runs on, and when. */
import { z } from 'zod'
import { type LakePlace, lakePlaceSchema } from '../../../shared/databricks.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { FormChoice } from '../../components/form/FormChoice.tsx'
import { FormField } from '../../components/form/FormField.tsx'
import type { Form } from '../../components/form/useForm.ts'
import { PipelineForm } from '../../components/pipelines/PipelineForm.tsx'
import { databricksFields } from '../../components/pipelines/pipelineFields.ts'
import { useDatabricks } from '../../components/useDatabricks.ts'
import { CheckField, SelectField } from '../../ui/Field.tsx'

const places: Readonly<Record<LakePlace, { readonly label: string; readonly help: string }>> = {
  volume: {
    label: 'A volume, filled from this computer',
    help: 'The app sends this computer’s lake there: new files only. It needs Unity Catalog, and no AWS account.',
  },
  external: {
    label: 'A bucket that Unity Catalog knows',
    help: 'An external location: s3://… No keys in the workspace.',
  },
  keys: { label: 'A bucket, by keys (s3a)', help: 'On a cluster: keys of AWS from a secret scope.' },
  mount: {
    label: 'The classic mount',
    help: 'As in the original pipeline; only on clusters without Unity Catalog.',
  },
}
const computes = { serverless: 'Serverless', cluster: 'A cluster that is there' } as const
const computeSchema = z.enum(['serverless', 'cluster']).catch('serverless')

export function PlaceForm({ onSaved }: { readonly onSaved: () => void }) {
  const { settings } = usePipeline()
  return (
    <PipelineForm title="What is put there" fields={databricksFields} onSaved={onSaved}>
      {(form) => (
        <>
          <LakeFields form={form} />
          <JobFields form={form} />
          {settings.kind === 'existing' && <StreamFields form={form} />}
        </>
      )}
    </PipelineForm>
  )
}

function LakeFields({ form }: { readonly form: Form }) {
  const place = lakePlaceSchema.catch('volume').parse(form.draft['databricks.lake.place'])
  return (
    <>
      <FormChoice
        form={form}
        name="databricks.lake.place"
        label="The lake"
        choices={lakePlaceSchema.options}
        texts={places}
        value={place}
      />
      {place === 'volume' && (
        <FormField
          form={form}
          name="databricks.lake.volume"
          label="Volume"
          placeholder="one of this pipeline’s own"
          help="catalog.schema.volume"
        />
      )}
      {place !== 'volume' && (
        <FormField
          form={form}
          name="databricks.lake.path"
          label="Where the topics lie"
          placeholder={
            place === 'mount' ? '/mnt/project/topics' : `${place === 'keys' ? 's3a' : 's3'}://bucket/topics`
          }
        />
      )}
      {place === 'mount' && (
        <FormField
          form={form}
          name="databricks.lake.bucket"
          label="Bucket behind the mount"
          placeholder="user-0a1b2c3d4e5f-bucket"
        />
      )}
    </>
  )
}

function JobFields({ form }: { readonly form: Form }) {
  const { value } = useDatabricks()
  const kind = computeSchema.parse(form.draft['databricks.compute.kind'])
  const clusters = value?.can?.clusters ?? []
  return (
    <>
      <SelectField
        label="The job runs on"
        value={kind}
        options={computeSchema.unwrap().options.map((option) => ({ value: option, label: computes[option] }))}
        onChange={(next) => form.set('databricks.compute.kind', next)}
        help="Serverless is ready in seconds; a cluster that has ended takes 3 to 7 minutes to start."
      />
      {kind === 'cluster' && (
        <FormField
          form={form}
          name="databricks.compute.cluster"
          label="Cluster"
          placeholder="0110-123456-abcd1234"
          help={`Its id or its name. There: ${clusters.map(({ name }) => name).join(', ') || 'none'}.`}
        />
      )}
      <FormField
        form={form}
        name="databricks.schedule"
        label="Schedule"
        placeholder="none: by hand, or by Airflow"
        help="Quartz cron, seconds first: 0 0 6 * * ? is every day at 6:00."
      />
      <FormField form={form} name="databricks.timezone" label="Time zone" help="Of the schedule." />
      <FormField
        form={form}
        name="databricks.folder"
        label="Folder of the notebooks"
        placeholder="/Users/<you>/pipeline-control/<pipeline>"
      />
    </>
  )
}

function StreamFields({ form }: { readonly form: Form }) {
  const on = form.draft['databricks.streams'] === 'true'
  return (
    <>
      <CheckField
        label="A job for the streams too"
        checked={on}
        onChange={(checked) => form.set('databricks.streams', String(checked))}
        help="Reads what is in the three Kinesis streams into three Delta tables."
      />
      {on && (
        <FormField
          form={form}
          name="databricks.serviceCredential"
          label="Service credential"
          placeholder="none: keys of the secret scope"
          help="Of Unity Catalog, allowed to read the streams. Without one, the keys of this pipeline’s identity are put into a secret scope; temporary ones are refused."
        />
      )}
    </>
  )
}
