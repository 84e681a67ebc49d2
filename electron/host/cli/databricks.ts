/** `pipeline databricks …`: the pipeline's notebooks, lake and jobs in a workspace, and the jobs' runs. */
import type { Command } from 'commander'
import type { DatabricksJob, JobRun, JobRunDetail } from '../../../shared/contract/databricks.ts'
import { AppError } from '../../../shared/errors.ts'
import { databricksConnectionCommands, withToken } from './databricksConnection.ts'
import { usage } from './parse.ts'
import { type PipelineWork, pipelineCommands } from './pipelineCommand.ts'
import { interruption, runPlan } from './plan.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { type PlanFlags, planCommand, planFlags } from './setup.ts'
import { clock, duration, printable, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly job?: string
  readonly detach?: boolean
  readonly apply?: boolean
}

const tookOf = ({ startedAt, workedMs }: JobRun): string =>
  startedAt === null ? '' : duration(workedMs ?? Date.now() - startedAt)

const over = ({ state }: JobRun) => state !== 'waiting' && state !== 'running' && state !== 'ending'

/** The job that is meant: `batch` where none is named. Throws AppError. */
async function jobOf(client: Client, pipeline: string, wanted = 'batch'): Promise<DatabricksJob> {
  const jobs = await client.databricks.jobs({ pipeline })
  const found = jobs.find(({ job, jobId }) => job === wanted || jobId === wanted)
  if (found !== undefined) return found
  throw new AppError({
    code: 'DATABRICKS_NO_JOB',
    message: `The workspace has no such job of this pipeline: ${wanted}`,
    hint: 'Make it with "pipeline databricks setup".',
  })
}

/** Follows a run to its end; Ctrl-C leaves it running. Throws AppError with what failed. */
async function follow(deps: CliDeps, client: Client, pipeline: string, runId: string): Promise<JobRunDetail> {
  let last: JobRunDetail | null = null
  const told = new Map<string, string>()
  try {
    for await (const now of await client.databricks.watchRun(
      { pipeline, runId },
      { signal: deps.interrupted },
    )) {
      last = now
      for (const { key, state } of now.run.tasks) {
        if (told.get(key) === state) continue
        told.set(key, state)
        deps.terminal.note(`${key}: ${state}`)
      }
      deps.terminal.status(`  ${now.run.word} ${tookOf(now.run)}`)
    }
  } catch (thrown) {
    if (!deps.interrupted.aborted) throw thrown
  }
  if (deps.interrupted.aborted) {
    deps.terminal.note(`The run goes on there: pipeline databricks cancel ${runId}`)
    throw interruption()
  }
  if (last === null) throw interruption()
  return last
}

function tell({ terminal }: CliDeps, flags: Flags, detail: JobRunDetail): void {
  const { run, errors, answers } = detail
  if (flags.json) terminal.out(JSON.stringify(detail))
  else {
    terminal.out(`${run.runId} ${run.state} (${run.word}) ${tookOf(run)}`)
    for (const { key, trace } of errors)
      if (trace !== null) for (const line of trace.split('\n')) terminal.note(`  ${key}: ${printable(line)}`)
    if (run.url !== null) terminal.out(run.url)
    if (answers !== null) terminal.out(`Its answers: pipeline answers show --of ${answers}`)
  }
  const [first] = errors
  if (first !== undefined)
    throw new AppError({ ...first.problem, message: `${first.key}: ${first.problem.message}` })
  if (over(run) && run.state !== 'done')
    throw new AppError({
      code: 'DATABRICKS_RUN_FAILED',
      message: `The run ended without success: ${run.message || run.word}`,
      hint: `Look at its page${run.url === null ? '' : `: ${run.url}`}. "pipeline databricks repair ${run.runId}" runs again what failed.`,
    })
}

