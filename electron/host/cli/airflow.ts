/** `pipeline airflow …`: the DAG in an environment of MWAA, and its runs. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { AirflowRunDetail, AirflowRunView, AirflowStatus } from '../../../shared/contract/airflow.ts'
import { AppError } from '../../../shared/errors.ts'
import { airflowFileCommands } from './airflowFiles.ts'
import { withToken } from './databricksConnection.ts'
import { pipelineCommands } from './pipelineCommand.ts'
import { interruption } from './plan.ts'
import { type CliDeps, type Client, pickPipeline, type Terminal, withSession } from './session.ts'
import { type PlanFlags, planCommand, planFlags } from './setup.ts'
import { clock, duration, printable, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly detach?: boolean
}

/** A run takes minutes; Airflow is asked so often, ms. */
const lookEveryMs = 5_000

const over = ({ state }: AirflowRunView): boolean => state === 'success' || state === 'failed'

const tookOf = ({
  startedAt,
  endedAt,
}: {
  readonly startedAt: number | null
  readonly endedAt: number | null
}) => (startedAt === null ? '–' : duration((endedAt ?? Date.now()) - startedAt))

function tellStatus({ out, note }: Terminal, status: AirflowStatus): void {
  const { environment, dagId, dag, importError, problem } = status
  if (environment === null) {
    out('No environment is chosen.')
    note('See "pipeline airflow environments", then: pipelines set <id> airflow.environment=<name>')
    return
  }
  const { name, airflow, size, status: state, words } = environment
  out(`${name}: Airflow ${airflow}, ${size}, ${state}: ${words}`)
  if (environment.problem !== null) note(`  its last change failed: ${printable(environment.problem)}`)
  if (environment.hint !== '') note(`  ${environment.hint}`)
  if (dag !== null) {
    const next =
      dag.next === null ? '' : `, next ${new Date(dag.next).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    out(
      `${dagId}: ${dag.paused ? 'paused' : 'switched on'}${dag.schedule === '' ? '' : `, ${dag.schedule}`}${next}`,
    )
  } else if (importError === null && problem === null) out(`${dagId}: Airflow does not show it`)
  if (importError !== null) {
    out(`${dagId}: Airflow cannot import its file`)
    for (const line of importError.trimEnd().split('\n')) note(`  ${printable(line)}`)
  }
  if (problem !== null) throw new AppError(problem)
}

/** Tells the tasks, and what failed. Throws AppError where it failed. */
function tellRun({ out, note }: Terminal, detail: AirflowRunDetail, json: boolean): void {
  const { run, note: why, tasks } = detail
  if (json) out(JSON.stringify(detail))
  else {
    out(`${run.runId} ${run.state}, ${tookOf(run)}`)
    const rows = tasks.map((task) => [
      task.id,
      task.state || 'waiting',
      `${task.attempt}/${task.attempts}`,
      tookOf(task),
    ])
    for (const line of table(['task', 'state', 'attempt', 'took'], rows)) out(line)
    if (why !== '') note(why)
    for (const { databricksRun } of tasks)
      if (databricksRun !== null) note(`In Databricks: pipeline databricks show ${databricksRun}`)
    for (const { failure } of tasks) for (const line of failure?.log ?? []) note(`  ${printable(line)}`)
  }
  if (run.state !== 'failed') return
  const failed = tasks.find(({ failure }) => failure !== null)
  throw new AppError({
    code: 'AIRFLOW_RUN_FAILED',
    message: `The run failed: ${failed?.failure?.reason || why || 'the log of no task says why'}`,
    hint: 'The end of the task’s log stands above; the run’s page in Databricks says more.',
  })
}

/** Until it is over; Ctrl-C leaves it running. */
async function follow(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  runId: string,
): Promise<AirflowRunDetail> {
  for (;;) {
    const detail = await client.airflow.run({ pipeline, runId })
    if (over(detail.run)) return detail
    deps.terminal.status(
      `  ${detail.run.state} ${detail.tasks.map(({ id, state }) => `${id} ${state}`).join(', ')}`,
    )
    await sleep(lookEveryMs, undefined, { signal: deps.interrupted }).catch(() => {})
    if (deps.interrupted.aborted) {
      deps.terminal.note(`The run goes on there: pipeline airflow run ${runId}`)
      throw interruption()
    }
  }
}

export function airflowCommands(program: Command, deps: CliDeps): void {
  const airflow = program.command('airflow').description('the daily DAG in an environment of MWAA')
  const { terminal } = deps
  planFlags(
    airflow
      .command('setup')
      .description('bucket, DAG, requirements, connection; pipelines set <id> airflow.environment=<name>'),
    'remove the DAG, the connection and what else was made',
  ).action((flags: PlanFlags) =>
    withSession(deps.open, async ({ client }) => {
      const pipeline = await pickPipeline(client, flags.pipeline)
      await withToken(deps, client, pipeline, () => planCommand(deps, client, 'airflow', flags))
    }),
  )
  airflowFileCommands(airflow, deps)
  const command = pipelineCommands<Flags>(airflow, deps)
  command(
    'environments',
    'the environments of the account in the region',
    async (client, pipeline, _given, flags) => {
      const names = await client.airflow.environments({ pipeline })
      if (flags.json) return terminal.out(JSON.stringify(names))
      for (const name of names) terminal.out(name)
      if (names.length === 0) terminal.note('There is none: make one in the console of MWAA first.')
    },
  )
  const shown = (flags: Flags, status: AirflowStatus) =>
    flags.json ? terminal.out(JSON.stringify(status)) : tellStatus(terminal, status)
  command('status', 'the environment, and the DAG in it', async (client, pipeline, _given, flags) =>
    shown(flags, await client.airflow.status({ pipeline })),
  )
  command('pause', 'no run is begun by the schedule any more', async (client, pipeline, _given, flags) =>
    shown(flags, await client.airflow.setPaused({ pipeline, paused: true })),
  )
  command('unpause', 'runs are begun by the schedule', async (client, pipeline, _given, flags) =>
    shown(flags, await client.airflow.setPaused({ pipeline, paused: false })),
  )
  command('runs', 'the runs of the DAG, newest first', async (client, pipeline, _given, flags) => {
    const runs = await client.airflow.runs({ pipeline })
    if (flags.json) return terminal.out(JSON.stringify(runs))
    const rows = runs.map((run) => [
      run.runId,
      run.state,
      run.kind,
      run.startedAt === null ? '–' : clock(run.startedAt),
      tookOf(run),
    ])
    for (const line of table(['run', 'state', 'begun by', 'began', 'took'], rows)) terminal.out(line)
    if (runs.length === 0) terminal.note('There is none yet: pipeline airflow trigger')
  })
  command('run <run>', 'a run: its tasks, and why one failed', async (client, pipeline, runId, flags) => {
    const detail = await client.airflow.run({ pipeline, runId })
    tellRun(terminal, detail, flags.json === true)
  })
  command('trigger', 'one run now, and follow it to its end', async (client, pipeline, _given, flags) => {
    const run = await client.airflow.trigger({ pipeline })
    terminal.note(`Run ${run.runId}`)
    if ((await client.airflow.status({ pipeline })).dag?.paused)
      terminal.note('The DAG is paused: the run begins when it is switched on (pipeline airflow unpause).')
    if (flags.detach) return terminal.out(flags.json ? JSON.stringify(run) : run.runId)
    const detail = await follow(deps, client, pipeline, run.runId)
    tellRun(terminal, detail, flags.json === true)
  }).option('--detach', 'do not wait for its end')
}
