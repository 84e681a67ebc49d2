/** Set-up: the steps that bring the pipeline up here, or Kafka on its machine; one list run by one engine. */
import { Link } from '@tanstack/react-router'
import { PackageCheck } from 'lucide-react'
import type { PlanState } from '../../../shared/contract/plan.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { PlanProgress } from '../../components/PlanProgress.tsx'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { type PlanControl, usePlanControl } from '../../components/usePlanControl.ts'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { StepItem } from './StepItem.tsx'

export function SetupPage() {
  const { settings } = usePipeline()
  if (settings.kind === 'local') return <LocalSetup />
  return settings.host === null ? <Existing /> : <HostSetup />
}

function LocalSetup() {
  const control = usePlanControl()
  return (
    <PlanPage
      control={control}
      needs="No account and no Docker is needed."
      undo={(steps) => control.run('undo', steps)}
      foot="Applying again changes nothing that is already right. Undo ends what was started here; topics, streams and the lake keep their data."
    />
  )
}

function HostSetup() {
  const { id } = usePipeline()
  const control = usePlanControl('kafkaHost')
  const consent = useConsent()
  const undo = async (steps?: readonly string[]) => {
    const token = await consent.ask({ action: 'plan.undo', pipeline: id, plan: 'kafkaHost' })
    if (token !== null) control.run('undo', steps, token)
  }
  return (
    <>
      <PlanPage
        control={control}
        needs="Kafka comes to the machine of this pipeline, over SSH."
        undo={(steps) => void undo(steps)}
        foot="Applying again changes nothing that is already right. Undo removes what was installed on the machine, with the messages of its topics."
      />
      {consent.dialog}
    </>
  )
}

interface PlanPageProps {
  readonly control: PlanControl
  /** What it takes, told while something is missing. */
  readonly needs: string
  readonly undo: (steps?: readonly string[]) => void
  readonly foot: string
}

function PlanPage({ control, needs, undo, foot }: PlanPageProps) {
  const plan = control.plan.value
  const busy = control.asking || (plan !== undefined && plan.running !== null)
  const done = plan?.steps.every(({ finding }) => finding?.state === 'present') ?? false
  const undoable = plan?.steps.some((step) => step.undoable && step.finding?.state === 'present') ?? false
  return (
    <>
      <PageHead
        title="Set-up"
        live
        sub={plan === undefined ? '' : summary(plan, done, needs)}
        actions={
          <>
            <Button disabled={busy || plan === undefined} onClick={() => control.run('check')}>
              Check all
            </Button>
            <Button disabled={busy || !undoable} onClick={() => undo()}>
              Undo all
            </Button>
            <Button
              {...(done ? {} : { variant: 'primary' as const })}
              disabled={plan === undefined}
              busy={busy}
              onClick={() => control.run('apply')}
            >
              Apply all
            </Button>
          </>
        }
      />
      {plan !== undefined && <PlanProgress plan={plan} onCancel={control.cancel} />}
      <ProblemNotice problem={control.error} alert />
      {plan === undefined && <ProblemNotice problem={control.plan.problem} />}
      {plan === undefined ? (
        <Skeleton className="h-96 rounded-xl" />
      ) : (
        <Steps plan={plan} busy={busy} control={control} undo={undo} foot={foot} />
      )}
    </>
  )
}

interface StepsProps extends Pick<PlanPageProps, 'control' | 'undo' | 'foot'> {
  readonly plan: PlanState
  readonly busy: boolean
}

function Steps({ plan, busy, control, undo, foot }: StepsProps) {
  return (
    <>
      {plan.outcome === 'cancelled' && plan.running === null && (
        <Notice
          tone="info"
          title="Cancelled."
          hint="What was done so far stays. Apply all goes on from here; Undo all takes it back."
        />
      )}
      <ol aria-label="Steps" className="rounded-xl border border-line bg-panel shadow-card">
        {plan.steps.map((step, index) => (
          <StepItem
            key={step.id}
            step={step}
            number={index + 1}
            busy={busy}
            onRun={(action) => (action === 'undo' ? undo([step.id]) : control.run(action, [step.id]))}
          />
        ))}
      </ol>
      <p className="text-sm text-ink-2">{foot}</p>
    </>
  )
}

function summary(plan: PlanState, done: boolean, needs: string): string {
  const failed = plan.steps.filter(({ problem }) => problem !== null)
  if (plan.running === 'apply') return 'Setting up. This page may be left; it goes on.'
  if (plan.running === 'undo') return 'Taking it back.'
  if (plan.running === 'check') return 'Looking at what is there.'
  if (failed.length > 0)
    return `This step failed: ${failed.map(({ title }) => title).join(', ')}. The rest is kept.`
  if (done) return 'Everything is in place.'
  const ready = plan.steps.filter(({ finding }) => finding?.state === 'present').length
  return `${ready} of ${plan.steps.length} steps are in place. ${needs}`
}

function Existing() {
  return (
    <>
      <PageHead title="Set-up" sub="This pipeline is run by somebody else." />
      <div className="rounded-xl border border-line bg-panel">
        <Empty
          icon={PackageCheck}
          title="Nothing to set up"
          action={
            <Link to="/machine" className={buttonClass({})}>
              Enter a machine
            </Link>
          }
        >
          The app uses what is already there, at the addresses in Settings. It starts and stops nothing of it.
          Enter a machine to have Kafka set up there, over SSH.
        </Empty>
      </div>
    </>
  )
}
