/** Where what somebody else runs is reached. */
import { FormField } from '../form/FormField.tsx'
import type { Form } from '../form/useForm.ts'

export function EndpointFields({ form }: { readonly form: Form }) {
  return (
    <div className="grid grid-cols-2 gap-4 max-[760px]:grid-cols-1">
      <FormField
        form={form}
        name="endpoints.gateway"
        label="Gateway URL"
        placeholder="https://….execute-api.us-east-1.amazonaws.com/test"
        help="REST proxy or invoke URL of API Gateway."
      />
      <FormField
        form={form}
        name="endpoints.bootstrap"
        label="Bootstrap servers"
        placeholder="host:9092, host:9092"
        help="Kafka itself, if it can be reached from here."
      />
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
