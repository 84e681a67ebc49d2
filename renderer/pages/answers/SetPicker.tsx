/** Which run's answers are shown, and which are compared with them. */
import { Link } from '@tanstack/react-router'
import type { AnswerSetHead } from '../../../shared/contract/answers.ts'
import { timeAt } from '../../components/format.ts'
import { useNow } from '../../components/useNow.ts'
import { SelectField } from '../../ui/Field.tsx'

interface SetPickerProps {
  readonly sets: readonly AnswerSetHead[]
  readonly shown: string
  /** Empty where nothing is compared. */
  readonly other: string
  readonly onChoose: (next: { readonly set: string; readonly with?: string }) => void
}

export function SetPicker({ sets, shown, other, onChoose }: SetPickerProps) {
  const now = useNow(60_000)
  const options = sets.map(({ id, at, from }) => ({
    value: id,
    label: `${timeAt(at, now)} · ${from.kind === 'here' ? 'here' : 'Databricks'} · ${from.runId}`,
  }))
  const source = (id: string) => sets.find((set) => set.id === id)
  const choose = (set: string, compared: string) =>
    onChoose(compared === '' || compared === set ? { set } : { set, with: compared })
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-1 max-[760px]:grid-cols-1">
      <div className="grid content-start gap-1">
        <SelectField
          label={other === '' ? 'Answers of the run' : 'First'}
          value={shown}
          options={options}
          onChange={(set) => choose(set, other)}
        />
        <Source set={source(shown)} />
      </div>
      <div className="grid content-start gap-1">
        <SelectField
          label={other === '' ? 'Compare with' : 'Second'}
          value={other}
          disabled={sets.length < 2}
          options={[
            { value: '', label: sets.length < 2 ? 'there is no other run yet' : 'nothing' },
            ...options.filter(({ value }) => value !== shown),
          ]}
          onChange={(compared) => choose(shown, compared)}
        />
        <Source set={source(other)} />
      </div>
    </div>
  )
}

/** The run they come from. */
function Source({ set }: { readonly set: AnswerSetHead | undefined }) {
  if (set === undefined) return null
  const { from } = set
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm text-ink-2">
      {from.kind === 'here' ? 'Run on this computer.' : `Run ${from.runId} in Databricks.`}
      <Link
        to={from.kind === 'here' ? '/notebooks' : '/jobs'}
        search={{ run: from.runId }}
        className="font-medium text-accent underline underline-offset-2"
      >
        Open the run
      </Link>
    </p>
  )
}
