/** Every option of an emulation; what a newcomer needs is in view, the rest one step away. */
import type { SinkId } from '../../../shared/emulation.ts'
import { sinkIds } from '../../../shared/emulation.ts'
import { sinkNames } from '../../components/runTexts.ts'
import { CheckField, Segments, TextField } from '../../ui/Field.tsx'
import { CurveFields } from './CurveFields.tsx'
import type { FormState } from './formState.ts'
import { MoreSettings } from './MoreSettings.tsx'
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
      <MoreSettings {...props} />
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
          { value: 'faithful', label: 'Original' },
          { value: 'constant', label: 'Constant' },
          { value: 'curve', label: 'Changing' },
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
      {state.rate === 'curve' && <CurveFields value={state.curve} onChange={(curve) => change({ curve })} />}
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
