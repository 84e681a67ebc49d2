/** Airflow: the environment of MWAA, the pipeline's DAG in it, and its runs with what failed and why. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CalendarClock, ExternalLink } from 'lucide-react'
import type { AirflowRunView } from '../../../shared/contract/airflow.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { CheckFile } from './CheckFile.tsx'
import { DagCard } from './DagCard.tsx'
import { DagRuns } from './DagRuns.tsx'
import { EnvironmentCard } from './EnvironmentCard.tsx'
import { RunCard } from './RunCard.tsx'

/** An environment changes within minutes; it is asked so often, ms. */
const lookEveryMs = 10_000

export function AirflowPage() {
  const { id: pipeline } = usePipeline()
  const navigate = useNavigate()
  const { run } = useSearch({ from: '/airflow' })
  const status = useQuery({
    queryKey: ['airflow', pipeline, 'status'],
    queryFn: ({ signal }) => client.airflow.status({ pipeline }, { signal }),
    refetchInterval: lookEveryMs,
  })
  const open = useAction(client.airflow.open, ({ opened, url }) => {
    if (!opened) window.open(url, '_blank', 'noopener,noreferrer')
  })
  const changed = () => void queryClient.invalidateQueries({ queryKey: ['airflow', pipeline] })
  const show = (runId: string) => void navigate({ to: '/airflow', search: { run: runId } })
  const trigger = useAction(client.airflow.trigger, ({ runId }: AirflowRunView) => {
    changed()
    show(runId)
  })
  const { environment, dag } = status.data ?? { environment: null, dag: null }
  return (
    <>
      <PageHead
        title="Airflow"
        sub="What runs the notebook every day: an environment of MWAA, and the pipeline’s DAG in it."
        actions={
          environment !== null && (
            <>
              <Button icon={ExternalLink} busy={open.isPending} onClick={() => open.mutate({ pipeline })}>
                Open Airflow
              </Button>
              <Link to="/airflow-setup" className={buttonClass({})}>
                Set up
              </Link>
            </>
          )
        }
      />
      <ProblemNotice problem={status.error} />
      <ProblemNotice problem={open.error ?? trigger.error} alert />
      {status.data === undefined && status.error === null && <Skeleton className="h-40 rounded-xl" />}
      {(status.error !== null || (status.data !== undefined && environment === null)) && <Nothing />}
      {status.data !== undefined && environment !== null && (
        <>
          <div className="grid grid-cols-2 items-start gap-4 max-[900px]:grid-cols-1">
            <EnvironmentCard environment={environment} />
            <DagCard
              status={status.data}
              busy={trigger.isPending}
              onTrigger={() => trigger.mutate({ pipeline })}
              onChanged={changed}
            />
          </div>
          <ProblemNotice problem={status.data.problem} />
          {dag !== null && <DagRuns shown={run ?? null} onShow={show} />}
          {run !== undefined && <RunCard key={run} runId={run} onOver={changed} />}
        </>
      )}
      <CheckFile />
    </>
  )
}

function Nothing() {
  return (
    <div className="rounded-xl border border-line bg-panel">
      <Empty
        icon={CalendarClock}
        title="No environment yet"
        action={
          <Link to="/airflow-setup" className={buttonClass({ variant: 'primary' })}>
            Set up Airflow
          </Link>
        }
      >
        With an environment of MWAA and a workspace of Databricks, the notebook runs by itself every day. Its
        DAG is made here, checked, and put there.
      </Empty>
    </div>
  )
}
