/** Runs a list of steps: looks, changes, looks again; stops at the first that fails; takes back in reverse. */
import type { Problem } from '../../shared/contract/base.ts'
import type { PlanAction, PlanId, PlanState, StepState } from '../../shared/contract/plan.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { broadcast } from '../lib/broadcast.ts'
import type { Ledger } from './ledger.ts'
import type { Finding, Step, StepContext } from './step.ts'

export interface PlanRunner {
  get(): PlanState
  watch(signal: AbortSignal | undefined): AsyncGenerator<PlanState, void, void>
  /** Begins and returns at once. Throws AppError PLAN_RUNNING, STEP_UNKNOWN. */
  start(action: PlanAction, only?: readonly string[]): PlanState
  /** Ends at a step's border, or as soon as the step that works gives in. */
  cancel(): PlanState
  /** Resolves when nothing runs. */
  settled(): Promise<void>
}

export interface PlanOptions {
  readonly plan: PlanId
  readonly title: string
  readonly steps: readonly Step[]
  readonly ledger: Ledger
  /**
   * Taken before anything is changed and given back afterwards, so that nobody else changes it meanwhile. What it throws is
   * told as the first step's problem.
   */
  hold?(signal: AbortSignal): Promise<{ release(): Promise<void> }>
  /** Called when a run ended, for the activity list. */
  onEnd?(action: PlanAction, state: PlanState): void
}

/** Lines of a step's log that are kept for the page. */
const keptLines = 200

class StepFailed extends Error {}

const fresh = (step: Step): StepState => ({
  id: step.id,
  title: step.title,
  needs: [...(step.needs ?? [])],
  cost: step.cost ?? null,
  undoable: step.undo !== undefined,
  phase: 'idle',
  finding: null,
  problem: null,
  progress: null,
  startedAt: null,
  endedAt: null,
  log: [],
})

const shown = (finding: Finding): StepState['finding'] => ({
  state: finding.state,
  reason: finding.reason,
  hint: finding.hint ?? null,
  unused: finding.unused ?? false,
  changes: [...(finding.changes ?? [])],
})

