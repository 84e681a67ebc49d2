/** The Airflow behind the fake of MWAA: what its REST API answers, with the fields of v1 (Airflow 2) or v2 (Airflow 3). */

export interface RestCall {
  readonly Method: string
  readonly Path: string
  readonly QueryParameters?: Readonly<Record<string, unknown>>
  readonly Body?: Readonly<Record<string, unknown>>
}

export interface FakeRun {
  id: string
  state: string
  kind: string
  start: string | null
  end: string | null
  /** `page`: of its run in Databricks, as the operator leaves it; empty where it has begun none. */
  tasks: { id: string; state: string | null; attempt: number; log: unknown; page: string }[]
}

export interface AirflowState {
  readonly version: string
  /** A file that is there for so many looks is not seen yet. */
  unseen: number
  /** An error of before the file and its packages were right stands for so many looks more. */
  stale: number
  /** By id; in a new one each is paused. */
  readonly paused: Map<string, boolean>
  readonly connections: Map<string, Record<string, unknown>>
  runs: FakeRun[]
  refusesRequirements: boolean
}

export const newAirflow = (version: string): AirflowState => ({
  version,
  unseen: 2,
  stale: 0,
  paused: new Map(),
  connections: new Map(),
  runs: [],
  refusesRequirements: false,
})

interface Files {
  /** Of the folder of DAGs; null where there is none. */
  read(file: string): Promise<string | null>
  readonly hasProvider: boolean
}

interface Said {
  readonly status: number
  readonly body: unknown
}
const ok = (body: unknown, status = 200): Said => ({ status, body })

/** Airflow 2 answers problems (RFC 7807), Airflow 3 a `detail`. */
const refused = ({ version }: AirflowState, status: number, detail: string): Said => ({
  status,
  body: version.startsWith('2.') ? { status, title: detail, detail, type: 'about:blank' } : { detail },
})

export async function airflowAnswer(state: AirflowState, call: RestCall, files: Files): Promise<Said> {
  const parts = call.Path.split('/').slice(1).map(decodeURIComponent)
  const [first, id = '', under, run = '', deeper, task = '', logs, attempt] = parts
  const two = state.version.startsWith('2.')
  if (first === 'connections') return connection(state, call, parts)
  const file = first === 'dags' ? await files.read(`${id}.py`) : null
  const broken = file === null ? null : importFault(file, files.hasProvider, two)
  if (first === 'importErrors' && call.Method === 'GET') {
    const errors: unknown[] = []
    for (const name of ['0a1b_dag.py']) {
      const text = await files.read(name)
      const now = text === null ? null : importFault(text, files.hasProvider, two)
      const old = state.stale > 0 ? importFault('', false, two) : null
      state.stale -= old === null ? 0 : 1
      const fault = now ?? old
      const filename = two ? `/usr/local/airflow/dags/${name}` : name
      if (fault !== null)
        errors.push({
          import_error_id: 1,
          timestamp: now === null ? '2026-01-01T00:00:00Z' : new Date().toISOString(),
          filename,
          bundle_name: 'dags-folder',
          stack_trace: fault,
        })
    }
    return ok({ import_errors: errors, total_entries: errors.length })
  }
  if (first !== 'dags') return refused(state, 404, 'Not Found')
  const seen = file !== null && broken === null && state.stale === 0 && state.unseen-- <= 0
  if (!seen) return refused(state, 404, `The DAG with dag_id: \`${id}\` was not found`)
  if (under === undefined) {
    if (call.Method === 'PATCH') {
      if (typeof call.Body?.is_paused !== 'boolean') return refused(state, 422, 'is_paused is missing')
      state.paused.set(id, call.Body.is_paused)
    } else if (call.Method !== 'GET') return refused(state, 405, 'Method Not Allowed')
    return ok(dagBody(state, id, two))
  }
  if (under !== 'dagRuns') return refused(state, 404, 'Not Found')
  if (run === '') {
    if (call.Method === 'GET')
      return ok({
        dag_runs: state.runs.map((each) => runBody(id, each, two)),
        total_entries: state.runs.length,
      })
    if (call.Method !== 'POST') return refused(state, 405, 'Method Not Allowed')
    if (!two && call.Body?.logical_date === undefined)
      return refused(state, 422, 'logical_date: Field required')
    if (two && 'logical_date' in (call.Body ?? {}) && call.Body?.logical_date === null)
      return refused(state, 400, 'None is not of type string')
    const made: FakeRun = {
      id: `manual__2026-11-30T0${state.runs.length}:00:00+00:00`,
      state: 'queued',
      kind: 'manual',
      start: null,
      end: null,
      tasks: [{ id: 'run_notebook', state: null, attempt: 0, log: '', page: '' }],
    }
    state.runs = [made, ...state.runs]
    return ok(runBody(id, made, two))
  }
  const found = state.runs.find((each) => each.id === run)
  if (found !== undefined && deeper === undefined && call.Method === 'GET') return ok(runBody(id, found, two))
  if (found === undefined || deeper !== 'taskInstances' || call.Method !== 'GET')
    return refused(state, 404, 'DagRun not found')
  if (task === '')
    return ok({
      task_instances: found.tasks.map((each) => taskBody(id, run, each)),
      total_entries: found.tasks.length,
    })
  const one = found.tasks.find((each) => each.id === task)
  if (logs === 'xcomEntries') {
    if (attempt !== 'run_page_url' || one === undefined || one.page === '')
      return refused(state, 404, 'XCom entry not found')
    return ok({ key: attempt, dag_id: id, task_id: task, timestamp: '2026-11-30T00:00:06Z', value: one.page })
  }
  if (one === undefined || logs !== 'logs' || attempt !== String(one.attempt))
    return refused(state, 404, 'TaskInstance not found')
  return ok({ content: one.log, continuation_token: null })
}

