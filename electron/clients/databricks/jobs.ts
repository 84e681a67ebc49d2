/** Jobs of a workspace, API 2.2. */
import { z } from 'zod'
import { anything, type Workspace } from './http.ts'
import { idNumber } from './json.ts'

const base = '/api/2.2/jobs'

const notebookTaskSchema = z.object({
  notebook_path: z.string(),
  base_parameters: z.record(z.string(), z.string()).optional(),
  source: z.string().optional(),
})
const taskSchema = z.object({
  task_key: z.string(),
  depends_on: z.array(z.object({ task_key: z.string() })).optional(),
  notebook_task: notebookTaskSchema.optional(),
  existing_cluster_id: z.string().optional(),
  job_cluster_key: z.string().optional(),
  new_cluster: z.unknown().optional(),
  timeout_seconds: z.number().optional(),
})
const scheduleSchema = z.object({
  quartz_cron_expression: z.string(),
  timezone_id: z.string(),
  pause_status: z.string().optional(),
})
const settingsSchema = z.object({
  name: z.string().default(''),
  tags: z.record(z.string(), z.string()).default({}),
  tasks: z.array(taskSchema).default([]),
  schedule: scheduleSchema.optional(),
})
const jobSchema = z.object({
  job_id: z.string(),
  settings: settingsSchema,
})
const listSchema = z.object({ jobs: z.array(jobSchema).default([]), next_page_token: z.string().optional() })

export interface JobTask {
  readonly key: string
  readonly after: readonly string[]
  /** Absolute, in the workspace's tree. */
  readonly notebook: string
  readonly parameters: Readonly<Record<string, string>>
  /** Of an existing cluster; null is serverless. */
  readonly clusterId: string | null
  /** It runs on a cluster of the job's own, or from a repository: set by a person, never by us. */
  readonly otherwise: boolean
  /** 0 for no limit. */
  readonly timeoutSeconds: number
}

export interface JobSchedule {
  /** Quartz, seconds first. */
  readonly cron: string
  readonly timezone: string
  readonly paused: boolean
}

export interface JobSettings {
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly tasks: readonly JobTask[]
  readonly schedule: JobSchedule | null
}

export interface Job {
  readonly id: string
  readonly settings: JobSettings
}

const toTask = (task: z.infer<typeof taskSchema>): JobTask => ({
  key: task.task_key,
  after: task.depends_on?.map(({ task_key: key }) => key).sort() ?? [],
  notebook: task.notebook_task?.notebook_path ?? '',
  parameters: task.notebook_task?.base_parameters ?? {},
  clusterId: task.existing_cluster_id ?? null,
  otherwise:
    task.job_cluster_key !== undefined ||
    task.new_cluster !== undefined ||
    task.notebook_task?.source === 'GIT',
  timeoutSeconds: task.timeout_seconds ?? 0,
})

const toJob = ({ job_id: id, settings }: z.infer<typeof jobSchema>): Job => ({
  id,
  settings: {
    name: settings.name,
    tags: settings.tags,
    // The API answers them by their keys, in whichever order they were given.
    tasks: settings.tasks.map(toTask).sort((a, b) => (a.key < b.key ? -1 : 1)),
    schedule:
      settings.schedule === undefined
        ? null
        : {
            cron: settings.schedule.quartz_cron_expression,
            timezone: settings.schedule.timezone_id,
            paused: settings.schedule.pause_status === 'PAUSED',
          },
  },
})

const fromTask = ({ key, after, notebook, parameters, clusterId, timeoutSeconds }: JobTask) => ({
  task_key: key,
  ...(after.length === 0 ? {} : { depends_on: after.map((task_key) => ({ task_key })) }),
  notebook_task: { notebook_path: notebook, base_parameters: parameters, source: 'WORKSPACE' },
  // Without a cluster it is serverless, which would run a notebook that failed again by itself, and bill it again.
  ...(clusterId === null ? { disable_auto_optimization: true } : { existing_cluster_id: clusterId }),
  timeout_seconds: timeoutSeconds,
  max_retries: 0,
})

const fromSettings = ({ name, tags, tasks, schedule }: JobSettings) => ({
  name,
  tags,
  tasks: tasks.map(fromTask),
  ...(schedule === null
    ? {}
    : {
        schedule: {
          quartz_cron_expression: schedule.cron,
          timezone_id: schedule.timezone,
          pause_status: schedule.paused ? 'PAUSED' : 'UNPAUSED',
        },
      }),
})

/** Those of a name that carry a tag of this value, with their tasks. Rejects with AppError. */
export async function findJobs(
  workspace: Workspace,
  name: string,
  [tag, value]: readonly [tag: string, value: string],
  signal?: AbortSignal,
): Promise<Job[]> {
  const found: Job[] = []
  let token: string | undefined
  do {
    const query = { name, limit: 100, expand_tasks: true, page_token: token }
    const page = await workspace.call(
      { method: 'GET', path: `${base}/list`, query, schema: listSchema },
      signal,
    )
    found.push(...page.jobs.map(toJob))
    token = page.next_page_token || undefined
  } while (token !== undefined)
  return found.filter(({ settings }) => settings.tags[tag] === value)
}

/** Null where it is not there. Rejects with AppError. */
export async function getJob(workspace: Workspace, id: string, signal?: AbortSignal): Promise<Job | null> {
  const query = { job_id: id }
  const found = await workspace.find({ method: 'GET', path: `${base}/get`, query, schema: jobSchema }, signal)
  return found === null ? null : toJob(found)
}

/** Its id. Rejects with AppError. */
export async function createJob(
  workspace: Workspace,
  settings: JobSettings,
  signal?: AbortSignal,
): Promise<string> {
  const { job_id: id } = await workspace.call(
    {
      method: 'POST',
      path: `${base}/create`,
      // One after another: a second start waits for the first instead of being left out.
      body: { ...fromSettings(settings), max_concurrent_runs: 1, queue: { enabled: true } },
      schema: z.object({ job_id: z.string() }),
    },
    signal,
  )
  return id
}

/**
 * Tasks of other keys stay, and what `settings` does not name; tags are replaced whole, so all of them must be given. Rejects with
 * AppError.
 */
export async function updateJob(
  workspace: Workspace,
  id: string,
  settings: JobSettings,
  dropSchedule: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const body = {
    job_id: idNumber(id),
    new_settings: fromSettings(settings),
    ...(dropSchedule ? { fields_to_remove: ['schedule'] } : {}),
  }
  await workspace.call(
    { method: 'POST', path: `${base}/update`, body, schema: anything, repeatable: true },
    signal,
  )
}

/** With its runs' list. Rejects with AppError; not where it is gone already. */
export async function deleteJob(workspace: Workspace, id: string, signal?: AbortSignal): Promise<void> {
  const body = { job_id: idNumber(id) }
  await workspace.find(
    { method: 'POST', path: `${base}/delete`, body, schema: anything, repeatable: true },
    signal,
  )
}

/** The id of the run. The same `token` never starts two. Rejects with AppError. */
export async function runNow(
  workspace: Workspace,
  id: string,
  token: string,
  signal?: AbortSignal,
): Promise<string> {
  const { run_id: runId } = await workspace.call(
    {
      method: 'POST',
      path: `${base}/run-now`,
      body: { job_id: idNumber(id), idempotency_token: token },
      schema: z.object({ run_id: z.string() }),
      repeatable: true,
    },
    signal,
  )
  return runId
}
