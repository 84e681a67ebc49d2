/** The contract's branch `plan`: plans are started by a call and owned here; the page only watches. */
import { join } from 'node:path'
import type { PlanAction, PlanState } from '../../shared/contract/plan.ts'
import { AppError } from '../../shared/errors.ts'
import type { Settings } from '../../shared/settings.ts'
import { type PlanRunner, planRunner } from '../plan/engine.ts'
import { type Ledger, openLedger } from '../plan/ledger.ts'
import { localSteps } from '../plans/local/steps.ts'
import type { Folders } from '../platform.ts'
import type { ActivityLog, Pipelines } from './deps.ts'
import { api } from './rpc.ts'
import type { Stacks } from './stacks.ts'

export interface PlanDeps {
  readonly folders: Folders
  readonly pipelines: Pipelines
  readonly stacks: Stacks
  readonly activity: ActivityLog
  settings(): Settings
}

const ends: Readonly<Record<PlanAction, string>> = {
  apply: 'The local stack is up',
  undo: 'The local stack is down',
  check: 'The local stack was looked at',
}

export function planFeature({ folders, pipelines, stacks, activity, settings }: PlanDeps) {
  const runners = new Map<string, Promise<PlanRunner>>()
  const ledgers = new Map<string, Ledger>()

  const told = (pipeline: string, action: PlanAction, state: PlanState) => {
    const failed = state.steps.find((step) => step.problem !== null)
    if (state.outcome === 'done') {
      if (action !== 'check') activity.add({ level: 'good', area: 'local', pipeline, text: ends[action] })
    } else if (state.outcome === 'cancelled') {
      activity.add({ level: 'warn', area: 'local', pipeline, text: 'The set-up was cancelled' })
    } else if (failed?.problem) {
      const { message, hint } = failed.problem
      activity.add({ level: 'bad', area: 'local', pipeline, text: `${failed.title}: ${message}`, hint })
    }
  }

  const make = async (id: string): Promise<PlanRunner> => {
    const { folder, settings: own } = pipelines.get(id)
    if (own.kind === 'existing') {
      throw new AppError({
        code: 'PIPELINE_NOT_LOCAL',
        message: `This pipeline runs elsewhere and is only watched from here: ${own.name}`,
        hint: 'Choose a pipeline of this computer to start the local stack.',
      })
    }
    const ledger = await openLedger(join(folder, 'ledger.json'))
    ledgers.set(id, ledger)
    if (ledger.problem !== null) {
      const { message, hint } = ledger.problem
      activity.add({ level: 'bad', area: 'local', pipeline: id, text: message, hint })
    }
    const runner = planRunner({
      plan: 'local',
      title: 'This computer',
      ledger,
      steps: localSteps({ folders, settings, pipeline: () => pipelines.get(id), stack: stacks.of(id) }),
      onEnd: (action, state) => told(id, action, state),
    })
    // What is here is known before anybody presses a button.
    runner.start('check')
    await runner.settled()
    return runner
  }
  const runnerOf = (id: string): Promise<PlanRunner> => {
    const known = runners.get(id)
    if (known !== undefined) return known
    const made = make(id)
    runners.set(id, made)
    made.catch(() => runners.delete(id))
    return made
  }

  const router = api.plan.router({
    get: api.plan.get.handler(async ({ input }) => (await runnerOf(input.pipeline)).get()),
    start: api.plan.start.handler(async ({ input }) =>
      (await runnerOf(input.pipeline)).start(input.action, input.steps),
    ),
    cancel: api.plan.cancel.handler(async ({ input }) => (await runnerOf(input.pipeline)).cancel()),
    watch: api.plan.watch.handler(async function* ({ input, signal }) {
      yield* (await runnerOf(input.pipeline)).watch(signal)
    }),
  })
  return {
    router,
    /** After the data was deleted: what these steps made is gone. Throws AppError PIPELINE_NOT_LOCAL. */
    forgetData: async (id: string) => {
      await runnerOf(id)
      await ledgers.get(id)?.disownAll(['broker', 'topics', 'kinesis', 'streams', 'gateway'])
    },
    /** Cancels what runs and waits for it. */
    stopAll: async () => {
      for (const runner of runners.values()) {
        const settled = await runner.catch(() => null)
        settled?.cancel()
        await settled?.settled()
      }
    },
  }
}
