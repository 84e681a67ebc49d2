/** The DAG as Airflow shows it: switched on or paused, when it runs next, or why it cannot be imported. */
import { Link } from '@tanstack/react-router'
import type { AirflowStatus } from '../../../shared/contract/airflow.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { timeAt } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useNow } from '../../components/useNow.ts'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { LogText } from './LogText.tsx'

interface DagCardProps {
  readonly status: AirflowStatus
  /** A run is being asked for. */
  readonly busy: boolean
  readonly onTrigger: () => void
  readonly onChanged: () => void
}

export function DagCard({ status, busy, onTrigger, onChanged }: DagCardProps) {
  const { id: pipeline } = usePipeline()
  const { dagId, dag, importError, problem } = status
  const now = useNow(60_000)
  const pause = useAction(client.airflow.setPaused, onChanged)
  return (
    <Card
      title="DAG"
      actions={
        dag !== null && (
          <>
            <Button
              small
              busy={pause.isPending}
              onClick={() => pause.mutate({ pipeline, paused: !dag.paused })}
            >
              {dag.paused ? 'Switch on' : 'Pause'}
            </Button>
            <Button small variant="primary" busy={busy} onClick={onTrigger}>
              Trigger now
            </Button>
          </>
        )
      }
    >
      <div className="grid gap-3">
        <p role="status" className="flex flex-wrap items-center gap-x-2.5">
          <StateDot
            state={importError !== null ? 'bad' : dag === null || dag.paused ? 'off' : 'good'}
            label=""
          />
          <span className="font-medium">{dagId}</span>
          <span className="text-sm text-ink-2">{words(status)}</span>
        </p>
        {dag !== null && (
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
            <dt className="text-ink-2">Schedule</dt>
            <dd>{dag.schedule || 'by hand only'}</dd>
            <dt className="text-ink-2">Next run</dt>
            <dd className="num">{dag.next === null || dag.paused ? '—' : timeAt(dag.next, now)}</dd>
          </dl>
        )}
        {importError !== null && (
          <>
            <Notice
              tone="bad"
              title={`Airflow cannot import it: ${importError.trim().split('\n').at(-1)}`}
              hint="Without the provider of Databricks it is the requirements (F-69); else the file itself (F-70). Set up mends both."
            />
            <LogText label="Import error" lines={importError.trimEnd().split('\n')} />
          </>
        )}
        {dag === null && problem === null && status.environment?.kind !== 'stuck' && (
          <Link to="/airflow-setup" className={`${buttonClass({})} justify-self-start`}>
            Set up
          </Link>
        )}
        <ProblemNotice problem={pause.error} alert />
      </div>
    </Card>
  )
}

function words({ environment, dag, importError, problem }: AirflowStatus): string {
  if (environment?.kind === 'stuck') return 'not asked for while the environment does not run'
  if (problem !== null) return 'Airflow could not be asked'
  if (importError !== null) return 'broken'
  if (dag === null) return 'Airflow does not show it'
  return dag.paused ? 'paused: its schedule begins no run' : 'switched on'
}
