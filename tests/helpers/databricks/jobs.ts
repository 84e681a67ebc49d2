/** Of the fake workspace: jobs and their runs, which go through every state one look at a time. */
import { z } from 'zod'
import { bodyOf, idOf, newId, pageOf, queryOf, Refusal, type Routes } from './wire.ts'

/** How a task ends. */
export type Outcome =
  | { readonly result: string; readonly truncated?: boolean }
  | { readonly error: string; readonly trace?: string }
  | { readonly life: 'INTERNAL_ERROR' | 'SKIPPED'; readonly message: string }
  | { readonly end: 'TIMEDOUT' | 'CANCELED' | 'UPSTREAM_FAILED'; readonly message?: string }

export interface TaskToRun {
  readonly key: string
  readonly notebook: string
  readonly parameters: Readonly<Record<string, string>>
  readonly clusterId: string | null
}

interface TaskRun {
  readonly id: string
  readonly task: TaskToRun
  readonly after: readonly string[]
  readonly attempt: number
  life: string
  result: string | null
  message: string
  output: object
  startedAt: number
  endedAt: number
}

interface Run {
  readonly id: string
  readonly jobId: string | null
  readonly name: string
  readonly token: string | null
  /** Lives that are still to be seen, before its tasks begin. */
  readonly before: string[]
  readonly tasks: TaskRun[]
  readonly repairs: string[]
  /** Of a repair that the run does not show yet, for so many looks. */
  coming: TaskRun[]
  unseen: number
  readonly startedAt: number
  cancelled: boolean
}

export interface JobState {
  readonly jobs: Map<string, Record<string, unknown>>
  readonly runs: Run[]
  /** How each task ends; a test says so, or runs the notebook for real. */
  outcome: (task: TaskToRun) => Outcome | Promise<Outcome>
  /** What a run is seen in before it runs. */
  before: string[]
  /** A run stands still while it runs, until a test lets go. */
  held: boolean
  /** The word of old workspaces (`state`) or of new ones (`status`), or both as now. */
  words: 'state' | 'status' | 'both'
}

export const newJobs = (): JobState => ({
  jobs: new Map(),
  runs: [],
  outcome: () => ({ result: '' }),
  before: ['PENDING'],
  held: false,
  words: 'both',
})

const taskSchema = z.strictObject({
  task_key: z.string(),
  depends_on: z.array(z.strictObject({ task_key: z.string() })).optional(),
  notebook_task: z.strictObject({
    notebook_path: z.string().startsWith('/'),
    base_parameters: z.record(z.string(), z.string()).optional(),
    source: z.string().optional(),
  }),
  existing_cluster_id: z
    .string()
    .regex(/^\d{4}-\d{6}-[a-z0-9]+$/, 'Cluster does not exist')
    .optional(),
  timeout_seconds: z.number().optional(),
  max_retries: z.number().optional(),
  disable_auto_optimization: z.boolean().optional(),
})
const settingsSchema = z.strictObject({
  name: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  tasks: z.array(taskSchema).min(1),
  max_concurrent_runs: z.number().optional(),
  queue: z.strictObject({ enabled: z.boolean() }).optional(),
  schedule: z
    .strictObject({
      quartz_cron_expression: z.string(),
      timezone_id: z.string(),
      pause_status: z.enum(['PAUSED', 'UNPAUSED']),
    })
    .optional(),
})
type Task = z.infer<typeof taskSchema>

/** As the real one answers them: by their keys. */
const sorted = (tasks: unknown) => (tasks as Task[]).toSorted((a, b) => (a.task_key < b.task_key ? -1 : 1))

const over = (task: TaskRun) => ['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR'].includes(task.life)
const good = (task: TaskRun) => task.life === 'TERMINATED' && task.result === 'SUCCESS'

