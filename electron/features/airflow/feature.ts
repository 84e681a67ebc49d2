/** The contract's branch `airflow`: the environment, the DAG and its runs, and the check of a DAG's file. */
import { dagFileOf, dagIdOf } from '../../../shared/airflow.ts'
import type { AirflowRunDetail, AirflowRunView, AirflowStatus } from '../../../shared/contract/airflow.ts'
import { AppError, toErrorDetail } from '../../../shared/errors.ts'
import {
  type AirflowRun,
  type AirflowTask,
  databricksRunOf,
  getDag,
  getRun,
  importError,
  listRuns,
  listTasks,
  setPaused,
  triggerRun,
} from '../../clients/aws/airflowApi.ts'
import type { AirflowAt } from '../../clients/aws/airflowCall.ts'
import { taskLog } from '../../clients/aws/airflowLog.ts'
import { getEnvironment, listEnvironments, type MwaaEnvironment } from '../../clients/aws/mwaa.ts'
import { wordsOf } from '../../plans/airflow/environment.ts'
import { failureIn } from '../../plans/airflow/failure.ts'
import { runNote } from '../../plans/airflow/runNote.ts'
import type { ActivityLog } from '../deps.ts'
import { api } from '../rpc.ts'
import { airflowFiles } from './files.ts'
import type { AirflowPlanDeps } from './plan.ts'
import { type AirflowUiDeps, airflowUi } from './ui.ts'

export interface AirflowFeatureDeps extends AirflowPlanDeps, AirflowUiDeps {
  readonly activity: ActivityLog
}

export function airflowFeature(deps: AirflowFeatureDeps) {
  const { pipelines, awsAccess, activity } = deps
  const { airflow } = api
  const files = airflowFiles({ ...deps, version: async (id) => (await environmentOf(id))?.airflow ?? '' })
  /** Runs in Databricks, by the attempt of a task that began each: a run that is looked at is asked for every few seconds. */
  const begun = new Map<string, string>()
  const idOf = (id: string) => dagIdOf(pipelines.get(id).settings.userId)

  /** Null where none is chosen. */
  const environmentOf = async (id: string): Promise<MwaaEnvironment | null> => {
    const { environment } = pipelines.get(id).settings.airflow
    return environment === '' ? null : getEnvironment(await awsAccess(id), environment)
  }
  /** Where Airflow is asked. Throws AppError AIRFLOW_NONE, MWAA_STUCK. */
  const at = async (id: string): Promise<AirflowAt> => {
    const environment = await environmentOf(id)
    if (environment === null) throw noneChosen()
    return { access: await awsAccess(id), environment: environment.name, airflow: environment.airflow }
  }

  const status = async (id: string): Promise<AirflowStatus> => {
    const dagId = idOf(id)
    const environment = await environmentOf(id)
    const nothing = { dagId, dag: null, importError: null, problem: null }
    if (environment === null) return { ...nothing, environment: null }
    const shown = shownEnvironment(environment)
    if (shown.kind === 'stuck') return { ...nothing, environment: shown }
    try {
      const where = {
        access: await awsAccess(id),
        environment: environment.name,
        airflow: environment.airflow,
      }
      const dag = await getDag(where, dagId)
      const healthy = dag !== null && !dag.broken && !dag.gone
      const error = healthy ? null : await importError(where, dagFileOf(pipelines.get(id).settings.userId))
      const seen =
        dag === null || dag.gone ? null : { paused: dag.paused, schedule: dag.schedule, next: dag.next }
      return { ...nothing, environment: shown, dag: seen, importError: error?.text ?? null }
    } catch (thrown) {
      return { ...nothing, environment: shown, problem: { ...toErrorDetail(thrown) } }
    }
  }

  const detail = async (id: string, runId: string): Promise<AirflowRunDetail> => {
    const where = await at(id)
    const dagId = idOf(id)
    const run = await getRun(where, dagId, runId)
    if (run === null) throw runUnknown(runId)
    const tasks = await listTasks(where, dagId, runId)
    const dag = run.state === 'queued' ? await getDag(where, dagId) : null
    return {
      run: shownRun(run),
      note: runNote(run, tasks, dag?.paused ?? false),
      tasks: await Promise.all(
        tasks.map(async (task) => ({
          ...task,
          databricksRun: await begunBy(where, dagId, runId, task, begun),
          failure: await failureOf(where, dagId, runId, task),
        })),
      ),
    }
  }

  return airflow.router({
    environments: airflow.environments.handler(async ({ input }) =>
      listEnvironments(await awsAccess(input.pipeline)),
    ),
    status: airflow.status.handler(({ input }) => status(input.pipeline)),
    runs: airflow.runs.handler(async ({ input: { pipeline, limit } }) =>
      (await listRuns(await at(pipeline), idOf(pipeline), limit)).map(shownRun),
    ),
    run: airflow.run.handler(({ input }) => detail(input.pipeline, input.runId)),
    trigger: airflow.trigger.handler(async ({ input: { pipeline } }) => {
      const run = await triggerRun(await at(pipeline), idOf(pipeline))
      activity.add({
        level: 'info',
        area: 'airflow',
        pipeline,
        text: `Triggered the DAG ${idOf(pipeline)}: ${run.id}`,
      })
      return shownRun(run)
    }),
    setPaused: airflow.setPaused.handler(async ({ input: { pipeline, paused } }) => {
      await setPaused(await at(pipeline), idOf(pipeline), paused)
      const text = `${paused ? 'Paused' : 'Switched on'} the DAG ${idOf(pipeline)}`
      activity.add({ level: 'info', area: 'airflow', pipeline, text })
      return status(pipeline)
    }),
    open: airflow.open.handler(async ({ input: { pipeline } }) => {
      const environment = await environmentOf(pipeline)
      if (environment === null) throw noneChosen()
      return airflowUi(deps)(await awsAccess(pipeline), environment, idOf(pipeline))
    }),
    ...files,
  })
}