export function databricksCommands(program: Command, deps: CliDeps): void {
  const databricks = program.command('databricks').description('the pipeline in a Databricks workspace')
  databricksConnectionCommands(databricks, deps)
  planFlags(
    databricks
      .command('setup')
      .description(
        'put notebooks, lake and job there; how is set by "pipelines set <id> databricks.compute.kind=cluster" and the like',
      ),
    'delete the jobs, the volume, the secret scope and the notebooks that were made',
  ).action((flags: PlanFlags) =>
    withSession(deps.open, async ({ client }) => {
      const pipeline = await pickPipeline(client, flags.pipeline)
      await withToken(deps, client, pipeline, () => planCommand(deps, client, 'databricks', flags))
    }),
  )
  const plain = pipelineCommands<Flags>(databricks, deps)
  const command = (words: string, text: string, work: PipelineWork<Flags>) =>
    plain(words, text, (client, pipeline, given, flags) =>
      withToken(deps, client, pipeline, () => work(client, pipeline, given, flags)),
    )
  const { terminal } = deps
  command('jobs', 'the pipeline’s jobs there', async (client, pipeline, _given, flags) => {
    const jobs = await client.databricks.jobs({ pipeline })
    if (flags.json) return terminal.out(JSON.stringify(jobs))
    const rows = jobs.map(({ job, jobId, compute, schedule, paused, url }) => [
      job,
      jobId,
      compute,
      schedule === null ? '–' : `${schedule}${paused ? ' (paused)' : ''}`,
      url,
    ])
    for (const line of table(['job', 'id', 'runs on', 'schedule', 'page'], rows)) terminal.out(line)
    if (jobs.length === 0) terminal.note('There is none. Make it with "pipeline databricks setup".')
  })
  command('runs', 'the runs of the job, newest first', async (client, pipeline, _given, flags) => {
    const { jobId } = await jobOf(client, pipeline, flags.job)
    const { items } = await client.databricks.runs({ pipeline, jobId })
    if (flags.json) return terminal.out(JSON.stringify(items))
    const rows = items.map((run) => [
      run.runId,
      run.state,
      run.startedAt === null ? '–' : clock(run.startedAt),
      tookOf(run),
      run.message.split('\n')[0]?.slice(0, 60) ?? '',
    ])
    for (const line of table(['run', 'state', 'began', 'took', 'message'], rows)) terminal.out(line)
    if (items.length === 0) terminal.note('There is none yet: pipeline databricks run')
  }).option('--job <job>', 'batch or streaming')
  command('run', 'run the job now, and follow it to its end', async (client, pipeline, _given, flags) => {
    if (flags.apply)
      await runPlan(client, terminal, deps.interrupted, { pipeline, plan: 'databricks', action: 'apply' })
    const { jobId } = await jobOf(client, pipeline, flags.job)
    const run = await client.databricks.runNow({ pipeline, jobId })
    terminal.note(`Run ${run.runId}${run.url === null ? '' : `: ${run.url}`}`)
    if (flags.detach) return terminal.out(flags.json ? JSON.stringify(run) : run.runId)
    tell(deps, flags, await follow(deps, client, pipeline, run.runId))
  })
    .option('--job <job>', 'batch or streaming')
    .option('--apply', 'first put there what is new or missing: notebooks, lake, job')
    .option('--detach', 'do not wait for its end')
  command('show <run>', 'a run, with what its failed tasks said', async (client, pipeline, runId, flags) =>
    tell(deps, flags, await client.databricks.run({ pipeline, runId: numberOf(runId) })),
  )
  command('cancel <run>', 'end a run', async (client, pipeline, runId, flags) => {
    await client.databricks.cancel({ pipeline, runId: numberOf(runId) })
    const { run } = await follow(deps, client, pipeline, runId)
    terminal.out(flags.json ? JSON.stringify(run) : `${runId} ${run.state}`)
  })
  command('repair <run>', 'run again what failed, and follow it', async (client, pipeline, runId, flags) => {
    await client.databricks.repair({ pipeline, runId: numberOf(runId) })
    tell(deps, flags, await follow(deps, client, pipeline, runId))
  })
}

function numberOf(text: string): string {
  if (/^\d{1,20}$/.test(text)) return text
  throw usage('run', `Not the number of a run: ${text}`, 'See "pipeline databricks runs".')
}
