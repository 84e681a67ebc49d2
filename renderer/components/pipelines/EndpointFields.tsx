/** Where what somebody else runs is reached, and who we are to its gateway. */
import { type GatewayAccessKind, gatewayAccessSchema } from '../../../shared/settings.ts'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { FormChoice } from '../form/FormChoice.tsx'
import { FormField } from '../form/FormField.tsx'
import type { Form } from '../form/useForm.ts'
import { KafkaAccessFields } from './KafkaAccessFields.tsx'

const accesses: Readonly<Record<GatewayAccessKind, { readonly label: string; readonly help: string }>> = {
  none: { label: 'Open', help: 'Requests go out as they are.' },
  apiKey: { label: 'API key', help: 'Each request carries x-api-key.' },
  sigv4: {
    label: 'AWS signature (IAM)',
    help: 'Each request is signed (SigV4) as the identity of the page AWS; without one, with the AWS credentials of this computer.',
  },
}

/** What is typed in and never part of the settings. */
export interface SecretInput {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly error: string | undefined
}

interface EndpointFieldsProps {
  readonly form: Form
  /** Only where they are asked for together with the addresses. */
  readonly gatewayKey?: SecretInput
  readonly kafkaPassword?: SecretInput
}

export function EndpointFields({ form, gatewayKey, kafkaPassword }: EndpointFieldsProps) {
  const access = gatewayAccessSchema.catch('none').parse(form.draft['endpoints.gatewayAccess'])
  return (
    <div className="grid grid-cols-2 gap-4 max-[760px]:grid-cols-1">
      <FormField
        form={form}
        name="endpoints.gateway"
        label="Gateway URL"
        placeholder="https://….execute-api.us-east-1.amazonaws.com/test"
        help="REST proxy or invoke URL of API Gateway."
      />
      <WayField
        form={form}
        name="endpoints.gatewayThrough"
        label="The gateway is reached"
        help="Through the machine where the REST proxy there opens no port."
      />
      <FormChoice
        form={form}
        name="endpoints.gatewayAccess"
        label="Access to the gateway"
        className="col-span-full"
        choices={gatewayAccessSchema.options}
        texts={accesses}
        value={access}
      />
      {gatewayKey !== undefined && access === 'apiKey' && (
        <TextField
          className="col-span-full"
          label="API key of the gateway"
          type="password"
          value={gatewayKey.value}
          onChange={gatewayKey.onChange}
          error={gatewayKey.error}
          help="Kept in the app’s memory until it ends; not part of the saved pipeline."
        />
      )}
      <FormField
        form={form}
        name="endpoints.bootstrap"
        label="Bootstrap servers"
        placeholder="host:9092, host:9092"
        help="Kafka itself, as seen from where it is reached."
      />
      <WayField
        form={form}
        name="endpoints.through"
        label="Kafka is reached"
        help="The Machine page says which; private addresses of brokers need nothing more."
      />
      <KafkaAccessFields form={form} {...(kafkaPassword === undefined ? {} : { password: kafkaPassword })} />
      <FormField
        form={form}
        name="endpoints.kinesis"
        label="Kinesis endpoint"
        placeholder="https://kinesis.us-east-1.amazonaws.com"
      />
      <FormField form={form} name="endpoints.region" label="Region" />
    </div>
  )
}

interface WayFieldProps {
  readonly form: Form
  readonly name: 'endpoints.through' | 'endpoints.gatewayThrough'
  readonly label: string
  readonly help: string
}

/** From here, or by the pipeline's machine. */
function WayField({ form, name, label, help }: WayFieldProps) {
  return (
    <SelectField
      label={label}
      value={form.draft[name] === 'machine' ? 'machine' : 'direct'}
      options={[
        { value: 'direct', label: 'From this computer' },
        { value: 'machine', label: 'Through the machine (SSH)' },
      ]}
      onChange={(value) => form.set(name, value)}
      help={help}
      error={form.error(name)}
    />
  )
}
