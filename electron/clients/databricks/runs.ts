/** Runs of jobs: their states, their tasks, what a task said, and the ways to end or to repair one. */
import { z } from 'zod'
import type { JobRun, JobRunState, JobTaskRun } from '../../../shared/contract/databricks.ts'
import { anything, type Workspace } from './http.ts'
import { idNumber } from './json.ts'

const base = '/api/2.2/jobs/runs'

const stateSchema = z.object({
  life_cycle_state: z.string().optional(),
  result_state: z.string().optional(),
  state_message: z.string().optional(),
})
const statusSchema = z.object({
  state: z.string().optional(),
  termination_details: z.object({ code: z.string().optional(), message: z.string().optional() }).optional(),
})
const shared = {
  run_id: z.string(),
  state: stateSchema.optional(),
  status: statusSchema.optional(),
  start_time: z.number().default(0),
  end_time: z.number().default(0),
}
const taskSchema = z.object({ ...shared, task_key: z.string(), attempt_number: z.number().default(0) })
const runSchema = z.object({
  ...shared,
  job_id: z.string().optional(),
  run_name: z.string().optional(),
  run_page_url: z.string().optional(),
  /** ms at work, without the rest between a run and its repair. */
  run_duration: z.number().default(0),
  tasks: z.array(taskSchema).default([]),
  /** Of the run itself as well, which alone has no id. */
  repair_history: z.array(z.object({ id: z.string().optional(), type: z.string().optional() })).default([]),
})
type Answered = Pick<z.infer<typeof runSchema>, 'state' | 'status'>

/** How a life ended, by the old name of the result and by the new code. */
const ends: Readonly<Record<string, JobRunState>> = {
  SUCCESS: 'done',
  SUCCESS_WITH_FAILURES: 'failed',
  FAILED: 'failed',
  TIMEDOUT: 'timedOut',
  CANCELED: 'cancelled',
  USER_CANCELED: 'cancelled',
  UPSTREAM_FAILED: 'skipped',
  UPSTREAM_CANCELED: 'skipped',
  UPSTREAM_EVICTED: 'skipped',
  UPSTREAM_SKIPPED: 'skipped',
  EXCLUDED: 'skipped',
  DISABLED: 'skipped',
  SKIPPED: 'skipped',
  MAXIMUM_CONCURRENT_RUNS_REACHED: 'skipped',
  MAX_CONCURRENT_RUNS_EXCEEDED: 'skipped',
  RUN_EXECUTION_ERROR: 'failed',
}
const lives: Readonly<Record<string, JobRunState>> = {
  QUEUED: 'waiting',
  PENDING: 'waiting',
  BLOCKED: 'waiting',
  WAITING: 'waiting',
  WAITING_FOR_RETRY: 'waiting',
  RUNNING: 'running',
  TERMINATING: 'ending',
  SKIPPED: 'skipped',
  INTERNAL_ERROR: 'failed',
}

/**
 * Newer workspaces tell `status`, older ones only `state`, where an error of the notebook itself is a life of `INTERNAL_ERROR`
 * whose result says more. What neither knows is told as waiting, never as an end; an unknown end is no success.
 */
export function runState({ state, status }: Answered): JobRunState {
  const life = status?.state ?? state?.life_cycle_state ?? ''
  const by = (word: string | undefined) => (word === undefined ? undefined : ends[word])
  const result = by(status?.termination_details?.code) ?? by(state?.result_state)
  if (life === 'TERMINATED') return result ?? 'failed'
  return life === 'INTERNAL_ERROR' ? (result ?? 'failed') : (lives[life] ?? 'waiting')
}

/** The words of the workspace itself: `RUNNING`, `TERMINATED: RUN_EXECUTION_ERROR`. */
const wordOf = ({ state, status }: Answered): string =>
  [
    status?.state ?? state?.life_cycle_state ?? '',
    status?.termination_details?.code ?? state?.result_state ?? '',
  ]
    .filter((word) => word !== '')
    .join(': ')

const toTask = (task: z.infer<typeof taskSchema>): JobTaskRun => ({
  runId: task.run_id,
  key: task.task_key,
  ...common(task),
})

const common = (run: z.infer<typeof taskSchema> | z.infer<typeof runSchema>) => ({
  state: runState(run),
  word: wordOf(run),
  message: run.state?.state_message || run.status?.termination_details?.message || '',
  startedAt: run.start_time || null,
  endedAt: run.end_time || null,
})

/** ms; null before its end, where the workspace does not tell it. */
const workedMs = ({ run_duration: worked, start_time: start, end_time: end }: z.infer<typeof runSchema>) =>
  worked > 0 ? worked : end > 0 ? end - start : null