function importFault(file: string, hasProvider: boolean, two: boolean): string | null {
  const trace = 'Traceback (most recent call last):\n  File "dags/0a1b_dag.py", line 8, in <module>\n'
  if (!hasProvider) return `${trace}ModuleNotFoundError: No module named 'airflow.providers.databricks'\n`
  if (!two && /\n\s+schedule_interval=/.test(file))
    return `${trace}TypeError: DAG.__init__() got an unexpected keyword argument 'schedule_interval'\n`
  return null
}

const dagBody = (state: AirflowState, id: string, two: boolean) => ({
  dag_id: id,
  dag_display_name: id,
  is_paused: state.paused.get(id) ?? true,
  fileloc: `/usr/local/airflow/dags/${id}.py`,
  timetable_description: 'At 00:00',
  has_import_errors: false,
  tags: [{ name: 'pipeline-control' }],
  ...(two
    ? {
        is_active: true,
        next_dagrun: '2026-11-30T00:00:00+00:00',
        next_dagrun_create_after: '2026-12-01T00:00:00+00:00',
      }
    : {
        is_stale: false,
        next_dagrun_logical_date: '2026-12-01T00:00:00Z',
        next_dagrun_run_after: '2026-12-01T00:00:00Z',
      }),
})

const runBody = (dag_id: string, { id, state, kind, start, end }: FakeRun, two: boolean) => ({
  dag_run_id: id,
  dag_id,
  logical_date: '2026-11-30T00:00:00Z',
  start_date: start,
  end_date: end,
  run_type: kind,
  state,
  conf: {},
  note: null,
  ...(two
    ? { execution_date: '2026-11-30T00:00:00Z', external_trigger: true }
    : { run_after: '2026-11-30T00:00:00Z', queued_at: null, duration: null }),
})

const taskBody = (dag_id: string, dag_run_id: string, { id, state, attempt }: FakeRun['tasks'][number]) => ({
  ...{ dag_id, dag_run_id, task_id: id, state },
  try_number: attempt,
  max_tries: 2,
  map_index: -1,
  start_date: state === null ? null : '2026-11-30T00:00:05Z',
  end_date: state === 'success' || state === 'failed' ? '2026-11-30T00:06:00Z' : null,
  operator: 'DatabricksSubmitRunOperator',
})

function connection(state: AirflowState, { Method, Body }: RestCall, [, id]: readonly string[]): Said {
  const known = [
    'connection_id',
    'conn_type',
    'description',
    'host',
    'login',
    'schema',
    'port',
    'password',
    'extra',
  ]
  const odd = Object.keys(Body ?? {}).filter((name) => !known.includes(name))
  if (odd.length > 0) return refused(state, 422, `Extra inputs are not permitted: ${odd.join()}`)
  const shown = (of: Record<string, unknown>) => ({ ...of, password: of.password ? '***' : null })
  if (id === undefined) {
    if (Method !== 'POST') return refused(state, 405, 'Method Not Allowed')
    const { connection_id: name, conn_type: type } = Body ?? {}
    if (typeof name !== 'string' || typeof type !== 'string')
      return refused(state, 422, 'connection_id and conn_type are required')
    if (state.connections.has(name))
      return refused(state, 409, `The Connection with connection_id: \`${name}\` already exists`)
    state.connections.set(name, { ...Body })
    return ok(shown({ ...Body }), 201)
  }
  const found = state.connections.get(id)
  if (found === undefined)
    return refused(state, 404, `The Connection with connection_id: \`${id}\` was not found`)
  if (Method === 'DELETE') {
    state.connections.delete(id)
    return ok(null, 204)
  }
  if (Method === 'PATCH') state.connections.set(id, { ...found, ...Body })
  else if (Method !== 'GET') return refused(state, 405, 'Method Not Allowed')
  return ok(shown(state.connections.get(id) ?? {}))
}
