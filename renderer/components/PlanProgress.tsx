/** What the plan is doing now, how far it is, and the way to stop it. */
import { Link } from '@tanstack/react-router'
import type { PlanState } from '../../shared/contract/plan.ts'
import { Button, buttonClass } from '../ui/Button.tsx'
import { Progress } from '../ui/Progress.tsx'
import { planFraction, workingStep } from './usePlanControl.ts'

const doing = { check: 'Looking', apply: 'Starting', undo: 'Stopping' }

interface PlanProgressProps {
  readonly plan: PlanState
  readonly onCancel: () => void
  /** Where the steps themselves are not in view. */
  readonly withLink?: boolean
}

export function PlanProgress({ plan, onCancel, withLink = false }: PlanProgressProps) {
  if (plan.running === null) return null
  const step = workingStep(plan)
  const text = [doing[plan.running], step?.title, step?.progress?.text].filter(Boolean).join(' · ')
  return (
    <div className="flex items-center gap-4 rounded-xl border border-line bg-panel px-4 py-3 shadow-card">
      <div className="min-w-0 flex-1">
        <p role="status" className="mb-1.5 truncate font-medium">
          {text}
        </p>
        <Progress fraction={planFraction(plan)} label={doing[plan.running]} />
      </div>
      {withLink && (
        <Link to="/setup" className={buttonClass({ variant: 'quiet', small: true })}>
          See the steps
        </Link>
      )}
      <Button small onClick={onCancel}>
        Cancel
      </Button>
    </div>
  )
}
