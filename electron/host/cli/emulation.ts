/** `pipeline emulate` and `pipeline run`: posts from the terminal, and the whole line once with its report. */
import type { Command } from 'commander'
import type { RunSnapshot } from '../../../shared/emulation.ts'
import { AppError } from '../../../shared/errors.ts'
import { type EmulationFlags, startInput, withEmulationOptions } from './emulationFlags.ts'
import { disagreements, note, progressLine } from './emulationText.ts'
import { gatewayInput } from './gatewayKey.ts'
import { usage } from './parse.ts'
import { interruption, runPlan } from './plan.ts'
import { withVault } from './secrets.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { count, duration, printable } from './text.ts'

const ended = (snapshot: RunSnapshot) => ['done', 'stopped', 'failed', 'interrupted'].includes(snapshot.state)

/** Follows a run to its end. The first Ctrl-C stops it at a record boundary; what is in flight is waited for. */
async function follow(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  first: RunSnapshot,
): Promise<RunSnapshot> {
  const of = { pipeline, runId: first.runId }
  const stop = () => void client.emulation.stop(of).catch(() => {})
  deps.interrupted.addEventListener('abort', stop, { once: true })
  try {
    let snapshot = first
    if (!ended(snapshot)) {
      for await (const next of await client.emulation.watch(of)) {
        snapshot = next
        deps.terminal.status(progressLine(snapshot))
        if (ended(snapshot)) break
      }
    }
    return snapshot
  } finally {
    deps.interrupted.removeEventListener('abort', stop)
  }
}

/** Starts a run, unless Ctrl-C came before there was one to stop. */
async function begun(
  deps: CliDeps,
  client: Client,
  input: Parameters<Client['emulation']['start']>[0],
): Promise<RunSnapshot> {
  if (deps.interrupted.aborted) throw interruption()
  return withVault(deps, client, () => client.emulation.start(input))
}

/** Reads everything back and waits for the report, also after a Ctrl-C that stopped the run; a second one ends at once. */
async function verified(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  { runId }: RunSnapshot,
): Promise<RunSnapshot> {
  return follow(deps, client, pipeline, await client.emulation.verify({ pipeline, runId }))
}

async function emulate(deps: CliDeps, client: Client, flags: EmulationFlags): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  if (flags.continue !== undefined)
    return finish(deps, client, flags, pipeline, await continued(deps, client, pipeline, flags))
  const input = await startInput(deps, client, pipeline, flags)
  if (flags.preview) {
    const preview = await withVault(deps, client, () => client.emulation.preview(input))
    for (const record of preview.records) deps.terminal.out(`${record.target}\n${printable(record.body)}`)
    for (const warning of preview.warnings) deps.terminal.note(`! ${warning}`)
    return
  }
  await finish(deps, client, flags, pipeline, await begun(deps, client, input))
}

/** Goes on with a run where its journal says. */
async function continued(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  flags: EmulationFlags,
): Promise<RunSnapshot> {
  const runs = await client.emulation.list({ pipeline })
  const newest = runs.toSorted((a, b) => b.startedAt - a.startedAt).find(({ state }) => state !== 'done')
  const run = flags.continue === true ? newest : runs.find(({ runId }) => runId === flags.continue)
  if (run === undefined)
    throw usage(
      'continue',
      flags.continue === true ? 'Every run came to its end.' : `There is no such run: ${flags.continue}`,
      'Start a new one without --continue.',
    )
  const { password } = deps.given
  const input = {
    pipeline,
    runId: run.runId,
    ...(password === undefined ? {} : { password, remember: flags.remember === true }),
    ...(await gatewayInput(deps, client, pipeline, run.options, flags.gatewayAccess)),
  }
  if (deps.interrupted.aborted) throw interruption()
  return withVault(deps, client, () => client.emulation.continue(input))
}

/** Follows a run to its end and says what it came to. */
async function finish(
  deps: CliDeps,
  client: Client,
  flags: EmulationFlags,
  pipeline: string,
  first: RunSnapshot,
): Promise<void> {
  let snapshot = await follow(deps, client, pipeline, first)
  if (flags.verify) snapshot = await verified(deps, client, pipeline, snapshot)
  note(deps, snapshot)
  if (flags.json) deps.terminal.out(JSON.stringify(snapshot))
  if (snapshot.state === 'failed')
    throw new AppError({
      code: 'RUN_FAILED',
      message: 'The run failed.',
      hint: snapshot.problem?.hint ?? 'See the errors above.',
    })
  // Before the records it cost: the reason is what can be mended.
  throwStopped(snapshot)
  if (snapshot.counters.failed > 0) {
    throw new AppError({
      code: 'RECORDS_FAILED',
      message: `Records failed: ${count(snapshot.counters.failed)}`,
      hint: 'See the errors above, each with its fix.',
    })
  }
  if (deps.interrupted.aborted) throw interruption()
}

/** Throws AppError RUN_STOPPED where the app itself ended it before its time, with the reason. */
function throwStopped({ state, problem }: RunSnapshot): void {
  if (state !== 'stopped' || problem === null) return
  throw new AppError({
    code: 'RUN_STOPPED',
    message: `The run was stopped: ${problem.message}`,
    hint: problem.hint,
  })
}

async function run(deps: CliDeps, client: Client, flags: EmulationFlags): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  const input = await startInput(deps, client, pipeline, flags)
  if (input.options.posts === undefined && input.options.forMs === undefined) input.options.posts = 500
  const wasRunning = (await client.local.status({ pipeline })).running
  const began = Date.now()
  let snapshot: RunSnapshot
  try {
    await runPlan(client, deps.terminal, deps.interrupted, { pipeline, action: 'apply' })
    snapshot = await follow(deps, client, pipeline, await begun(deps, client, input))
    snapshot = await verified(deps, client, pipeline, snapshot)
  } finally {
    if (!wasRunning && !flags.keep) {
      await runPlan(client, deps.terminal, new AbortController().signal, { pipeline, action: 'undo' })
    }
  }
  note(deps, snapshot)
  deps.terminal.note(`The whole line took ${duration(Date.now() - began)}.`)
  if (flags.json) {
    const { runId, state, counters, errors, problem, report } = snapshot
    deps.terminal.out(JSON.stringify({ ...report, runId, state, counters, errors, problem }))
  }
  if (deps.interrupted.aborted) throw interruption()
  const whole = input.options.forMs === undefined && snapshot.state !== 'stopped'
  const wrong = disagreements(snapshot, whole ? input.options.posts : undefined)
  if (wrong.length > 0) {
    throw new AppError({
      code: 'NUMBERS_DISAGREE',
      message: `The numbers do not agree: ${wrong.join('; ')}`,
      hint: snapshot.problem?.hint ?? 'The data and the journal of the run are kept.',
    })
  }
  throwStopped(snapshot)
}

export function emulationCommands(program: Command, deps: CliDeps): void {
  withEmulationOptions(
    program.command('emulate').description('emulate users who post, against the running stack'),
  )
    .option('--preview', 'show the first records exactly as they would go out, and send nothing')
    .option('--verify', 'read every acknowledged record back at the end')
    .option(
      '--continue [run]',
      'go on with a run that was interrupted, stopped or failed; without an id the newest',
    )
    .action((flags: EmulationFlags) => withSession(deps.open, ({ client }) => emulate(deps, client, flags)))
  withEmulationOptions(
    program
      .command('run')
      .description('the whole line once: stack up, posts, read all back, report, stack down'),
  )
    .option('--keep', 'leave the stack up (while this back end lives)')
    .action((flags: EmulationFlags) => withSession(deps.open, ({ client }) => run(deps, client, flags)))
}
