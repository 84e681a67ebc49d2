/** How Kafka is spoken to: in clear, over TLS, and as whom. */
import { type KafkaAccessKind, kafkaAccessSchema, wantsPassword } from '../../../shared/settings.ts'
import { TextField } from '../../ui/Field.tsx'
import { FormChoice } from '../form/FormChoice.tsx'
import { FormField } from '../form/FormField.tsx'
import type { Form } from '../form/useForm.ts'
import type { SecretInput } from './EndpointFields.tsx'

const accesses: Readonly<Record<KafkaAccessKind, { readonly label: string; readonly help: string }>> = {
  plaintext: { label: 'In clear', help: 'Anybody on the way can read it. MSK: port 9092.' },
  tls: { label: 'TLS', help: 'Encrypted, without a sign-in. MSK: port 9094.' },
  saslPlain: {
    label: 'User and password (PLAIN)',
    help: 'Over TLS; the broker gets the password itself.',
  },
  scram256: {
    label: 'User and password (SCRAM-SHA-256)',
    help: 'Over TLS; the password stays here.',
  },
  scram512: {
    label: 'User and password (SCRAM-SHA-512)',
    help: 'Over TLS; the password stays here. MSK: port 9096.',
  },
  mskIam: {
    label: 'AWS identity (IAM of MSK)',
    help: 'Over TLS; tokens are signed here with the identity of the page AWS. MSK: port 9098.',
  },
}

interface KafkaAccessFieldsProps {
  readonly form: Form
  /** Only where it is asked for together with the address. */
  readonly password?: SecretInput
}

export function KafkaAccessFields({ form, password }: KafkaAccessFieldsProps) {
  const kind = kafkaAccessSchema.catch('plaintext').parse(form.draft['endpoints.kafkaAccess'])
  return (
    <>
      <FormChoice
        form={form}
        name="endpoints.kafkaAccess"
        label="Kafka is spoken to"
        className="col-span-full"
        choices={kafkaAccessSchema.options}
        texts={accesses}
        value={kind}
      />
      {wantsPassword(kind) && (
        <FormField form={form} name="endpoints.kafkaUser" label="User of Kafka" autoComplete="off" />
      )}
      {wantsPassword(kind) && password !== undefined && (
        <TextField
          label="Password of that user"
          type="password"
          value={password.value}
          onChange={password.onChange}
          error={password.error}
          help="Kept in the app’s memory until it ends; not part of the saved pipeline."
        />
      )}
      {kind === 'mskIam' && (
        <FormField
          form={form}
          name="endpoints.kafkaRole"
          label="Role that signs"
          placeholder="arn:aws:iam::123456789012:role/name"
          help="Empty: the identity of the page AWS itself."
        />
      )}
      {kind !== 'plaintext' && (
        <FormField
          className={kind === 'tls' || password !== undefined ? 'col-span-full' : ''}
          form={form}
          name="endpoints.kafkaCaFile"
          label="CA file of Kafka"
          placeholder="/path/to/ca.pem"
          help="PEM, for brokers with certificates of a private authority. MSK needs none."
        />
      )}
    </>
  )
}
