/** What a pipeline on this computer runs with. */

import { FormField } from '../../components/form/FormField.tsx'
import type { Form } from '../../components/form/useForm.ts'
import { duration } from '../../components/format.ts'
import { CheckField } from '../../ui/Field.tsx'
import { Group } from './Group.tsx'

const port = 'If it is taken, the next start takes another and says so; 0 always does.'

export function LocalFields({ form }: { readonly form: Form }) {
  const retention = Number(form.draft['topics.retentionMs'])
  return (
    <>
      <Group title="Topics and streams" columns={2}>
        <FormField
          number
          form={form}
          name="topics.partitions"
          label="Partitions per topic"
          help="For topics that are made from now on; the original has one."
        />
        <FormField
          number
          form={form}
          name="topics.retentionMs"
          label="Keep messages (retention.ms)"
          help={
            retention === -1
              ? 'For ever.'
              : retention > 0
                ? `${duration(retention)}; −1 keeps for ever.`
                : 'In ms.'
          }
        />
        <FormField number form={form} name="streams.shards" label="Shards per stream" />
        <FormField
          number
          form={form}
          name="streams.retentionHours"
          label="Keep records (hours)"
          help="24 to 8,760, as on AWS."
        />
      </Group>
      <CheckField
        label="Enforce the limits of AWS"
        help="1 MB and 1,000 records a second per shard, 500 records a call: met here before they are met there."
        checked={form.draft['streams.enforceLimits'] === 'true'}
        onChange={(on) => form.set('streams.enforceLimits', String(on))}
      />
      <Group title="Ports" columns={3} help={port}>
        <FormField number form={form} name="ports.kafka" label="Kafka port" />
        <FormField number form={form} name="ports.kinesis" label="Kinesis port" />
        <FormField number form={form} name="ports.gateway" label="Gateway port" />
      </Group>
      <Group title="Gateway" columns={3}>
        <FormField
          form={form}
          name="gateway.stage"
          label="Stage"
          placeholder="none"
          help="Path prefix: test, dev …"
        />
        <FormField number form={form} name="gateway.maxBodyMiB" label="Largest body (MiB)" />
        <FormField
          form={form}
          name="gateway.corsOrigins"
          label="CORS origins"
          placeholder="none"
          help="Pages that may call it, with commas."
        />
      </Group>
      <Group title="Lake" columns={2} help="Under the S3 sink connector’s own key names.">
        <FormField
          number
          form={form}
          name="lake.flush.size"
          label="flush.size"
          help="Records that close a file."
        />
        <FormField
          number
          form={form}
          name="lake.rotate.schedule.interval.ms"
          label="rotate.schedule.interval.ms"
          help="A file is closed after this time, however small."
        />
      </Group>
    </>
  )
}