export function jobRoutes(state: JobState, address: () => string): Routes {
  const jobOf = (id: unknown): Record<string, unknown> => {
    const found = state.jobs.get(String(id))
    // As the real one: not a 404.
    if (found === undefined) throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `Job ${id} does not exist.`)
    return found
  }
  const runOf = (id: unknown): Run => {
    const found = state.runs.find((run) => run.id === String(id))
    if (found === undefined) throw new Refusal(400, 'INVALID_PARAMETER_VALUE', `Run ${id} does not exist.`)
    return found
  }
  const taskRun = ({ task_key: key, notebook_task: notebook, ...task }: Task, attempt: number): TaskRun => ({
    id: newId(),
    task: {
      key,
      notebook: notebook.notebook_path,
      parameters: notebook.base_parameters ?? {},
      clusterId: task.existing_cluster_id ?? null,
    },
    after: task.depends_on?.map((each) => each.task_key) ?? [],
    attempt,
    life: 'BLOCKED',
    result: null,
    message: '',
    output: {},
    startedAt: 0,
    endedAt: 0,
  })
  const begin = (jobId: string | null, name: string, tasks: readonly Task[], token: string | null): Run => {
    const known = token === null ? undefined : state.runs.find((run) => run.token === token)
    if (known !== undefined) return known
    const run: Run = {
      id: newId(),
      jobId,
      name,
      token,
      before: [...state.before],
      tasks: tasks.map((task) => taskRun(task, 0)),
      repairs: [],
      coming: [],
      unseen: 0,
      startedAt: Date.now(),
      cancelled: false,
    }
    state.runs.unshift(run)
    return run
  }
  const end = (task: TaskRun, life: string, result: string | null, message = '', output: object = {}) =>
    Object.assign(task, { life, result, message, output, endedAt: Date.now() })

  /** One step on, at each look. */
  const advance = (run: Run) => {
    if (run.before.length > 0) {
      run.before.shift()
      return
    }
    for (const task of run.tasks) {
      if (over(task)) continue
      if (run.cancelled) end(task, 'TERMINATED', 'CANCELED', 'Run cancelled.')
      const needed = run.tasks.filter(({ task: of }) => task.after.includes(of.key))
      if (needed.some((each) => over(each) && !good(each)))
        end(task, 'TERMINATED', 'UPSTREAM_FAILED', 'An upstream task failed.')
      if (over(task) || !needed.every(good)) continue
      if (task.life === 'BLOCKED') {
        Object.assign(task, { life: 'RUNNING', startedAt: Date.now() })
        void settle(task)
      }
    }
  }
  const settle = async (task: TaskRun) => {
    const outcome = await Promise.resolve()
      .then(() => state.outcome(task.task))
      .catch((thrown: Error): Outcome => ({ error: thrown.message }))
    while (state.held && !over(task)) await new Promise((resolve) => setTimeout(resolve, 10))
    if (over(task)) return
    if ('result' in outcome) {
      const truncated = outcome.truncated ?? false
      end(task, 'TERMINATED', 'SUCCESS', '', { notebook_output: { result: outcome.result, truncated } })
    } else if ('error' in outcome) {
      const output = { error: outcome.error, error_trace: outcome.trace ?? outcome.error }
      end(task, 'TERMINATED', 'FAILED', 'Workload failed, see run output for details', output)
    } else if ('life' in outcome) end(task, outcome.life, null, outcome.message)
    else end(task, 'TERMINATED', outcome.end, outcome.message ?? '')
  }

  const words = (life: string, result: string | null, message: string) => {
    const code =
      result === 'CANCELED' ? 'USER_CANCELED' : result === 'FAILED' ? 'RUN_EXECUTION_ERROR' : result
    const status = {
      state: ['SKIPPED', 'INTERNAL_ERROR'].includes(life) ? 'TERMINATED' : life,
      ...(code === null && !['SKIPPED', 'INTERNAL_ERROR'].includes(life)
        ? {}
        : { termination_details: { code: code ?? life, type: 'CLIENT_ERROR', message } }),
    }
    // What a notebook itself throws is, in the old words, an internal error.
    const old = {
      life_cycle_state: result === 'FAILED' ? 'INTERNAL_ERROR' : life,
      state_message: message,
      ...(result ? { result_state: result } : {}),
    }
    return {
      ...(state.words === 'status' ? {} : { state: old }),
      ...(state.words === 'state' ? {} : { status }),
    }
  }
  const taskInfo = (task: TaskRun) => ({
    run_id: idOf(task.id),
    task_key: task.task.key,
    attempt_number: task.attempt,
    start_time: task.startedAt,
    end_time: task.endedAt,
    notebook_task: { notebook_path: task.task.notebook },
    ...words(task.life, task.result, task.message),
  })
  /** The last attempt of each task. */
  const latest = (run: Run) => [...new Map(run.tasks.map((task) => [task.task.key, task])).values()]
  const runInfo = (run: Run) => {
    const tasks = latest(run)
    const done = tasks.every(over)
    const bad = tasks.find((task) => over(task) && !good(task) && task.result !== 'UPSTREAM_FAILED')
    const internal = tasks.find(({ life }) => life === 'INTERNAL_ERROR' || life === 'SKIPPED')
    const [life, result] =
      run.before.length > 0
        ? [run.before[0] ?? 'PENDING', null]
        : !done
          ? [run.cancelled ? 'TERMINATING' : 'RUNNING', null]
          : internal !== undefined
            ? [internal.life, null]
            : ['TERMINATED', bad === undefined ? 'SUCCESS' : (bad.result ?? 'FAILED')]
    return {
      ...(run.jobId === null ? {} : { job_id: idOf(run.jobId) }),
      run_id: idOf(run.id),
      run_name: run.name,
      trigger: 'ONE_TIME',
      start_time: run.startedAt,
      end_time: done ? Math.max(...tasks.map(({ endedAt }) => endedAt)) : 0,
      run_duration: done
        ? run.tasks.reduce((sum, task) => sum + Math.max(0, task.endedAt - task.startedAt), 0)
        : 0,
      run_page_url: `${address()}/?o=1#job/${run.jobId ?? 0}/run/${run.id}`,
      ...words(life, result, internal?.message ?? bad?.message ?? ''),
    }
  }

  const routes: Routes = {
    'POST /jobs/create': (call) => {
      const settings = bodyOf(settingsSchema, call)
      const id = newId()
      state.jobs.set(id, settings)
      return { body: { job_id: idOf(id) } }
    },
    'GET /jobs/list': (call) => {
      const {
        name,
        limit = '20',
        page_token: token,
        expand_tasks: expand,
      } = queryOf(call, ['name', 'limit', 'page_token', 'expand_tasks', 'offset'])
      if (Number(limit) > 100) throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'limit must be at most 100')
      const all = [...state.jobs].filter(([, settings]) => name === undefined || settings.name === name)
      const { items, ...next } = pageOf(all, token, 2)
      const jobs = items.map(([id, { tasks, ...settings }]) => ({
        job_id: idOf(id),
        settings: expand === 'true' ? { ...settings, tasks: sorted(tasks) } : settings,
      }))
      return { body: { ...(jobs.length === 0 ? {} : { jobs }), ...next } }
    },
    'GET /jobs/get': (call) => {
      const { job_id: id = '' } = queryOf(call, ['job_id', 'page_token'])
      const { tasks, ...settings } = jobOf(id)
      return { body: { job_id: idOf(id), settings: { ...settings, tasks: sorted(tasks) } } }
    },
    'POST /jobs/update': (call) => {
      const body = bodyOf(
        z.strictObject({
          job_id: z.string(),
          new_settings: settingsSchema.partial(),
          fields_to_remove: z.array(z.string()).optional(),
        }),
        call,
      )
      const job = jobOf(body.job_id)
      const { tasks = [], ...rest } = body.new_settings
      const kept = ((job.tasks ?? []) as Task[]).filter(
        (task) => !tasks.some((each) => each.task_key === task.task_key),
      )
      Object.assign(job, rest, { tasks: [...kept, ...tasks] })
      for (const field of body.fields_to_remove ?? []) delete job[field]
      return { body: {} }
    },
    'POST /jobs/delete': (call) => {
      const { job_id: id } = bodyOf(z.strictObject({ job_id: z.string() }), call)
      jobOf(id)
      state.jobs.delete(id)
      return { body: {} }
    },
    'POST /jobs/run-now': (call) => {
      // What Airflow's provider sends besides.
      const body = bodyOf(
        z.strictObject({
          job_id: z.string(),
          idempotency_token: z.string().max(64).optional(),
          notebook_params: z.record(z.string(), z.string()).optional(),
          job_parameters: z.record(z.string(), z.string()).optional(),
        }),
        call,
      )
      const { name, tasks } = jobOf(body.job_id) as { name: string; tasks: Task[] }
      const run = begin(body.job_id, name, tasks, body.idempotency_token ?? null)
      return { body: { run_id: idOf(run.id), number_in_job: idOf(run.id) } }
    },
    'POST /jobs/runs/submit': (call) => {
      const body = bodyOf(
        z.strictObject({
          run_name: z.string().optional(),
          tasks: z.array(taskSchema).optional(),
          notebook_task: taskSchema.shape.notebook_task.optional(),
          existing_cluster_id: taskSchema.shape.existing_cluster_id,
          timeout_seconds: z.number().optional(),
          idempotency_token: z.string().max(64).optional(),
        }),
        call,
      )
      const {
        run_name: name = 'Untitled',
        tasks,
        notebook_task: notebook,
        existing_cluster_id: cluster,
      } = body
      const single = notebook && {
        task_key: 'task',
        notebook_task: notebook,
        ...(cluster === undefined ? {} : { existing_cluster_id: cluster }),
      }
      const all = tasks ?? (single === undefined ? [] : [single])
      if (all.length === 0) throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'One task is needed')
      const run = begin(null, name, all, body.idempotency_token ?? null)
      return { body: { run_id: idOf(run.id) } }
    },
    'GET /jobs/runs/list': (call) => {
      const {
        job_id: id,
        limit = '20',
        page_token: token,
      } = queryOf(call, ['job_id', 'limit', 'page_token', 'expand_tasks'])
      if (Number(limit) > 25) throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'limit must be at most 25')
      const all = state.runs.filter(({ jobId }) => id === undefined || jobId === id)
      const { items, ...next } = pageOf(all, token, Number(limit))
      const runs = items.map((run) => ({ ...runInfo(run), tasks: run.tasks.map(taskInfo) }))
      return { body: { ...(runs.length === 0 ? {} : { runs }), ...next } }
    },
    'GET /jobs/runs/get': (call) => {
      const { run_id: id, include_history: history } = queryOf(call, [
        'run_id',
        'include_history',
        'include_resolved_values',
        'page_token',
      ])
      const run = runOf(id)
      // A repair is not seen at once: first the old end is told once more.
      if (run.unseen > 0) run.unseen -= 1
      else {
        run.tasks.push(...run.coming.splice(0))
        advance(run)
      }
      const seen = run.unseen > 0 ? run.repairs.slice(0, -1) : run.repairs
      const repairs = seen.map((each) => ({ id: idOf(each), type: 'REPAIR' }))
      return {
        body: {
          ...runInfo(run),
          // In no order of its own.
          tasks: run.tasks.map(taskInfo).toReversed(),
          // Of the run itself too, and that has no id.
          ...(history === 'true' ? { repair_history: [{ type: 'ORIGINAL' }, ...repairs] } : {}),
        },
      }
    },
    'GET /jobs/runs/get-output': (call) => {
      const { run_id: id } = queryOf(call, ['run_id'])
      const task = state.runs.flatMap(({ tasks }) => tasks).find((each) => each.id === id)
      if (task === undefined)
        throw new Refusal(
          400,
          'INVALID_PARAMETER_VALUE',
          'Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of each individual task run instead.',
        )
      return { body: { metadata: taskInfo(task), ...task.output } }
    },
    'POST /jobs/runs/cancel': (call) => {
      runOf(bodyOf(z.strictObject({ run_id: z.string() }), call).run_id).cancelled = true
      return { body: {} }
    },
    'POST /jobs/runs/repair': (call) => {
      const body = bodyOf(
        z.strictObject({
          run_id: z.string(),
          rerun_all_failed_tasks: z.literal(true),
          rerun_dependent_tasks: z.boolean().optional(),
          latest_repair_id: z.string().optional(),
        }),
        call,
      )
      const run = runOf(body.run_id)
      const tasks = latest(run)
      if (!tasks.every(over)) throw new Refusal(400, 'INVALID_STATE', 'The run is not in a terminal state')
      if (body.latest_repair_id !== run.repairs.at(-1))
        throw new Refusal(400, 'INVALID_PARAMETER_VALUE', 'latest_repair_id is not the latest repair')
      run.cancelled = false
      run.unseen = 2
      run.coming = tasks
        .filter((each) => !good(each))
        .map((task) => ({ ...task, id: newId(), life: 'BLOCKED', result: null, startedAt: 0, endedAt: 0 }))
      const id = newId()
      run.repairs.push(id)
      return { body: { repair_id: idOf(id) } }
    },
  }
  // Airflow's older provider speaks 2.1, which the real one still serves.
  return Object.fromEntries(
    Object.entries(routes).flatMap(([route, handler]) =>
      ['2.1', '2.2'].map((version) => [route.replace('/jobs', `/api/${version}/jobs`), handler]),
    ),
  )
}
