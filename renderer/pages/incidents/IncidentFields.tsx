/** The fields of each incident. */
import { useQuery } from '@tanstack/react-query'
import { type BadKind, badKinds, badKindTitles, type IncidentId } from '../../../shared/incidents.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { CheckField, SelectField, TextField } from '../../ui/Field.tsx'
import type { IncidentField, IncidentForm } from './incidentForm.ts'

interface IncidentFieldsProps {
  readonly id: IncidentId
  readonly form: IncidentForm
  readonly errors: Readonly<Partial<Record<IncidentField, string>>>
  /** The pipeline can be asked for its shards. */
  readonly asked: boolean
  readonly change: (part: Partial<IncidentForm>) => void
}

type NumberName = 'seconds' | 'left' | 'delay' | 'records' | 'members' | 'every'

export function IncidentFields(props: IncidentFieldsProps) {
  const { id, form, errors, change } = props
  const field = (name: NumberName, label: string, help: string) => (
    <TextField
      label={label}
      inputMode="decimal"
      value={form[name]}
      error={errors[name]}
      help={help}
      onChange={(value) => change({ [name]: value })}
    />
  )
  const grid = 'grid grid-cols-2 items-start gap-3 sm:grid-cols-3'
  return (
    <>
      <div className={grid}>
        {field('seconds', 'Lasts, seconds', '10 to 300')}
        {id === 'throttled-shard' && field('left', 'Left, records/s', '0 to 999; a shard takes 1,000')}
        {id === 'slow-gateway' && field('delay', 'Delay, ms', '100 to 30,000')}
        {id === 'bad-records' && field('records', 'Records', '1 to 200; they stay')}
        {id === 'rebalance' && field('members', 'Members that come and go', '1 to 8')}
        {id === 'rebalance' && field('every', 'One each, seconds', '1 to 60')}
      </div>
      {id === 'throttled-shard' && <ShardFields {...props} />}
      {id === 'bad-records' && <KindFields {...props} />}
    </>
  )
}

function ShardFields({ form, asked, change }: IncidentFieldsProps) {
  const { id: pipeline, names } = usePipeline()
  const streams = Object.values(names.streams)
  const stream = form.stream === '' ? names.streams.pin : form.stream
  const detail = useQuery({
    queryKey: ['stream', pipeline, stream],
    queryFn: ({ signal }) => client.streams.get({ pipeline, stream }, { signal }),
    enabled: asked,
    retry: false,
  })
  const open = detail.data?.shards.filter((shard) => shard.open) ?? []
  return (
    <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
      <SelectField
        label="Stream"
        value={stream}
        options={streams.map((name) => ({ value: name, label: name }))}
        onChange={(value) => change({ stream: value, shard: '' })}
      />
      <SelectField
        label="Shard"
        value={form.shard}
        options={[
          { value: '', label: 'The first open one' },
          ...open.map(({ id }) => ({ value: id, label: id })),
        ]}
        onChange={(value) => change({ shard: value })}
      />
    </div>
  )
}

function KindFields({ form, errors, change }: IncidentFieldsProps) {
  const toggle = (kind: BadKind, chosen: boolean) =>
    change({ kinds: badKinds.filter((each) => (each === kind ? chosen : form.kinds.includes(each))) })
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-sm font-medium">What is wrong with them</legend>
      <div className="grid grid-cols-1 gap-1.5 sm:grid-cols-2">
        {badKinds.map((kind) => (
          <CheckField
            key={kind}
            label={badKindTitles[kind]}
            checked={form.kinds.includes(kind)}
            onChange={(chosen) => toggle(kind, chosen)}
          />
        ))}
      </div>
      {errors.kinds !== undefined && (
        <p role="alert" className="text-xs font-medium text-bad">
          {errors.kinds}
        </p>
      )}
    </fieldset>
  )
}
