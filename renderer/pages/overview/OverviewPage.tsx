/** Overview: the whole pipeline in one live picture, and what to do next. */
import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { Play, Square } from 'lucide-react'
import { useEffect } from 'react'
import { useOverview, usePipeline } from '../../api/pipeline.ts'
import { PlanProgress } from '../../components/PlanProgress.tsx'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useFirstRun } from '../../components/useFirstRun.ts'
import { usePlanControl } from '../../components/usePlanControl.ts'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { PipelineMap } from './PipelineMap.tsx'
import { RecentActivity } from './RecentActivity.tsx'
import { RunNumbers } from './RunNumbers.tsx'

export function OverviewPage() {
  const { id, settings } = usePipeline()
  const { value, problem } = useOverview(id)
  const control = usePlanControl()
  const plan = control.plan.value
  const navigate = useNavigate()
  const firstRun = useFirstRun()
  // Whoever is on the way to another page already is not called back.
  const here = useRouterState({ select: ({ location }) => location.pathname === '/' })
  useEffect(() => {
    if (firstRun && here) void navigate({ to: '/welcome', replace: true })
  }, [firstRun, here, navigate])

  const busy = plan?.running != null || control.asking
  const local = settings.kind === 'local'
  const failed = plan?.outcome === 'failed' && plan.running === null && !value?.running
  return (
    <>
      <PageHead
        title="Overview"
        sub={value?.headline ?? ''}
        actions={
          value !== undefined && (
            <>
              {local && value.running && (
                <Button icon={Square} busy={busy} onClick={() => control.run('undo')}>
                  Stop
                </Button>
              )}
              {local && !value.running && (
                <Button icon={Play} variant="primary" busy={busy} onClick={() => control.run('apply')}>
                  Start
                </Button>
              )}
              {local && (
                <Link to="/incidents" className={buttonClass({})}>
                  Practise an incident
                </Link>
              )}
              <Button
                {...(value.running || !local ? { variant: 'primary' as const } : {})}
                onClick={() => void navigate({ to: '/emulation' })}
              >
                Emulate…
              </Button>
            </>
          )
        }
      />
      {plan !== undefined && <PlanProgress plan={plan} onCancel={control.cancel} withLink />}
      <ProblemNotice problem={control.error} alert />
      {failed && (
        <ProblemNotice
          problem={plan.steps.find((step) => step.problem !== null)?.problem ?? null}
          actions={
            <Link to="/setup" className={buttonClass({ small: true })}>
              See the steps
            </Link>
          }
        />
      )}
      {value === undefined && <ProblemNotice problem={problem} />}
      {value === undefined ? (
        <Skeleton className="h-[392px] rounded-xl" />
      ) : (
        <PipelineMap pipeline={id} overview={value} />
      )}
      <div className="grid grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)] gap-4">
        <RunNumbers runId={value?.runId ?? null} />
        <RecentActivity />
      </div>
    </>
  )
}
