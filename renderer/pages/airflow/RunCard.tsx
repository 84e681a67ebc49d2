/** One run: its tasks as they work, and what failed with the end of its log. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { duration } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useNow } from '../../components/useNow.ts'
import { buttonClass } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { LogText } from './LogText.tsx'
import { isOver, RunMark } from './RunMark.tsx'

interface RunCardProps {
  readonly runId: string
  readonly onOver: () => void
}

export function RunCard({ runId, onOver }: RunCardProps) {
  const { id: pipeline } = usePipeline()
  const now = useNow(1_000)
  const detail = useQuery({
    queryKey: ['airflow', pipeline, 'run', runId],
    queryFn: ({ signal }) => client.airflow.run({ pipeline, runId }, { signal }),
    refetchInterval: ({ state }) => (isOver(state.data?.run.state ?? '') ? false : 3_000),
  })
  const over = isOver(detail.data?.run.state ?? '')
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the end that matters
  useEffect(() => {
    if (over) onOver()
  }, [over])
  return (
    <Card title={`Run ${runId}`}>
      <div className="grid gap-3">
        <ProblemNotice problem={detail.error} />
        {detail.data === undefined && detail.error === null && <Skeleton className="h-20 rounded-lg" />}
        {detail.data !== undefined && (
          <p role="status">
            <RunMark state={detail.data.run.state} />
          </p>
        )}
        {detail.data !== undefined && detail.data.note !== '' && (
          <Notice tone={over ? 'bad' : 'warn'} title={detail.data.note} />
        )}
        <ul aria-label="Tasks" className="grid gap-3">
          {detail.data?.tasks.map(
            ({ id, state, attempt, attempts, startedAt, endedAt, databricksRun, failure }) => (
              <li key={id} className="grid gap-2 text-sm">
                <div className="flex flex-wrap items-center gap-x-3">
                  <span className="font-medium">{id}</span>
                  <RunMark state={state} />
                  <span className="num text-ink-2">
                    {startedAt !== null && duration(Math.max(0, (endedAt ?? now) - startedAt))}
                  </span>
                  {attempt > 0 && (
                    <span className="text-ink-2">
                      attempt {attempt} of {attempts}
                    </span>
                  )}
                  {databricksRun !== null && (
                    <Link to="/jobs" search={{ run: databricksRun }} className={buttonClass({ small: true })}>
                      Its run in Databricks
                    </Link>
                  )}
                </div>
                {failure !== null && (
                  <>
                    <Notice
                      tone="bad"
                      title={failure.reason || 'The log of the task says why'}
                      hint="Below stands the end of the task’s log in Airflow. The run’s own page in Databricks has the cell."
                    />
                    <LogText label={`Log of ${id}`} lines={failure.log} />
                  </>
                )}
              </li>
            ),
          )}
        </ul>
      </div>
    </Card>
  )
}
