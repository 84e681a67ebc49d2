/** What Set-up brings to the pipeline's machine. */
import { brokerChoiceSchema, brokerTexts, proxyChoiceSchema, proxyTexts } from '../../../shared/services.ts'
import { SelectField } from '../../ui/Field.tsx'
import { FormChoice } from '../form/FormChoice.tsx'
import { FormField } from '../form/FormField.tsx'
import type { Form } from '../form/useForm.ts'

export function KafkaHostFields({ form }: { readonly form: Form }) {
  const proxy = proxyChoiceSchema.catch('gateway').parse(form.draft['kafkaHost.proxy'])
  const broker = brokerChoiceSchema.catch('machine').parse(form.draft['kafkaHost.broker'])
  return (
    <div className="grid grid-cols-2 gap-4 max-[760px]:grid-cols-1">
      <FormChoice
        form={form}
        name="kafkaHost.broker"
        label="Kafka"
        choices={brokerChoiceSchema.options}
        texts={brokerTexts}
        value={broker}
      />
      {broker === 'msk' ? (
        <FormField
          form={form}
          name="kafkaHost.role"
          label="Role that the machine takes on"
          placeholder="none: its instance profile itself"
          help="An ARN. The role’s trust policy must name the role of the machine."
        />
      ) : (
        <div className="max-[760px]:hidden" />
      )}
      {broker === 'msk' && (
        <SelectField
          label="The record that proves it goes to"
          value={form.draft['kafkaHost.healthTopic'] === 'pin' ? 'pin' : 'own'}
          options={[
            { value: 'own', label: 'a topic of its own' },
            { value: 'pin', label: 'the topic of posts' },
          ]}
          onChange={(value) => form.set('kafkaHost.healthTopic', value)}
          help="Where your rights name only the three topics, choose the topic of posts: it then holds one marked record more."
          error={form.error('kafkaHost.healthTopic')}
        />
      )}
      {broker === 'msk' && <div className="max-[760px]:hidden" />}
      <FormChoice
        form={form}
        name="kafkaHost.proxy"
        label="REST proxy"
        choices={proxyChoiceSchema.options}
        texts={proxyTexts}
        value={proxy}
      />
      {proxy === 'confluent' ? (
        <FormField
          form={form}
          name="kafkaHost.confluentVersion"
          label="Version of Confluent"
          placeholder="the one this app is made for"
          help="Community edition. 8.x runs on Java 17 or 21; 7.x on 17 as well, 7.0 only on 8 or 11."
        />
      ) : (
        <div className="max-[760px]:hidden" />
      )}
      <FormField
        form={form}
        name="kafkaHost.version"
        label="Version of Kafka"
        placeholder="the one this app is made for"
        help="Another one is installed beside it; the broker is started anew."
      />
      {proxy !== 'none' && (
        <FormField
          number
          form={form}
          name="kafkaHost.proxyPort"
          label="Port of the proxy"
          help="On the machine’s loopback address; it is reached through SSH."
        />
      )}
    </div>
  )
}
