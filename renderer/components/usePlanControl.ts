/** Starting and stopping a plan, wherever a page offers it. */
import type { PlanAction, PlanId, PlanState, StepState } from '../../shared/contract/plan.ts'
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
  /** `consent` is the one-time token where undoing needs one. */
  run(action: PlanAction, steps?: readonly string[], consent?: string): void
  cancel(): void
}

/** The local stack's unless another plan is named. */
export function usePlanControl(of: PlanId = 'local'): PlanControl {
  const pipeline = usePipeline().id
  const plan = usePlan(pipeline, of)
  const start = useAction(client.plan.start)
  const stop = useAction(client.plan.cancel)
  return {
    plan,
    error: start.error ?? stop.error,
    asking: start.isPending,
    run: (action, steps, consent) => {
      stop.reset()
      start.mutate({
        pipeline,
        plan: of,
        action,
        ...(steps === undefined ? {} : { steps: [...steps] }),
        ...(consent === undefined ? {} : { consent }),
      })
    },
    cancel: () => {
      start.reset()
      stop.mutate({ pipeline, plan: of })
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
