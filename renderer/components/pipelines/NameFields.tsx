/** The user id, and the names of topics and streams, which follow it unless they are given. */
import { kinds, streamName, topicName } from '../../../shared/names.ts'
import { FormField } from '../form/FormField.tsx'
import type { Form } from '../form/useForm.ts'

export function NameFields({ form }: { readonly form: Form }) {
  return (
    <div className="grid grid-cols-2 gap-4 max-[760px]:grid-cols-1">
      <FormField form={form} name="name" label="Name" help="As it is called in the header." />
      <FormField
        form={form}
        name="userId"
        label="User id"
        help="Letters, digits, - and _. Topics and streams are named after it."
      />
    </div>
  )
}

export function OverrideFields({ form }: { readonly form: Form }) {
  const userId = form.draft.userId?.trim() || '…'
  return (
    <>
      <div className="grid grid-cols-3 gap-4 max-[760px]:grid-cols-1">
        {kinds.map((kind) => (
          <FormField
            key={kind}
            form={form}
            name={`topics.names.${kind}`}
            label={`${kind} topic`}
            placeholder={topicName(userId, kind)}
          />
        ))}
        {kinds.map((kind) => (
          <FormField
            key={kind}
            form={form}
            name={`streams.names.${kind}`}
            label={`${kind} stream`}
            placeholder={streamName(userId, kind)}
          />
        ))}
      </div>
      <p className="text-xs text-ink-2">
        In force:{' '}
        {kinds.map((kind, index) => (
          <span key={kind}>
            {index > 0 && ', '}
            <code className="text-ink">
              {form.draft[`topics.names.${kind}`]?.trim() || topicName(userId, kind)}
            </code>
          </span>
        ))}{' '}
        and{' '}
        {kinds.map((kind, index) => (
          <span key={kind}>
            {index > 0 && ', '}
            <code className="text-ink">
              {form.draft[`streams.names.${kind}`]?.trim() || streamName(userId, kind)}
            </code>
          </span>
        ))}
        . An empty field follows the user id.
      </p>
    </>
  )
}
