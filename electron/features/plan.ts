/** The contract's branch `plan`: plans are started by a call and owned here; the page only watches. */
import { join } from 'node:path'
import type { PlanAction, PlanId, PlanState } from '../../shared/contract/plan.ts'
import { AppError } from '../../shared/errors.ts'
import { type PlanRunner, planRunner } from '../plan/engine.ts'
import { type Ledger, openLedger } from '../plan/ledger.ts'
import { recordedSums } from '../plans/kafkaHost/recordedSums.ts'
import { localSteps } from '../plans/local/steps.ts'
import { type AirflowPlanDeps, airflowQuestion, openAirflowPlan } from './airflow/plan.ts'
import { type DatabricksPlanDeps, databricksQuestion, openDatabricksPlan } from './databricks/plan.ts'
import type { ActivityLog, ConsentDesk } from './deps.ts'
import { type HostPlan, type HostPlanDeps, openHostPlan, undoQuestion } from './hostPlan.ts'
import { type MachinePlanDeps, machineQuestion, openMachinePlan } from './machinePlan.ts'
import { api } from './rpc.ts'
import type { Stacks } from './stacks.ts'

export interface PlanDeps
  extends Omit<HostPlanDeps, 'sums'>,
    MachinePlanDeps,
    DatabricksPlanDeps,
    AirflowPlanDeps {
  readonly secrets: HostPlanDeps['secrets'] & MachinePlanDeps['secrets']
  readonly stacks: Stacks
  readonly activity: ActivityLog
  readonly consent: ConsentDesk
}

const ends: Readonly<Record<PlanId, Readonly<Record<PlanAction, string>>>> = {
  local: {
    apply: 'The local stack is up',
    undo: 'The local stack is down',
    check: 'The local stack was looked at',
  },
  kafkaHost: {
    apply: 'Kafka is set up on the machine',
    undo: 'Kafka was removed from the machine',
    check: 'The machine was looked at',
  },
  machine: {
    apply: 'The machine on EC2 runs',
    undo: 'The machine on EC2 is terminated',
    check: 'The machine on EC2 was looked at',
  },
  databricks: {
    apply: 'Notebooks, lake and job are in Databricks',
    undo: 'Notebooks, lake and job were removed from Databricks',
    check: 'The workspace of Databricks was looked at',
  },
  airflow: {
    apply: 'The DAG runs in Airflow',
    undo: 'The DAG was removed from Airflow',
    check: 'The environment of Airflow was looked at',
  },
}

const areas: Readonly<Record<PlanId, string>> = {
  local: 'local',
  kafkaHost: 'hosts',
  machine: 'hosts',
  databricks: 'databricks',
  airflow: 'airflow',
}