const toRun = (run: z.infer<typeof runSchema>): JobRun => ({
  runId: run.run_id,
  jobId: run.job_id ?? null,
  name: run.run_name ?? '',
  ...common(run),
  workedMs: workedMs(run),
  url: run.run_page_url ?? null,
  tasks: lastAttempts(run.tasks).map(toTask),
})

/**
 * After a retry or a repair a task is there several times: the last attempt counts. A repair does not always raise the number of
 * the attempt, and the API keeps no order: then the one that began last does, or has not begun yet.
 */
function lastAttempts(tasks: readonly z.infer<typeof taskSchema>[]) {
  const last = new Map<string, z.infer<typeof taskSchema>>()
  const began = ({ start_time: at }: z.infer<typeof taskSchema>) => (at === 0 ? Number.POSITIVE_INFINITY : at)
  for (const task of tasks) {
    const known = last.get(task.task_key)
    const later =
      known === undefined ||
      task.attempt_number > known.attempt_number ||
      (task.attempt_number === known.attempt_number && began(task) >= began(known))
    if (later) last.set(task.task_key, task)
  }
  return [...last.values()]
}

const listSchema = z.object({ runs: z.array(runSchema).default([]), next_page_token: z.string().optional() })

export interface RunPage {
  readonly items: readonly JobRun[]
  /** For the next page; null at the end. */
  readonly next: string | null
}

/** Newest first, 25 at a time. Rejects with AppError. */
export async function listRuns(
  workspace: Workspace,
  jobId: string,
  page: string | null,
  signal?: AbortSignal,
): Promise<RunPage> {
  const query = { job_id: jobId, limit: 25, expand_tasks: true, page_token: page ?? undefined }
  const { runs, next_page_token: next } = await workspace.call(
    { method: 'GET', path: `${base}/list`, query, schema: listSchema },
    signal,
  )
  return { items: runs.map(toRun), next: next || null }
}

export interface WholeRun {
  readonly run: JobRun
  /** Of its repairs, the oldest first: a further one must name the last. */
  readonly repairs: readonly string[]
}

/** Rejects with AppError DATABRICKS_NOT_FOUND and others. */
export async function getRun(workspace: Workspace, runId: string, signal?: AbortSignal): Promise<WholeRun> {
  const query = { run_id: runId, include_history: true }
  const run = await workspace.call({ method: 'GET', path: `${base}/get`, query, schema: runSchema }, signal)
  const repairs = run.repair_history.flatMap(({ id, type }) =>
    id === undefined || type === 'ORIGINAL' ? [] : [id],
  )
  return { run: toRun(run), repairs }
}

const outputSchema = z.object({
  notebook_output: z.object({ result: z.string().optional(), truncated: z.boolean().optional() }).optional(),
  error: z.string().optional(),
  error_trace: z.string().optional(),
})

export interface TaskOutput {
  /** What `dbutils.notebook.exit` was given; null where it was not called. */
  readonly result: string | null
  /** Only its beginning came: more than 5 MB. */
  readonly truncated: boolean
  readonly error: string | null
  /** As the notebook shows it, with colours of a terminal. */
  readonly trace: string | null
}

/** Of a task's own run id, not of the job's. Rejects with AppError. */
export async function taskOutput(
  workspace: Workspace,
  taskRunId: string,
  signal?: AbortSignal,
): Promise<TaskOutput> {
  const query = { run_id: taskRunId }
  const output = await workspace.call(
    { method: 'GET', path: `${base}/get-output`, query, schema: outputSchema },
    signal,
  )
  return {
    result: output.notebook_output?.result ?? null,
    truncated: output.notebook_output?.truncated ?? false,
    error: output.error ?? null,
    trace: output.error_trace ?? null,
  }
}

/** Asks it to end; that takes some seconds. Rejects with AppError. */
export async function cancelRun(workspace: Workspace, runId: string, signal?: AbortSignal): Promise<void> {
  const body = { run_id: idNumber(runId) }
  await workspace.call(
    { method: 'POST', path: `${base}/cancel`, body, schema: anything, repeatable: true },
    signal,
  )
}

/** Runs again what failed, and what needs it; the id of the repair, which the run shows a moment later. Rejects with AppError. */
export async function repairRun(
  workspace: Workspace,
  runId: string,
  lastRepair: string | undefined,
  signal?: AbortSignal,
): Promise<string> {
  const body = {
    run_id: idNumber(runId),
    rerun_all_failed_tasks: true,
    rerun_dependent_tasks: true,
    ...(lastRepair === undefined ? {} : { latest_repair_id: idNumber(lastRepair) }),
  }
  const schema = z.object({ repair_id: z.string() })
  return (await workspace.call({ method: 'POST', path: `${base}/repair`, body, schema }, signal)).repair_id
}
