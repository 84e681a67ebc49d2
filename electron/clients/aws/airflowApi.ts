/** DAGs, runs and tasks of an Airflow: version 1 of its API (Airflow 2) and 2 (Airflow 3), where they differ. */
import { z } from 'zod'
import { type AirflowAt, ask, found, nothing, time, words } from './airflowCall.ts'

const dagSchema = z
  .object({
    dag_id: z.string(),
    is_paused: z.boolean().nullish(),
    /** Airflow 2: false once its file is gone. */
    is_active: z.boolean().nullish(),
    /** Airflow 3 says the same the other way round. */
    is_stale: z.boolean().nullish(),
    has_import_errors: z.boolean().nullish(),
    timetable_description: words,
    next_dagrun: time,
    next_dagrun_run_after: time,
    next_dagrun_create_after: time,
  })
  .transform((dag) => ({
    id: dag.dag_id,
    paused: dag.is_paused ?? false,
    gone: dag.is_active === false || dag.is_stale === true,
    broken: dag.has_import_errors ?? false,
    schedule: dag.timetable_description,
    /** ms since 1970; null where nothing is planned. */
    next: dag.next_dagrun_run_after ?? dag.next_dagrun_create_after ?? dag.next_dagrun,
  }))
export type AirflowDag = z.infer<typeof dagSchema>

/** Null where Airflow does not have it. Rejects with AppError. */
export const getDag = (at: AirflowAt, id: string): Promise<AirflowDag | null> =>
  found(ask(at, { method: 'GET', path: ['dags', id], answer: dagSchema, what: `the DAG ${id}` }))

/** Rejects with AppError. */
export async function setPaused(at: AirflowAt, id: string, paused: boolean): Promise<void> {
  const body = { is_paused: paused }
  await ask(at, { method: 'PATCH', path: ['dags', id], body, answer: nothing, what: `the DAG ${id}` })
}

export interface ImportError {
  /** The traceback. */
  readonly text: string
  /** When Airflow read the file so, ms since 1970; null where it does not say. */
  readonly at: number | null
}

/** Of a file, the newest; null where Airflow has none. Rejects with AppError. */
export async function importError(at: AirflowAt, file: string): Promise<ImportError | null> {
  const entry = z.object({ filename: words, stack_trace: words, timestamp: time })
  const { import_errors: all } = await ask(at, {
    method: 'GET',
    path: ['importErrors'],
    query: { limit: 100 },
    answer: z.object({ import_errors: z.array(entry) }),
    what: 'the import errors',
  })
  const found = all.findLast(({ filename }) => filename.split('/').at(-1) === file)
  return found === undefined ? null : { text: found.stack_trace, at: found.timestamp }
}

const runSchema = z
  .object({
    dag_run_id: z.string(),
    state: words,
    run_type: words,
    logical_date: time,
    start_date: time,
    end_date: time,
    queued_at: time,
    run_after: time,
  })
  .transform((run) => ({
    id: run.dag_run_id,
    /** `queued`, `running`, `success`, `failed`. */
    state: run.state,
    /** `scheduled`, `manual`, `backfill`. */
    kind: run.run_type,
    /** ms since 1970, as the next two. */
    dueAt: run.run_after ?? run.logical_date,
    startedAt: run.start_date,
    endedAt: run.end_date,
  }))
export type AirflowRun = z.infer<typeof runSchema>

/** Newest first. Rejects with AppError. */
export async function listRuns(at: AirflowAt, id: string, limit: number): Promise<AirflowRun[]> {
  const { dag_runs: runs } = await ask(at, {
    method: 'GET',
    path: ['dags', id, 'dagRuns'],
    // By its number: a run that waits has no start yet.
    query: { limit, order_by: '-id' },
    answer: z.object({ dag_runs: z.array(runSchema) }),
    what: `the runs of ${id}`,
  })
  return runs
}

/** Null where there is none. Rejects with AppError. */
export const getRun = (at: AirflowAt, id: string, run: string): Promise<AirflowRun | null> =>
  found(
    ask(at, { method: 'GET', path: ['dags', id, 'dagRuns', run], answer: runSchema, what: `the run ${run}` }),
  )

/** Now. Airflow 3 wants the logical date named, also where there is none. Rejects with AppError. */
export function triggerRun(at: AirflowAt, id: string): Promise<AirflowRun> {
  const body = at.airflow.startsWith('2.') ? { conf: {} } : { logical_date: null, conf: {} }
  const path = ['dags', id, 'dagRuns']
  return ask(at, { method: 'POST', path, body, answer: runSchema, what: `the DAG ${id}` })
}

const taskSchema = z
  .object({
    task_id: z.string(),
    state: words,
    try_number: z.int().nullish(),
    max_tries: z.int().nullish(),
    start_date: time,
    end_date: time,
  })
  .transform((task) => ({
    id: task.task_id,
    /** Empty where it was not yet queued. */
    state: task.state,
    attempt: task.try_number ?? 0,
    attempts: (task.max_tries ?? 0) + 1,
    startedAt: task.start_date,
    endedAt: task.end_date,
  }))
export type AirflowTask = z.infer<typeof taskSchema>

/** What the operator of Databricks leaves to other tasks: `https://…#job/1/run/2`, `https://…/jobs/1/runs/2`. */
const runPage = /\/runs?\/(\d+)/

/** Id of the run in Databricks that a task began; null where it left none. Rejects with AppError. */
export async function databricksRunOf(
  at: AirflowAt,
  id: string,
  run: string,
  task: string,
): Promise<string | null> {
  const entry = await found(
    ask(at, {
      method: 'GET',
      path: ['dags', id, 'dagRuns', run, 'taskInstances', task, 'xcomEntries', 'run_page_url'],
      answer: z.object({ value: words }),
      what: `what ${task} left`,
    }),
  )
  return runPage.exec(entry?.value ?? '')?.[1] ?? null
}

/** Rejects with AppError. */
export async function listTasks(at: AirflowAt, id: string, run: string): Promise<AirflowTask[]> {
  const { task_instances: tasks } = await ask(at, {
    method: 'GET',
    path: ['dags', id, 'dagRuns', run, 'taskInstances'],
    answer: z.object({ task_instances: z.array(taskSchema) }),
    what: `the run ${run}`,
  })
  return tasks
}