/** It is no more than a link: what keeps it from being found is no fault. `known` keeps what will not change any more. */
async function begunBy(
  at: AirflowAt,
  dagId: string,
  runId: string,
  { id, attempt, startedAt }: AirflowTask,
  known: Map<string, string>,
): Promise<string | null> {
  if (startedAt === null) return null
  const key = [at.environment, dagId, runId, id, attempt].join('\n')
  const found = known.get(key) ?? (await databricksRunOf(at, dagId, runId, id).catch(() => null))
  if (found !== null) known.set(key, found)
  return found
}

/** Of a task that failed, or failed and waits for its next attempt. */
async function failureOf(at: AirflowAt, dagId: string, runId: string, task: AirflowTask) {
  if (task.state !== 'failed' && task.state !== 'up_for_retry') return null
  // MWAA gives an answer ten seconds and 6 MB: a log that is too long is no reason to show no task.
  const lines = await taskLog(at, dagId, runId, task).catch((thrown: unknown) => [
    `Its log cannot be had: ${toErrorDetail(thrown).message}`,
  ])
  if (lines === null) return null
  const { reason, log } = failureIn(lines)
  return { reason, log: [...log] }
}

const shownRun = ({ id: runId, state, kind, dueAt, startedAt, endedAt }: AirflowRun): AirflowRunView => ({
  ...{ runId, state, kind, dueAt, startedAt, endedAt },
})

function shownEnvironment(environment: MwaaEnvironment) {
  const { name, statusText: status, airflow, size, bucket, folder, problem } = environment
  const { kind, words, hint } = wordsOf(environment)
  return { name, status, kind, words, hint, airflow, size, bucket, folder, problem }
}

const noneChosen = () =>
  new AppError({
    code: 'AIRFLOW_NONE',
    message: 'This pipeline has no environment of MWAA yet.',
    hint: 'Choose one on the page Airflow, or: pipeline pipelines set <id> airflow.environment=<name>.',
    field: 'airflow.environment',
  })

const runUnknown = (runId: string) =>
  new AppError({
    code: 'AIRFLOW_RUN_UNKNOWN',
    message: `There is no such run among the last 100: ${runId}`,
    hint: 'Look at the list of runs.',
    field: 'runId',
  })