export function planFeature(deps: PlanDeps) {
  const { folders, pipelines, stacks, activity, settings, consent } = deps
  const runners = new Map<string, Promise<PlanRunner>>()
  const ledgers = new Map<string, Ledger>()
  const losses = new Map<string, HostPlan['losses']>()
  const sums = recordedSums(join(folders.home, 'sums.json'))

  const told = (pipeline: string, action: PlanAction, state: PlanState) => {
    const area = areas[state.plan]
    const failed = state.steps.find((step) => step.problem !== null)
    if (state.outcome === 'done') {
      if (action !== 'check') activity.add({ level: 'good', area, pipeline, text: ends[state.plan][action] })
    } else if (state.outcome === 'cancelled') {
      activity.add({ level: 'warn', area, pipeline, text: 'The set-up was cancelled' })
    } else if (failed?.problem) {
      const { message, hint } = failed.problem
      activity.add({ level: 'bad', area, pipeline, text: `${failed.title}: ${message}`, hint })
    }
  }

  const local = async (id: string): Promise<PlanRunner> => {
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
    return planRunner({
      plan: 'local',
      title: 'This computer',
      ledger,
      steps: localSteps({
        folders,
        settings: settings.get,
        pipeline: () => pipelines.get(id),
        stack: stacks.of(id),
      }),
      onEnd: (action, state) => told(id, action, state),
    })
  }
  const kafkaHost = async (id: string): Promise<PlanRunner> => {
    const plan = await openHostPlan(id, { ...deps, sums }, (action, state) => told(id, action, state))
    losses.set(id, plan.losses)
    return plan.runner
  }
  const machine = (id: string): Promise<PlanRunner> =>
    openMachinePlan(id, deps, (action, state) => told(id, action, state))
  const databricks = (id: string): Promise<PlanRunner> =>
    openDatabricksPlan(id, deps, (action, state) => told(id, action, state))
  const airflowLosses = new Map<string, () => string[]>()
  const airflow = async (id: string): Promise<PlanRunner> => {
    const plan = await openAirflowPlan(id, deps, (action, state) => told(id, action, state))
    airflowLosses.set(id, plan.losses)
    return plan.runner
  }
  const make: Readonly<Record<PlanId, (id: string) => Promise<PlanRunner>>> = {
    local,
    kafkaHost,
    machine,
    databricks,
    airflow,
  }

  const runnerOf = (id: string, plan: PlanId): Promise<PlanRunner> => {
    const key = `${plan} ${id}`
    const known = runners.get(key)
    if (known !== undefined) return known
    const made = make[plan](id)
    runners.set(key, made)
    made.catch(() => runners.delete(key))
    return made
  }

  // A pipeline of the same name that is made anew has made nothing yet.
  pipelines.onChange(() => {
    const ids = new Set(pipelines.list().items.map(({ id }) => id))
    for (const key of runners.keys()) if (!ids.has(key.split(' ')[1] ?? '')) runners.delete(key)
    for (const kept of [ledgers, losses, airflowLosses])
      for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id)
  })

  const firstLooks = new WeakMap<PlanRunner, Promise<void>>()
  /** What is there is known before anybody presses a button; whoever presses at once has each step look by itself. */
  const looked = async (id: string, plan: PlanId): Promise<PlanRunner> => {
    const runner = await runnerOf(id, plan)
    const { running, outcome } = runner.get()
    if (running === null && outcome === 'none') {
      runner.start('check')
      firstLooks.set(runner, runner.settled())
    }
    await firstLooks.get(runner)
    return runner
  }

  consent.describe('plan.undo', async ({ pipeline, plan }) => {
    const runner = await looked(pipeline, plan)
    const { settings: own } = pipelines.get(pipeline)
    if (plan === 'machine') return machineQuestion(own.name, runner.get())
    if (plan === 'databricks') return databricksQuestion(pipeline, deps)
    if (plan === 'airflow') return airflowQuestion(own.name, airflowLosses.get(pipeline)?.() ?? [])
    // A broker that does not answer must not keep anybody from removing it.
    return undoQuestion(
      own,
      (await losses
        .get(pipeline)?.()
        .catch(() => [])) ?? [],
    )
  })

  const router = api.plan.router({
    get: api.plan.get.handler(async ({ input }) => (await looked(input.pipeline, input.plan)).get()),
    start: api.plan.start.handler(async ({ input: { pipeline, plan, action, steps, consent: token } }) => {
      const runner = await runnerOf(pipeline, plan)
      if (plan !== 'local' && action === 'undo')
        await consent.redeem(token ?? '', { action: 'plan.undo', pipeline, plan })
      // Nothing may come between: where no look is under way, not even the turn that an await takes.
      const look = firstLooks.get(runner)
      if (look !== undefined) await look
      return runner.start(action, steps)
    }),
    cancel: api.plan.cancel.handler(async ({ input }) =>
      (await runnerOf(input.pipeline, input.plan)).cancel(),
    ),
    watch: api.plan.watch.handler(async function* ({ input, signal }) {
      yield* (await looked(input.pipeline, input.plan)).watch(signal)
    }),
  })
  return {
    router,
    /** Applies a plan whole and waits for its end. Throws AppError PLAN_RUNNING, or what the step that failed says. */
    applied: async (id: string, plan: PlanId): Promise<void> => {
      const runner = await looked(id, plan)
      runner.start('apply')
      await runner.settled()
      const { outcome, steps } = runner.get()
      const failed = steps.find(({ problem }) => problem !== null)
      if (failed?.problem)
        throw new AppError({ ...failed.problem, message: `${failed.title}: ${failed.problem.message}` })
      if (outcome !== 'done') throw cancelled()
    },
    /** After the data was deleted: what these steps made is gone. Throws AppError PIPELINE_NOT_LOCAL. */
    forgetData: async (id: string) => {
      await runnerOf(id, 'local')
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

const cancelled = () =>
  new AppError({
    code: 'PLAN_CANCELLED',
    message: 'The set-up was cancelled.',
    hint: 'Start it again: it goes on where it stopped.',
  })
