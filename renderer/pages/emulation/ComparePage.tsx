/** Two runs compared: which settings differ, and what came of each. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys } from '../../api/query.ts'
import { timeAt } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { buttonClass } from '../../ui/Button.tsx'
import { Card, PageHead } from '../../ui/Card.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { type CompareRow, outcomes, settingsThatDiffer } from './compareRuns.ts'

export function ComparePage() {
  const pipeline = usePipeline().id
  const search = useSearch({ from: '/compare' })
  const navigate = useNavigate()
  const history = useQuery({
    queryKey: keys.runs(pipeline),
    queryFn: ({ signal }) => client.emulation.list({ pipeline }, { signal }),
    // Another door may have begun one since the list was last read.
    refetchOnMount: 'always',
  })
  const runs = history.data?.toSorted((x, y) => y.startedAt - x.startedAt) ?? []
  const a = search.a ?? runs[1]?.runId ?? ''
  const b = search.b ?? runs[0]?.runId ?? ''
  const runOf = (runId: string) => ({
    queryKey: ['emulation.get', pipeline, runId],
    queryFn: ({ signal }: { signal: AbortSignal }) => client.emulation.get({ pipeline, runId }, { signal }),
    enabled: runId !== '',
    retry: false,
  })
  const left = useQuery(runOf(a))
  const right = useQuery(runOf(b))
  const options = runs.map(({ runId, startedAt }) => ({
    value: runId,
    label: `${timeAt(startedAt, Date.now())} · ${runId}`,
  }))
  const choose = (next: { a?: string; b?: string }) =>
    void navigate({ to: '/compare', search: { a, b, ...next }, replace: true })
  return (
    <>
      <div>
        <Link to="/emulation" className={`${buttonClass({ variant: 'quiet', small: true })} mb-1 -ml-2`}>
          <ArrowLeft size={14} aria-hidden /> Emulation
        </Link>
        <PageHead title="Compare runs" sub="Which settings differ, and what came of each." />
      </div>
      <ProblemNotice problem={history.error ?? left.error ?? right.error} />
      {history.data !== undefined && runs.length < 2 && (
        <p className="text-ink-2">There is only one run, or none. Run two and come back.</p>
      )}
      {runs.length >= 2 && (
        <div className="grid gap-3 sm:grid-cols-2">
          <SelectField
            label="One run"
            value={a}
            options={options}
            onChange={(value) => choose({ a: value })}
          />
          <SelectField
            label="Another run"
            value={b}
            options={options}
            onChange={(value) => choose({ b: value })}
          />
        </div>
      )}
      {left.data !== undefined && right.data !== undefined && (
        <>
          <Pairs
            title="Settings that differ"
            rows={settingsThatDiffer(left.data.options, right.data.options)}
            none="Both have the same settings."
          />
          <Pairs title="What came of it" rows={outcomes(left.data, right.data)} none="" />
        </>
      )}
    </>
  )
}

interface PairsProps {
  readonly title: string
  readonly rows: readonly CompareRow[]
  readonly none: string
}

function Pairs({ title, rows, none }: PairsProps) {
  return (
    <Card title={title}>
      {rows.length === 0 ? (
        <p className="text-ink-2">{none}</p>
      ) : (
        <table aria-label={title} className="w-full text-sm">
          <thead>
            <tr className="text-left text-xs text-ink-2 [&>th]:pr-5 [&>th]:pb-1 [&>th]:font-medium">
              <th scope="col" className="w-1/3">
                <span className="sr-only">What</span>
              </th>
              <th scope="col" className="w-1/3">
                One run
              </th>
              <th scope="col">Another run</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, a, b }) => (
              <tr key={name} className="border-t border-line align-top [&>td]:py-1.5 [&>td]:pr-5">
                <td>{name}</td>
                <td className="num [overflow-wrap:anywhere]">{a}</td>
                <td className={`num [overflow-wrap:anywhere] ${a === b ? '' : 'font-medium'}`}>{b}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}
