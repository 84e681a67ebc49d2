/** Starting and stopping the stack, wherever a page offers it. */
import type { PlanAction, PlanState, StepState } from '../../shared/contract/plan.ts'
import { client } from '../api/client.ts'
import type { Live } from '../api/live.ts'
import { usePipeline, usePlan } from '../api/pipeline.ts'
import { useAction } from '../api/query.ts'

export interface PlanControl {
  readonly plan: Live<PlanState>
  /** The call itself failed: nothing was started. */
  readonly error: Error | null
  /** From the press until the plan says that it runs. */
  readonly asking: boolean
  run(action: PlanAction, steps?: readonly string[]): void
  cancel(): void
}

export function usePlanControl(): PlanControl {
  const pipeline = usePipeline().id
  const plan = usePlan(pipeline)
  const start = useAction(client.plan.start)
  const stop = useAction(client.plan.cancel)
  return {
    plan,
    error: start.error ?? stop.error,
    asking: start.isPending,
    run: (action, steps) => {
      stop.reset()
      start.mutate({ pipeline, plan: 'local', action, ...(steps === undefined ? {} : { steps: [...steps] }) })
    },
    cancel: () => {
      start.reset()
      stop.mutate({ pipeline, plan: 'local' })
    },
  }
}

/** The step that works now, of a plan that runs. */
export function workingStep(plan: PlanState): StepState | undefined {
  return plan.steps.find(({ phase }) => phase !== 'idle' && phase !== 'waiting')
}

/** How much of the plan is behind us, 0 to 1: steps done and the fraction of the one that works. */
export function planFraction(plan: PlanState): number {
  const left = plan.steps.filter(({ phase }) => phase !== 'idle').length
  const within = workingStep(plan)?.progress?.fraction ?? 0
  return plan.steps.length === 0 ? 0 : (plan.steps.length - left + within) / plan.steps.length
}
