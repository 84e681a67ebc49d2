/** Every option of an emulation; what a newcomer needs is in view, the rest one step away. */
import type { SinkId } from '../../../shared/emulation.ts'
import { sinkIds } from '../../../shared/emulation.ts'
import { sinkNames } from '../../components/runTexts.ts'
import { CheckField, Segments, SelectField, TextField } from '../../ui/Field.tsx'
import type { FormState } from './formState.ts'
import { SourceFields } from './SourceFields.tsx'

export interface FieldsProps {
  readonly state: FormState
  readonly change: (part: Partial<FormState>) => void
  readonly errors: Readonly<Record<string, string>>
}

export function SettingsForm(props: FieldsProps) {
  return (
    <div className="grid gap-5">
      <PaceFields {...props} />
      <SinkFields {...props} />
      <SourceFields {...props} />
      <details>
        <summary className="cursor-pointer font-medium">More settings</summary>
        <div className="mt-3 grid gap-4">
          <LoadFields {...props} />
        </div>
      </details>
    </div>
  )
}

function PaceFields({ state, change, errors }: FieldsProps) {
  return (
    <div className="grid gap-3">
      <Segments
        label="Pace"
        value={state.rate}
        options={[
          { value: 'faithful', label: 'As the original' },
          { value: 'constant', label: 'Constant rate' },
          { value: 'max', label: 'As fast as possible' },
        ]}
        onChange={(rate) => change({ rate })}
      />
      {state.rate === 'faithful' && (
        <p className="text-xs text-ink-2">
          0 or 1 second of sleep before each post, with the original’s own dice.
        </p>
      )}
      {state.rate === 'constant' && (
        <TextField
          label="Posts a second"
          inputMode="decimal"
          value={state.postsPerSecond}
          onChange={(postsPerSecond) => change({ postsPerSecond })}
          help="Each post is three records."
          error={errors['rate.postsPerSecond']}
        />
      )}
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label="Stop after posts"
          inputMode="numeric"
          value={state.posts}
          onChange={(posts) => change({ posts })}
          help="Empty: until you stop it."
          error={errors.posts}
        />
        <TextField
          label="Stop after seconds"
          inputMode="decimal"
          value={state.seconds}
          onChange={(seconds) => change({ seconds })}
          help="Whichever comes first."
          error={errors.forMs}
        />
      </div>
    </div>
  )
}

function SinkFields({ state, change, errors }: FieldsProps) {
  const toggle = (sink: SinkId, on: boolean) =>
    change({ sinks: sinkIds.filter((id) => (id === sink ? on : state.sinks.includes(id))) })
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">Where posts go</legend>
      {sinkIds.map((id) => (
        <CheckField
          key={id}
          label={sinkNames[id]}
          checked={state.sinks.includes(id)}
          onChange={(on) => toggle(id, on)}
        />
      ))}
      {errors.sinks !== undefined && <p className="text-xs font-medium text-bad">{errors.sinks}</p>}
      {state.sinks.includes('file') && (
        <TextField
          label="Folder of the files"
          value={state.filePath}
          onChange={(filePath) => change({ filePath })}
          help="Empty: the run’s own folder."
          error={errors.filePath}
        />
      )}
    </fieldset>
  )
}

function LoadFields({ state, change, errors }: FieldsProps) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          label="Order of the rows"
          value={state.order}
          options={[
            { value: 'faithful', label: 'As the original: 7528, 2863 …' },
            { value: 'sequential', label: 'One after the other' },
            { value: 'random', label: 'Random' },
          ]}
          onChange={(order) => change({ order })}
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
          help="1 as the original; Kinesis takes at most 500."
          error={errors.batch}
        />
        <TextField
          label="Requests in flight"
          inputMode="numeric"
          value={state.inFlight}
          onChange={(inFlight) => change({ inFlight })}
          help="For each sink."
          error={errors.inFlight}
        />
        <SelectField
          label="Partition key"
          value={state.key}
          options={[
            { value: 'index', label: 'The row’s index' },
            { value: 'uuid', label: 'A new UUID each time' },
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
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          label="Acknowledgement (Kafka directly)"
          value={state.acks}
          options={[
            { value: 'all', label: 'All replicas' },
            { value: 'leader', label: 'The leader' },
            { value: 'none', label: 'None: nothing can be proved' },
          ]}
          onChange={(acks) => change({ acks })}
        />
        <SelectField
          label="Compression (Kafka directly)"
          value={state.compression}
          options={(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const).map((value) => ({
            value,
            label: value,
          }))}
          onChange={(compression) => change({ compression })}
        />
      </div>
    </>
  )
}
