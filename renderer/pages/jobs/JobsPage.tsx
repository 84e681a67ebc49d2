/** Jobs: the pipeline's jobs in Databricks, their runs with live states, and what can be done about each. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ListTodo } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { DatabricksJob } from '../../../shared/contract/databricks.ts'
import { client } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useDatabricks } from '../../components/useDatabricks.ts'
import { WorkspaceLink } from '../../components/WorkspaceLink.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Card, Empty, PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { JobRuns } from './JobRuns.tsx'
import { RunCard } from './RunCard.tsx'

const titles: Readonly<Record<DatabricksJob['job'], string>> = {
  batch: 'Cleaning and the eight questions',
  streaming: 'The streams',
}

export function JobsPage() {
  const { value, problem } = useDatabricks()
  const connected = value?.identity !== null && value !== undefined
  return (
    <>
      <PageHead title="Jobs" sub="What runs in the Databricks workspace, and what it came to." />
      <ProblemNotice problem={problem} />
      {value === undefined && problem === null && <Skeleton className="h-40 rounded-xl" />}
      {value !== undefined && !connected && (
        <>
          <ProblemNotice problem={value.problem} />
          <Nothing title="No workspace yet" to="Connect to Databricks">
            Jobs run in a workspace of Databricks. On this computer the notebooks run on the page Notebooks.
          </Nothing>
        </>
      )}
      {connected && <Jobs key={value.host} />}
    </>
  )
}

function Nothing({ title, to, children }: { title: string; to: string; children: string }) {
  return (
    <div className="rounded-xl border border-line bg-panel">
      <Empty
        icon={ListTodo}
        title={title}
        action={
          <Link to="/databricks" className={buttonClass({})}>
            {to}
          </Link>
        }
      >
        {children}
      </Empty>
    </div>
  )
}

function Jobs() {
  const { id: pipeline } = usePipeline()
  const navigate = useNavigate()
  const { run: shown } = useSearch({ from: '/jobs' })
  const jobs = useQuery({
    queryKey: ['databricks', pipeline, 'jobs'],
    queryFn: ({ signal }) => client.databricks.jobs({ pipeline }, { signal }),
  })
  // A run that is repaired goes on after its end: it is watched anew.
  const [round, setRound] = useState(0)
  const key = shown === undefined ? null : `databricks run ${pipeline} ${shown} ${round}`
  const detail = useLive(key, (signal) =>
    client.databricks.watchRun({ pipeline, runId: shown ?? '' }, { signal }),
  )
  const changed = () => void queryClient.invalidateQueries({ queryKey: ['databricks', pipeline, 'runs'] })
  const show = (runId: string) => void navigate({ to: '/jobs', search: { run: runId } })
  const start = useAction(client.databricks.runNow, ({ runId }) => {
    changed()
    show(runId)
  })
  const state = detail.value?.run.state
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of state that matters
  useEffect(changed, [state, pipeline])
  return (
    <>
      <ProblemNotice problem={jobs.error ?? start.error ?? detail.problem} alert />
      {jobs.data === undefined && jobs.error === null && <Skeleton className="h-40 rounded-xl" />}
      {jobs.data?.length === 0 && (
        <Nothing title="No job yet" to="Put it there">
          The page Databricks makes the job: notebooks imported, the lake sent, and then it can run.
        </Nothing>
      )}
      {jobs.data?.map((job) => (
        <Card
          key={job.jobId}
          title={titles[job.job]}
          actions={
            <>
              <WorkspaceLink page={{ kind: 'job', id: job.jobId }} words="Open the job" />
              <Button
                small
                variant="primary"
                busy={start.isPending}
                aria-label={`Run ${titles[job.job]}`}
                onClick={() => start.mutate({ pipeline, jobId: job.jobId })}
              >
                Run now
              </Button>
            </>
          }
        >
          <p className="mb-3 text-sm text-ink-2">
            {job.tasks.join(', then ')} on {job.compute === 'serverless' ? 'serverless compute' : job.compute}
            ; {job.schedule === null ? 'no schedule' : `${job.schedule}${job.paused ? ', paused' : ''}`}.
          </p>
          <JobRuns jobId={job.jobId} shown={shown ?? null} onShow={show} />
        </Card>
      ))}
      {detail.value !== undefined && (
        <RunCard
          detail={detail.value}
          onChanged={() => {
            changed()
            setRound(round + 1)
          }}
        />
      )}
    </>
  )
}
