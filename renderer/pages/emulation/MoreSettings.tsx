/** What a newcomer need not touch: order, batches, requests in flight, keys, and what only Kafka's own protocol knows. */
import { useState } from 'react'
import { SelectField, TextField } from '../../ui/Field.tsx'
import type { FieldsProps } from './SettingsForm.tsx'

/** The options that stand here, by their paths in the contract: an error in one of them opens it. */
const inside = ['seed', 'batch', 'inFlight', 'partitionKey.value', 'acks', 'compression', 'throttledForMs']

const compressions = (['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const).map((value) => ({
  value,
  label: value === 'none' ? 'None' : value,
}))

export function MoreSettings(props: FieldsProps) {
  const [open, setOpen] = useState(false)
  const wrong = inside.some((path) => props.errors[path] !== undefined)
  return (
    <details open={open || wrong} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer rounded font-medium">More settings</summary>
      <div className="mt-3 grid gap-4">
        <LoadFields {...props} />
        <KafkaFields {...props} />
      </div>
    </details>
  )
}

function LoadFields({ state, change, errors }: FieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <SelectField
        label="Order of the rows"
        value={state.order}
        options={[
          { value: 'faithful', label: 'As the original' },
          { value: 'sequential', label: 'One by one' },
          { value: 'random', label: 'Random' },
        ]}
        onChange={(order) => change({ order })}
        help={state.order === 'faithful' && state.seed.trim() === '100' ? '7528, 2863, 5730 …' : undefined}
      />
      <TextField
        label="Seed of the order"
        inputMode="numeric"
        value={state.seed}
        onChange={(seed) => change({ seed })}
        error={errors.seed}
      />
      <TextField
        label="Records in one request"
        inputMode="numeric"
        value={state.batch}
        onChange={(batch) => change({ batch })}
        help="1 as the original; at most 500."
        error={errors.batch}
      />
      <TextField
        label="End after throttled seconds"
        inputMode="decimal"
        value={state.throttledFor}
        onChange={(throttledFor) => change({ throttledFor })}
        help="Limits that refuse so long without a pause end the run. Empty: never."
        error={errors.throttledForMs}
      />
      <TextField
        label="Requests in flight"
        inputMode="numeric"
        value={state.inFlight}
        onChange={(inFlight) => change({ inFlight })}
        help="For each sink, 1 to 64."
        error={errors.inFlight}
      />
      <SelectField
        label="Partition key"
        value={state.key}
        options={[
          { value: 'index', label: 'The row’s index' },
          { value: 'uuid', label: 'A new UUID' },
          { value: 'constant', label: 'Always the same' },
          { value: 'none', label: 'None' },
        ]}
        onChange={(key) => change({ key })}
      />
      {state.key === 'constant' && (
        <TextField
          label="The key"
          value={state.keyValue}
          onChange={(keyValue) => change({ keyValue })}
          help="One key goes to one shard."
          error={errors['partitionKey.value']}
        />
      )}
    </div>
  )
}

function KafkaFields({ state, change }: FieldsProps) {
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1.5 text-sm font-semibold">For Kafka directly</legend>
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          label="Acknowledgement"
          value={state.acks}
          options={[
            { value: 'all', label: 'All replicas' },
            { value: 'leader', label: 'The leader' },
            { value: 'none', label: 'None' },
          ]}
          onChange={(acks) => change({ acks })}
          help={state.acks === 'none' ? 'Then nothing can be proved.' : undefined}
        />
        <SelectField
          label="Compression"
          value={state.compression}
          options={compressions}
          onChange={(compression) => change({ compression })}
        />
      </div>
    </fieldset>
  )
}
