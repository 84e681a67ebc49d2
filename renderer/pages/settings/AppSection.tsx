/** The settings of the app: where it looks for things, how it reaches the network, how much disk it may use. */
import { type Settings, type SettingsChange, settingsChangeSchema } from '../../../shared/settings.ts'
import { client } from '../../api/client.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { type FieldSpec, fieldSpecs } from '../../components/form/draft.ts'
import { FormField } from '../../components/form/FormField.tsx'
import { FormFoot } from '../../components/form/FormFoot.tsx'
import { useForm } from '../../components/form/useForm.ts'
import { Card } from '../../ui/Card.tsx'
import { Group } from './Group.tsx'

const text = (...path: string[]): FieldSpec => ({ path, type: 'text' })

const fields = fieldSpecs([
  text('javaHome'),
  text('kafkaHome'),
  text('proxy'),
  text('caFile'),
  text('mirrors', 'adoptium'),
  text('mirrors', 'kafka'),
  text('mirrors', 'kafkaArchive'),
  text('mirrors', 'temurin'),
  text('mirrors', 'node'),
  text('mirrors', 'confluent'),
  text('mirrors', 'mskIam'),
  { path: ['minFreeGiB'], type: 'number' },
  { path: ['maxDataGiB'], type: 'number' },
])

/** Only what differs, so that nothing else is written over. */
export function changeOf(stored: Settings, next: SettingsChange): SettingsChange {
  const differs = ([key, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(stored[key as keyof Settings])
  return Object.fromEntries(Object.entries(next).filter(differs))
}

export function AppSection({ stored }: { readonly stored: Settings }) {
  const save = useAction(client.settings.set, (settings) => {
    queryClient.setQueryData(keys.settings, settings)
    form.reset()
  })
  const form = useForm({ fields, schema: settingsChangeSchema, stored, refused: save.error })
  return (
    <Card title="App">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!form.dirty) return
          const checked = form.check()
          if (checked !== null) save.mutate(changeOf(stored, checked))
        }}
      >
        <div ref={form.place} className="grid gap-5">
          <Group title="Programs" columns={2}>
            <FormField
              form={form}
              name="javaHome"
              label="Java folder"
              placeholder="found by itself"
              help="Looked at first; Java 17 or newer."
            />
            <FormField
              form={form}
              name="kafkaHome"
              label="Kafka folder"
              placeholder="found by itself"
              help="An unpacked Kafka, looked at first."
            />
          </Group>
          <Group title="Network" columns={2}>
            <FormField form={form} name="proxy" label="Proxy" placeholder="the system’s own" />
            <FormField
              form={form}
              name="caFile"
              label="CA file"
              placeholder="none"
              help="PEM certificates that are trusted besides the system’s."
            />
          </Group>
          <Group
            title="Mirrors"
            columns={1}
            help="Every download is checked by its publisher’s sum, wherever it comes from; Confluent tells none, so that the first one is remembered."
          >
            <FormField form={form} name="mirrors.adoptium" label="Java (for this computer)" />
            <FormField form={form} name="mirrors.kafka" label="Kafka (Apache)" />
            <FormField form={form} name="mirrors.kafkaArchive" label="Kafka (archive)" />
            <FormField form={form} name="mirrors.temurin" label="Java (for machines)" />
            <FormField form={form} name="mirrors.node" label="Node.js (for machines)" />
            <FormField form={form} name="mirrors.confluent" label="Confluent (for machines)" />
            <FormField form={form} name="mirrors.mskIam" label="IAM jar of MSK (for machines)" />
          </Group>
          <Group title="Disk" columns={2}>
            <FormField
              number
              form={form}
              name="minFreeGiB"
              label="Keep free (GiB)"
              help="Below this an emulation stops and says why."
            />
            <FormField
              number
              form={form}
              name="maxDataGiB"
              label="Most per pipeline (GiB)"
              help="Above this an emulation stops and says why."
            />
          </Group>
        </div>
        <FormFoot
          form={form}
          save="Save settings"
          saving={save.isPending}
          saved={save.isSuccess}
          problem={save.error}
        />
      </form>
    </Card>
  )
}
