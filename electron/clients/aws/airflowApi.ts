/** Airflow's own REST API behind MWAA's InvokeRestApi: version 1 (Airflow 2) and 2 (Airflow 3), where they differ. */
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { redact } from '../../lib/redact.ts'
import type { Secret } from '../../lib/secret.ts'
import { mwaaCall } from './mwaaCall.ts'
import type { AwsAccess } from './types.ts'

/** Whose Airflow. */
export interface AirflowAt {
  readonly access: AwsAccess
  readonly environment: string
  /** Its version, such as `2.10.3`. */
  readonly airflow: string
}

interface Ask<T> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly answer: z.ZodType<T>
  readonly what: string
}

async function ask<T>(
  { access, environment }: AirflowAt,
  { method, path, query, body, answer, what }: Ask<T>,
): Promise<T> {
  const { RestApiResponse } = await mwaaCall(access, {
    ...{ method: 'POST', host: 'env', path: ['restapi', environment], what },
    repeatable: method === 'GET',
    body: {
      Method: method,
      // Without /api/v1 or /api/v2: MWAA knows its own.
      Path: `/${path.map(encodeURIComponent).join('/')}`,
      ...(query === undefined ? {} : { QueryParameters: query }),
      ...(body === undefined ? {} : { Body: body }),
    },
    answer: z.object({ RestApiStatusCode: z.int(), RestApiResponse: answer }),
  })
  return RestApiResponse as T
}

/** Null instead of AIRFLOW_NOT_FOUND. */
async function found<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'AIRFLOW_NOT_FOUND') return null
    throw thrown
  }
}

const time = z
  .string()
  .nullish()
  .transform((value) => (value == null ? null : Date.parse(value)))
const words = z
  .string()
  .nullish()
  .transform((value) => value ?? '')

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
  await ask(at, { method: 'PATCH', path: ['dags', id], body, answer: z.unknown(), what: `the DAG ${id}` })
}

/** Of a file, the newest traceback; null where Airflow has none. Rejects with AppError. */
export async function importError(at: AirflowAt, file: string): Promise<string | null> {
  const entry = z.object({ filename: words, stack_trace: words })
  const { import_errors: all } = await ask(at, {
    method: 'GET',
    path: ['importErrors'],
    query: { limit: 100 },
    answer: z.object({ import_errors: z.array(entry) }),
    what: 'the import errors',
  })
  return all.findLast(({ filename }) => filename.split('/').at(-1) === file)?.stack_trace ?? null
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
    query: { limit, order_by: '-start_date' },
    answer: z.object({ dag_runs: z.array(runSchema) }),
    what: `the runs of ${id}`,
  })
  return runs
}

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

/** A task's log of one attempt, line by line; null where Airflow has none. Rejects with AppError. */
export async function taskLog(
  at: AirflowAt,
  id: string,
  run: string,
  task: AirflowTask,
): Promise<string[] | null> {
  const answer = await found(
    ask(at, {
      method: 'GET',
      path: ['dags', id, 'dagRuns', run, 'taskInstances', task.id, 'logs', String(task.attempt)],
      query: { full_content: true },
      answer: z.unknown(),
      what: `the log of ${task.id}`,
    }),
  )
  return answer === null ? null : logLines(answer)
}

const detailSchema = z.object({ exc_type: words, exc_value: words })
const lineSchema = z.object({
  event: words,
  /** In the log that Airflow shows, and in what it prints. */
  error_detail: z.array(detailSchema).nullish(),
  exception: z.array(detailSchema).nullish(),
})

/** Airflow 3: a list of records. Airflow 2: the text itself, or a list of (host, text) in Python's own writing. */
export function logLines(answer: unknown): string[] {
  const content = z.object({ content: z.unknown() }).safeParse(answer).data?.content ?? answer
  if (Array.isArray(content))
    return content.flatMap((line) => {
      if (typeof line === 'string') return line.split('\n')
      const read = lineSchema.safeParse(line).data
      if (read === undefined) return []
      const errors = (read.error_detail ?? read.exception ?? []).map(
        (error) => `${error.exc_type}: ${error.exc_value}`,
      )
      return [read.event, ...errors].flatMap((each) => each.split('\n'))
    })
  if (typeof content !== 'string') return []
  const texts = [...content.matchAll(hostAndText)].map(([, single, double]) =>
    unescaped(single ?? double ?? ''),
  )
  return (texts.length === 0 ? content : texts.join('\n')).split('\n')
}

/** One of `[('host', 'text'), …]`, as Python writes it. */
const hostAndText = /\('(?:[^'\\]|\\.)*', (?:'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)")\)/g

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
const unescaped = (text: string): string =>
  text.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|([\s\S]))/g, (_, byte, code, letter) =>
    letter === undefined
      ? String.fromCharCode(Number.parseInt(byte ?? code, 16))
      : (escapes[letter] ?? letter),
  )

/** A connection without its secrets. */
export interface AirflowConnection {
  readonly type: string
  readonly host: string
  readonly login: string
  readonly schema: string
  readonly port: number | null
  /** Null where it is not told, as by Airflow's API. */
  readonly hasPassword: boolean | null
  /** Names in Extra. */
  readonly extra: readonly string[]
}

/** Null where there is none. Rejects with AppError. */
export async function getConnection(at: AirflowAt, id: string): Promise<AirflowConnection | null> {
  const answer = z.object({
    conn_type: words,
    host: words,
    login: words,
    schema: words,
    port: z.int().nullish(),
    extra: words,
  })
  const path = ['connections', id]
  const seen = await found(ask(at, { method: 'GET', path, answer, what: `the connection ${id}` }))
  if (seen === null) return null
  const { conn_type: type, host, login, schema, port, extra } = seen
  return { type, host, login, schema, port: port ?? null, hasPassword: null, extra: namesIn(extra) }
}

const namesIn = (extra: string): string[] => {
  try {
    return Object.keys(JSON.parse(extra || '{}') ?? {})
  } catch {
    return []
  }
}

export interface NewConnection {
  readonly type: string
  readonly host: string
  readonly login: string
  readonly schema: string
  readonly port: number | null
  readonly password: Secret
  readonly extra: string
}

/** Makes it, or brings it in line where it is there. Rejects with AppError, which does not repeat the password. */
export async function putConnection(
  at: AirflowAt,
  id: string,
  connection: NewConnection,
  exists: boolean,
): Promise<void> {
  const { type, host, login, schema, port, password, extra } = connection
  const put = ask(at, {
    method: exists ? 'PATCH' : 'POST',
    path: exists ? ['connections', id] : ['connections'],
    body: {
      connection_id: id,
      conn_type: type,
      host,
      login,
      schema,
      port,
      password: password.reveal(),
      extra,
    },
    answer: z.unknown(),
    what: `the connection ${id}`,
  })
  await put.catch((thrown) => {
    if (!(thrown instanceof AppError)) throw thrown
    const { code, message, hint } = thrown
    throw new AppError({ code, message: redact(message, [password.reveal()]), hint })
  })
}

/** Nothing where there is none. Rejects with AppError. */
export async function deleteConnection(at: AirflowAt, id: string): Promise<void> {
  await found(
    ask(at, {
      method: 'DELETE',
      path: ['connections', id],
      answer: z.unknown(),
      what: `the connection ${id}`,
    }),
  )
}
