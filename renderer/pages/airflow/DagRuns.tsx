/** The runs of the DAG, newest first. */
import { useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { duration } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { RunRow } from '../../components/RunRow.tsx'
import { useNow } from '../../components/useNow.ts'
import { Card } from '../../ui/Card.tsx'
import { RunMark } from './RunMark.tsx'

interface DagRunsProps {
  readonly shown: string | null
  readonly onShow: (runId: string) => void
}

const kinds: Readonly<Record<string, string>> = {
  scheduled: 'by its schedule',
  manual: 'by hand',
  backfill: 'for a day that has gone by',
}

export function DagRuns({ shown, onShow }: DagRunsProps) {
  const { id: pipeline } = usePipeline()
  const now = useNow(1_000)
  const runs = useQuery({
    queryKey: ['airflow', pipeline, 'runs'],
    queryFn: ({ signal }) => client.airflow.runs({ pipeline, limit: 20 }, { signal }),
    // The schedule begins runs too.
    refetchInterval: 5_000,
  })
  return (
    <Card title="Runs">
      <ProblemNotice problem={runs.error} />
      {runs.data?.length === 0 && <p className="text-sm text-ink-2">It has not run yet.</p>}
      <ul aria-label="Runs" className="grid gap-1">
        {runs.data?.map(({ runId, state, kind, startedAt, endedAt }) => (
          <RunRow key={runId} {...{ runId, startedAt, now, onShow }} shown={runId === shown}>
            <RunMark state={state} />
            <span className="num text-ink-2">
              {startedAt !== null && duration(Math.max(0, (endedAt ?? now) - startedAt))}
            </span>
            <span className="min-w-0 flex-1 truncate text-ink-2">{kinds[kind] ?? kind}</span>
          </RunRow>
        ))}
      </ul>
    </Card>
  )
}