/** Looking changes nothing, so a look that does not listen to its signal is left behind when the run is cancelled. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason)
    signal.addEventListener('abort', aborted, { once: true })
    if (signal.aborted) aborted()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted))
  })
}

export function planRunner({ plan, title, steps, ledger, hold, onEnd }: PlanOptions): PlanRunner {
  const state = broadcast<PlanState>({ plan, title, running: null, outcome: 'none', steps: steps.map(fresh) })
  const outputs = new Map<string, Readonly<Record<string, string>>>()
  let cancelling = new AbortController()
  let settled: Promise<void> = Promise.resolve()

  const patch = (id: string, change: Partial<StepState>) => {
    const now = state.get()
    state.set({ ...now, steps: now.steps.map((step) => (step.id === id ? { ...step, ...change } : step)) })
  }
  const stateOf = (id: string) => state.get().steps.find((step) => step.id === id)

  const contextOf = (step: Step): StepContext => ({
    outputs: Object.fromEntries((step.needs ?? []).map((id) => [id, outputs.get(id) ?? {}])),
    log: (line) => patch(step.id, { log: [...(stateOf(step.id)?.log ?? []), line].slice(-keptLines) }),
    progress: (fraction, text) => patch(step.id, { progress: { fraction, text } }),
    own: (thing) => ledger.own(step.id, thing),
    disown: (thing) => ledger.disown(step.id, thing),
    owns: (thing) => ledger.owns(step.id, thing),
  })

  const fail = (step: Step, problem: Problem): never => {
    patch(step.id, { problem, phase: 'idle', progress: null, endedAt: Date.now() })
    throw new StepFailed(problem.message)
  }

  const look = async (step: Step, signal: AbortSignal): Promise<Finding> => {
    const finding = await orAborted(step.check(contextOf(step), signal), signal).catch((thrown) => {
      // What was found before holds no longer.
      if (!signal.aborted) patch(step.id, { finding: null })
      throw thrown
    })
    outputs.set(step.id, finding.outputs ?? {})
    patch(step.id, { finding: shown(finding) })
    return finding
  }

  const applyStep = async (step: Step, signal: AbortSignal): Promise<void> => {
    patch(step.id, {
      phase: 'checking',
      problem: null,
      progress: null,
      startedAt: Date.now(),
      endedAt: null,
      log: [],
    })
    const before = await look(step, signal)
    if (before.state === 'blocked') {
      fail(step, {
        code: 'STEP_BLOCKED',
        message: before.reason,
        hint: before.hint ?? 'Mend this and press Retry.',
      })
    }
    if (before.state !== 'present') {
      patch(step.id, { phase: 'applying' })
      await step.apply(contextOf(step), signal)
      patch(step.id, { phase: 'checking', progress: null })
      const after = await look(step, signal)
      if (after.state !== 'present') {
        fail(step, {
          code: 'STEP_NOT_DONE',
          message: `${step.title} did what it does, and yet: ${after.reason}`,
          hint: after.hint ?? 'Open its log for the reason, then press Retry.',
        })
      }
    }
  }

  const undoStep = async (step: Step, signal: AbortSignal): Promise<void> => {
    patch(step.id, {
      phase: 'undoing',
      problem: null,
      progress: null,
      startedAt: Date.now(),
      endedAt: null,
      log: [],
    })
    await step.undo?.(contextOf(step), signal)
    await look(step, signal)
  }

  const checkStep = async (step: Step, signal: AbortSignal): Promise<void> => {
    patch(step.id, { phase: 'checking', problem: null, startedAt: Date.now(), endedAt: null })
    await look(step, signal)
  }

  const work = { apply: applyStep, undo: undoStep, check: checkStep } as const

  /** The steps that were asked for and, to apply, what they need, in the list's order. */
  const chosen = (action: PlanAction, only: readonly string[] | undefined): readonly Step[] => {
    const wanted = new Set(only ?? steps.map((step) => step.id))
    for (const id of wanted) {
      if (steps.some((step) => step.id === id)) continue
      throw new AppError({
        code: 'STEP_UNKNOWN',
        message: `There is no such step: ${id}`,
        hint: `There is ${steps.map((step) => step.id).join(', ')}.`,
        field: 'steps',
      })
    }
    if (action === 'apply') {
      for (const step of [...steps].reverse())
        if (wanted.has(step.id)) for (const need of step.needs ?? []) wanted.add(need)
    }
    const picked = steps.filter((step) => wanted.has(step.id))
    return action === 'undo' ? picked.filter((step) => step.undo !== undefined).reverse() : picked
  }

  const run = async (
    action: PlanAction,
    picked: readonly Step[],
    signal: AbortSignal,
  ): Promise<PlanState['outcome']> => {
    for (const step of picked) {
      if (signal.aborted) return 'cancelled'
      try {
        await work[action](step, signal)
        patch(step.id, { phase: 'idle', progress: null, endedAt: Date.now() })
      } catch (thrown) {
        if (thrown instanceof StepFailed) return 'failed'
        patch(step.id, { phase: 'idle', progress: null, endedAt: Date.now() })
        if (signal.aborted) return 'cancelled'
        patch(step.id, { problem: toErrorDetail(thrown) })
        return 'failed'
      }
    }
    return 'done'
  }

  /** Those that use what was taken back, and were not taken back themselves: what was known of them holds no longer. */
  const usersOf = (undone: readonly Step[]): readonly Step[] => {
    const gone = new Set(undone.map(({ id }) => id))
    for (const step of steps) if (step.needs?.some((id) => gone.has(id))) gone.add(step.id)
    return steps.filter((step) => gone.has(step.id) && !undone.includes(step))
  }

  /** As `run`, alone where something is changed. */
  const runAlone = async (
    action: PlanAction,
    picked: readonly Step[],
    signal: AbortSignal,
  ): Promise<PlanState['outcome']> => {
    const first = picked[0]
    if (action === 'check' || first === undefined) return run(action, picked, signal)
    let held: { release(): Promise<void> } | undefined
    try {
      held = await hold?.(signal)
    } catch (thrown) {
      if (signal.aborted) return 'cancelled'
      patch(first.id, { problem: toErrorDetail(thrown), phase: 'idle' })
      return 'failed'
    }
    try {
      const outcome = await run(action, picked, signal)
      return action === 'undo' && outcome === 'done' ? await run('check', usersOf(picked), signal) : outcome
    } finally {
      // A connection that is lost has let go by itself.
      await held?.release().catch(() => {})
    }
  }

  return {
    get: state.get,
    watch: (signal) => state.watch(signal),
    settled: () => settled,
    start(action, only) {
      const running = state.get().running
      if (running !== null) {
        throw new AppError({
          code: 'PLAN_RUNNING',
          message: `This plan is being worked on already: ${running}`,
          hint: 'Wait for it, or cancel it.',
        })
      }
      const picked = chosen(action, only)
      const ids = new Set(picked.map((step) => step.id))
      cancelling = new AbortController()
      const { signal } = cancelling
      const now = state.get()
      state.set({
        ...now,
        running: action,
        outcome: 'none',
        steps: now.steps.map((step) =>
          ids.has(step.id)
            ? { ...step, phase: 'waiting', problem: null, progress: null, startedAt: null, endedAt: null }
            : step,
        ),
      })
      settled = runAlone(action, picked, signal).then((outcome) => {
        const after = state.get()
        const steps = after.steps.map((step) =>
          step.phase === 'waiting' ? { ...step, phase: 'idle' as const } : step,
        )
        state.set({ ...after, running: null, outcome, steps })
        onEnd?.(action, state.get())
      })
      return state.get()
    },
    cancel() {
      cancelling.abort()
      return state.get()
    },
  }
}
