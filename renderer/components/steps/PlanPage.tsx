/** A plan as a page: its steps, what runs, and the buttons that look, apply and undo. */
import type { ReactNode } from 'react'
import type { PlanState, StepState } from '../../../shared/contract/plan.ts'
import { Button } from '../../ui/Button.tsx'
import { PageHead } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { PlanProgress } from '../PlanProgress.tsx'
import { ProblemNotice } from '../ProblemNotice.tsx'
import type { PlanControl } from '../usePlanControl.ts'
import { StepItem } from './StepItem.tsx'

interface PlanPageProps {
  readonly title: string
  readonly control: PlanControl
  /** What it takes, told while something is missing. */
  readonly needs: string
  readonly undo: (steps?: readonly string[]) => void
  readonly foot: string
  /** Beside the buttons that every plan has. */
  readonly actions?: ReactNode
  /** Above the steps: what they are made from. */
  readonly children?: ReactNode
}

export function PlanPage({ title, control, needs, undo, foot, actions, children }: PlanPageProps) {
  const plan = control.plan.value
  const busy = control.asking || (plan !== undefined && plan.running !== null)
  const done = plan?.steps.every(({ finding }) => finding?.state === 'present') ?? false
  const undoable = plan?.steps.some((step) => step.undoable && step.finding?.state === 'present') ?? false
  return (
    <>
      <PageHead
        title={title}
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
            {actions}
          </>
        }
      />
      {plan !== undefined && <PlanProgress plan={plan} onCancel={control.cancel} />}
      {children}
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
  const isUnused = ({ finding, problem }: StepState) => finding?.unused === true && problem === null
  const shown = plan.steps.filter((step) => !isUnused(step))
  const unused = plan.steps.filter(isUnused)
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
        {shown.map((step, index) => (
          <StepItem
            key={step.id}
            step={step}
            number={index + 1}
            busy={busy}
            onRun={(action) => (action === 'undo' ? undo([step.id]) : control.run(action, [step.id]))}
          />
        ))}
      </ol>
      {unused.length > 0 && (
        <p className="text-sm text-ink-2">
          Not needed for what is chosen: {unused.map(({ title }) => title).join(', ')}.
        </p>
      )}
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
  const used = plan.steps.filter(({ finding }) => finding?.unused !== true)
  const ready = used.filter(({ finding }) => finding?.state === 'present').length
  return `${ready} of ${used.length} steps are in place. ${needs}`
}
