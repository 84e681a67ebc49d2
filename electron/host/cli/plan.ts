/** Runs a plan from the terminal and shows each step as it ends. */
import type { PlanAction, PlanId, PlanState, StepState } from '../../../shared/contract/plan.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Client, Terminal } from './session.ts'
import { duration } from './text.ts'

const marks: Readonly<Record<string, string>> = { present: '✓', absent: '·', drifted: '!', blocked: '✗' }

function stepLine(step: StepState): string {
  const mark = step.problem !== null ? '✗' : (marks[step.finding?.state ?? ''] ?? ' ')
  const took =
    step.startedAt !== null && step.endedAt !== null ? ` (${duration(step.endedAt - step.startedAt)})` : ''
  return `${mark} ${step.title}: ${step.problem?.message ?? step.finding?.reason ?? ''}${took}`
}

/** What one step says while it works. */
function workingLine(step: StepState): string {
  const percent = step.progress?.fraction == null ? '' : ` ${Math.round(step.progress.fraction * 100)} %`
  return `  ${step.title}: ${step.progress?.text ?? step.phase}${percent}`
}

/** The first thing that went wrong, as the error of the whole command. */
function failureOf(state: PlanState): AppError {
  const failed = state.steps.find((step) => step.problem !== null)
  const blocked = state.steps.find((step) => step.finding?.state === 'blocked')
  if (failed?.problem)
    return new AppError({ ...failed.problem, message: `${failed.title}: ${failed.problem.message}` })
  return new AppError({
    code: 'PLAN_FAILED',
    message: blocked ? `${blocked.title}: ${blocked.finding?.reason ?? ''}` : 'The set-up did not finish.',
    hint: blocked?.finding?.hint ?? 'Run the command again; it goes on where it stopped.',
  })
}

/**
 * Starts the plan and follows it to its end; interrupting cancels it at the next step border. Throws AppError with the
 * failed step's reason.
 */
export async function runPlan(
  client: Client,
  terminal: Terminal,
  interrupted: AbortSignal,
  request: {
    readonly pipeline: string
    /** `local` where it is left out. */
    readonly plan?: PlanId
    readonly action: PlanAction
    /** Only these; all where it is left out. */
    readonly steps?: readonly string[]
    readonly consent?: string
  },
): Promise<PlanState> {
  const of = { pipeline: request.pipeline, plan: request.plan ?? 'local' }
  const cancel = () => void client.plan.cancel(of).catch(() => {})
  interrupted.addEventListener('abort', cancel, { once: true })
  try {
    let state = await client.plan.start({
      ...of,
      action: request.action,
      ...(request.steps === undefined ? {} : { steps: [...request.steps] }),
      ...(request.consent === undefined ? {} : { consent: request.consent }),
    })
    const part = new Set(state.steps.filter((step) => step.phase !== 'idle').map((step) => step.id))
    const shown = new Set<string>()
    const show = () => {
      for (const step of state.steps.filter(({ id }) => part.has(id))) {
        if (step.phase === 'idle' && step.endedAt !== null && !shown.has(step.id)) {
          shown.add(step.id)
          if (step.finding?.unused !== true || step.problem !== null) terminal.note(stepLine(step))
        } else if (step.phase !== 'idle' && step.phase !== 'waiting') terminal.status(workingLine(step))
      }
    }
    const watching = new AbortController()
    if (state.running !== null) {
      for await (const next of await client.plan.watch(of, { signal: watching.signal })) {
        state = next
        show()
        if (state.running === null) break
      }
      watching.abort()
    }
    show()
    if (state.outcome === 'cancelled') throw interruption()
    if (state.outcome === 'failed') throw failureOf(state)
    return state
  } finally {
    interrupted.removeEventListener('abort', cancel)
  }
}

/** Ctrl-C as an error: exit code 130. */
export function interruption(): AppError {
  return new AppError({
    code: 'INTERRUPTED',
    message: 'Interrupted.',
    hint: 'Run the command again to go on.',
  })
}
