/** `pipeline local up | down | status`: the stack on this computer. */
import type { Command } from 'commander'
import type { LocalStatus } from '../../../shared/contract/local.ts'
import { consentFor } from './consent.ts'
import { parseCount, usage } from './parse.ts'
import { runPlan } from './plan.ts'
import { type CliDeps, pickPipeline, type Session, withSession } from './session.ts'
import { bytes, count, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly detach?: boolean
  readonly wipe?: boolean
  readonly yes?: boolean
}

function statusLines(status: LocalStatus): string[] {
  const state = (running: boolean) => (running ? 'running' : 'stopped')
  const lines = table(
    ['part', 'state', 'where'],
    [
      ['kafka', state(status.kafka.running), status.kafka.bootstrap],
      ['kinesis', state(status.kinesis.running), status.kinesis.endpoint],
      ['gateway', state(status.gateway.running), status.gateway.url],
      ['lake', state(status.lake.running), status.lake.path],
    ],
  )
  const lake = `The lake holds ${count(status.lake.records)} records in ${count(status.lake.files)} files, ${bytes(status.lake.bytes)}.`
  return [...lines, lake, ...status.problems.map((problem) => `! ${problem.message} ${problem.hint}`)]
}

function print(deps: CliDeps, status: LocalStatus, json: boolean | undefined): void {
  if (json) deps.terminal.out(JSON.stringify(status))
  else for (const line of statusLines(status)) deps.terminal.out(line)
}

/** Resolves when Ctrl-C was pressed. */
function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

async function up(deps: CliDeps, session: Session, flags: Flags): Promise<void> {
  const pipeline = await pickPipeline(session.client, flags.pipeline)
  await runPlan(session.client, deps.terminal, deps.interrupted, { pipeline, action: 'apply' })
  print(deps, await session.client.local.status({ pipeline }), flags.json)
  if (session.attached || flags.detach) return
  deps.terminal.note('Running until you press Ctrl-C. With --detach it would stay.')
  await untilInterrupted(deps.interrupted)
}

async function down(deps: CliDeps, session: Session, flags: Flags): Promise<void> {
  const { client } = session
  const pipeline = await pickPipeline(client, flags.pipeline)
  const consent = flags.wipe
    ? await consentFor(client, deps.terminal, { action: 'local.wipe', pipeline }, flags.yes === true)
    : null
  await runPlan(client, deps.terminal, deps.interrupted, { pipeline, action: 'undo' })
  const status =
    consent === null
      ? await client.local.status({ pipeline })
      : await client.local.wipe({ pipeline, consent })
  print(deps, status, flags.json)
}

export function localCommands(program: Command, deps: CliDeps): void {
  const local = program
    .command('local')
    .description('the stack on this computer: broker, Kinesis, gateway, lake')
  const pipelineOption = ['--pipeline <id>', 'another pipeline than the active one'] as const

  local
    .command('up')
    .description('start it, preparing what is missing')
    .option(...pipelineOption)
    .option('--detach', 'leave it running in the background')
    .option('--json', 'print the status as one line of JSON')
    .action((flags: Flags) =>
      withSession(flags.detach ? deps.openDetached : deps.open, (session) => up(deps, session, flags)),
    )
  local
    .command('down')
    .description('stop it; the data stays')
    .option(...pipelineOption)
    .option('--wipe', 'also delete its topics, streams and lake')
    .option('--yes', 'do not ask')
    .option('--json', 'print the status as one line of JSON')
    .action((flags: Flags) => withSession(deps.open, (session) => down(deps, session, flags)))
  local
    .command('lake <topic> <partition> <choice>')
    .description(
      'let a partition go on that the lake stopped at: new-generation, or continue from the earliest',
    )
    .option(...pipelineOption)
    .action((topic: string, partition: string, choice: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const chosen = { 'new-generation': 'newGeneration', continue: 'continueFromEarliest' } as const
        const known = choice === 'new-generation' || choice === 'continue' ? chosen[choice] : null
        if (known === null)
          throw usage('choice', `Not a choice: ${choice}`, 'Write new-generation or continue.')
        const pipeline = await pickPipeline(client, flags.pipeline)
        print(
          deps,
          await client.local.lake({
            pipeline,
            topic,
            partition: parseCount('partition')(partition),
            choice: known,
          }),
          flags.json,
        )
      }),
    )
  local
    .command('status')
    .description('what runs, and where')
    .option(...pipelineOption)
    .option('--json', 'print one line of JSON')
    .action((flags: Flags) =>
      withSession(deps.open, async ({ client }) =>
        print(
          deps,
          await client.local.status({ pipeline: await pickPipeline(client, flags.pipeline) }),
          flags.json,
        ),
      ),
    )
}
