/** Which workspace, and how it is signed in to. */
import { useQuery } from '@tanstack/react-query'
import { type DatabricksAuth, databricksAuthSchema } from '../../../shared/databricks.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { FormChoice } from '../../components/form/FormChoice.tsx'
import { FormField } from '../../components/form/FormField.tsx'
import type { Form } from '../../components/form/useForm.ts'
import { PipelineForm } from '../../components/pipelines/PipelineForm.tsx'
import { workspaceFields } from '../../components/pipelines/pipelineFields.ts'
import { SelectField } from '../../ui/Field.tsx'

const ways: Readonly<Record<DatabricksAuth, { readonly label: string; readonly help: string }>> = {
  none: { label: 'No workspace', help: 'The notebooks run on this computer only.' },
  token: {
    label: 'A personal access token',
    help: 'Made in the workspace: Settings, Developer, Access tokens. It begins with dapi.',
  },
  browser: {
    label: 'In the browser',
    help: 'You sign in to the workspace as usual; nothing is copied, and it is renewed by itself.',
  },
  oauth: {
    label: 'A service principal',
    help: 'Client id and secret: for what runs without a person (machine to machine).',
  },
  profile: { label: 'A profile of ~/.databrickscfg', help: 'As Databricks’ own tools use it.' },
}

export function WorkspaceForm() {
  const { id } = usePipeline()
  return (
    <PipelineForm
      title="How to sign in"
      save="Use and test"
      columns={1}
      fields={workspaceFields}
      onSaved={() => client.databricks.test({ pipeline: id })}
    >
      {(form) => {
        const auth = databricksAuthSchema.catch('none').parse(form.draft['databricks.auth'])
        return (
          <>
            <FormChoice
              form={form}
              name="databricks.auth"
              label="Way"
              choices={databricksAuthSchema.options}
              texts={ways}
              value={auth}
            />
            {auth !== 'none' && (
              <FormField
                form={form}
                name="databricks.host"
                label="Address of the workspace"
                placeholder={auth === 'profile' ? 'the profile’s own' : 'https://dbc-….cloud.databricks.com'}
                help="Copied from the browser; what follows the name of the site is cut off."
              />
            )}
            {auth === 'oauth' && (
              <FormField
                form={form}
                name="databricks.clientId"
                label="Client id"
                help="The application id of the service principal."
              />
            )}
            {auth === 'profile' && <ProfileField form={form} />}
          </>
        )
      }}
    </PipelineForm>
  )
}

function ProfileField({ form }: { readonly form: Form }) {
  const profiles = useQuery({
    queryKey: ['databricksProfiles'],
    queryFn: ({ signal }) => client.databricks.profiles(undefined, { signal }),
  })
  const items = profiles.data?.items ?? []
  const chosen = form.draft['databricks.profile'] ?? ''
  const known = items.some(({ name }) => name === chosen) || chosen === ''
  return (
    <SelectField
      label="Profile"
      value={chosen}
      options={[
        { value: '', label: 'DATABRICKS_CONFIG_PROFILE, else DEFAULT' },
        ...items.map(({ name, host, kind }) => ({
          value: name,
          label: `${name}: ${host}${kind === 'other' ? ', signs in in another way' : ''}`,
          disabled: kind === 'other',
        })),
        ...(known ? [] : [{ value: chosen, label: `${chosen}: not in the file` }]),
      ]}
      onChange={(value) => form.set('databricks.profile', value)}
      help={profiles.data?.found === false ? `There is no ${profiles.data.file}.` : profiles.data?.file}
      error={form.error('databricks.profile')}
    />
  )
}
