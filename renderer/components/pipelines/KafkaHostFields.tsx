/** What Set-up brings to the pipeline's machine. */
import { proxyChoiceSchema, proxyTexts } from '../../../shared/services.ts'
import { SelectField } from '../../ui/Field.tsx'
import { FormField } from '../form/FormField.tsx'
import type { Form } from '../form/useForm.ts'

export function KafkaHostFields({ form }: { readonly form: Form }) {
  const proxy = proxyChoiceSchema.catch('gateway').parse(form.draft['kafkaHost.proxy'])
  return (
    <div className="grid grid-cols-2 gap-4 max-[760px]:grid-cols-1">
      <SelectField
        label="REST proxy"
        value={proxy}
        options={proxyChoiceSchema.options.map((value) => ({ value, label: proxyTexts[value].label }))}
        onChange={(value) => form.set('kafkaHost.proxy', value)}
        help={proxyTexts[proxy].help}
        error={form.error('kafkaHost.proxy')}
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
