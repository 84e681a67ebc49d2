/** How the pipeline signs in, besides the profile: source, region, role, endpoint and the badge's colour. */
import { type AwsChoice, awsChoiceSchema, awsColourSchema, awsSourceSchema } from '../../../shared/aws.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { fieldSpecs } from '../../components/form/draft.ts'
import { FormChoice } from '../../components/form/FormChoice.tsx'
import { FormField } from '../../components/form/FormField.tsx'
import { FormFoot } from '../../components/form/FormFoot.tsx'
import { useForm } from '../../components/form/useForm.ts'
import { Card } from '../../ui/Card.tsx'
import { SelectField } from '../../ui/Field.tsx'

const sources: Readonly<Record<AwsChoice['source'], { readonly label: string; readonly help: string }>> = {
  none: { label: 'No connection', help: 'The badge is gone, and nothing is asked of AWS.' },
  auto: {
    label: 'Whatever is there',
    help: 'The profile, else the environment, else the instance’s role, else typed keys.',
  },
  profile: { label: 'A profile', help: 'Of ~/.aws, as the AWS tools use it.' },
  environment: {
    label: 'The environment',
    help: 'AWS_ACCESS_KEY_ID and its kin, as the app was started with.',
  },
  instance: { label: 'The instance’s role', help: 'Where the app runs on EC2 or in a container.' },
  keys: { label: 'Keys typed in', help: 'Kept as your other secrets are.' },
}

const fields = fieldSpecs(
  (['source', 'profile', 'region', 'roleArn', 'endpoint', 'colour'] as const).map((name) => ({
    path: [name],
    type: 'text',
  })),
)

export function ChoiceForm({ choice }: { readonly choice: AwsChoice }) {
  const pipeline = usePipeline().id
  const use = useAction(client.aws.use, () => form.reset())
  const form = useForm({ fields, schema: awsChoiceSchema, stored: choice, refused: use.error })
  const source = awsSourceSchema.catch('none').parse(form.draft.source)
  return (
    <Card title="How to sign in">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          const checked = form.check()
          if (checked !== null) use.mutate({ pipeline, choice: checked })
        }}
      >
        <div ref={form.place} className="grid gap-4">
          <FormChoice
            form={form}
            name="source"
            label="Source"
            choices={awsSourceSchema.options}
            texts={sources}
            value={source}
          />
          {(source === 'profile' || source === 'auto') && (
            <FormField form={form} name="profile" label="Profile" placeholder="AWS_PROFILE, else default" />
          )}
          {source !== 'none' && (
            <>
              <FormField form={form} name="region" label="Region" placeholder="the profile’s own" />
              <FormField
                form={form}
                name="roleArn"
                label="Role to take on"
                placeholder="arn:aws:iam::123456789012:role/name"
                help="On top of the source; empty for none."
              />
              <FormField
                form={form}
                name="endpoint"
                label="Endpoint of an emulator"
                placeholder="http://127.0.0.1:5000"
                help="Something that imitates AWS. Empty for AWS itself."
              />
              <SelectField
                label="Colour of the badge"
                value={awsColourSchema.catch('grey').parse(form.draft.colour)}
                options={awsColourSchema.options.map((value) => ({ value, label: value }))}
                onChange={(value) => form.set('colour', value)}
                help="Tell a production account by its colour."
              />
            </>
          )}
        </div>
        <FormFoot
          form={form}
          save="Use and test"
          saving={use.isPending}
          saved={use.isSuccess}
          problem={use.error}
        />
      </form>
    </Card>
  )
}
