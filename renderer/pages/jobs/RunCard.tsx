/** One run: its tasks as they work, what failed and why, and what can be done. */
import { Link } from '@tanstack/react-router'
import type { JobRunDetail } from '../../../shared/contract/databricks.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { duration } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useNow } from '../../components/useNow.ts'
import { WorkspaceLink } from '../../components/WorkspaceLink.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { RunState } from './RunState.tsx'

interface RunCardProps {
  readonly detail: JobRunDetail
  readonly onChanged: () => void
}

export function RunCard({ detail, onChanged }: RunCardProps) {
  const pipeline = usePipeline().id
  const { run, errors, answers } = detail
  const now = useNow(1_000)
  const cancel = useAction(client.databricks.cancel, onChanged)
  const repair = useAction(client.databricks.repair, onChanged)
  const working = run.state === 'waiting' || run.state === 'running' || run.state === 'ending'
  const mendable = !working && run.state !== 'done'
  return (
    <Card
      title={`Run ${run.runId}`}
      actions={
        <>
          {answers !== null && (
            <Link to="/answers" search={{ set: answers }} className={buttonClass({ small: true })}>
              Answers
            </Link>
          )}
          <WorkspaceLink page={{ kind: 'run', id: run.runId }} words="Open the run" />
          {working && (
            <Button
              small
              disabled={run.state === 'ending'}
              busy={cancel.isPending}
              onClick={() => cancel.mutate({ pipeline, runId: run.runId })}
            >
              Cancel
            </Button>
          )}
          {mendable && (
            <Button
              small
              variant="primary"
              busy={repair.isPending}
              onClick={() => repair.mutate({ pipeline, runId: run.runId })}
            >
              Repair
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-3">
        <p role="status" className="flex flex-wrap items-center gap-x-3">
          <RunState state={run.state} />
          <span className="num text-sm text-ink-2">{run.word}</span>
          {run.startedAt !== null && (
            <span className="num text-sm text-ink-2">
              {duration(run.workedMs ?? Math.max(0, now - run.startedAt))}
            </span>
          )}
        </p>
        {run.state === 'waiting' && (
          <p className="text-sm text-ink-2">
            It waits for its compute. A cluster that has ended takes 3 to 7 minutes to start, serverless some
            seconds.
          </p>
        )}
        <ul aria-label="Tasks" className="grid gap-1">
          {run.tasks.map(({ key, state, startedAt, endedAt, message }) => (
            <li key={key} className="flex flex-wrap items-center gap-x-3 text-sm">
              <span className="w-24 font-medium">{key}</span>
              <RunState state={state} />
              <span className="num text-ink-2">
                {startedAt !== null && duration(Math.max(0, (endedAt ?? now) - startedAt))}
              </span>
              <span className="min-w-0 truncate text-ink-2">{message}</span>
            </li>
          ))}
        </ul>
        {errors.map(({ key, problem, trace }) => (
          <div key={key} className="grid gap-2">
            <ProblemNotice problem={problem} alert />
            {trace !== null && (
              <section
                // A long trace is scrolled by keyboard too.
                // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
                tabIndex={0}
                aria-label={`What the notebook of ${key} said`}
                className="max-h-72 overflow-auto rounded-lg bg-sunken p-3"
              >
                <pre className="num text-xs">{trace}</pre>
              </section>
            )}
          </div>
        ))}
        <ProblemNotice problem={cancel.error ?? repair.error} alert />
      </div>
    </Card>
  )
}
