/** `pipeline setup`: Kafka on the machine of a pipeline, from bare to three topics, and back. */
import type { Command } from 'commander'
import type { PlanState } from '../../../shared/contract/plan.ts'
import { consentFor } from './consent.ts'
import { usage } from './parse.ts'
import { runPlan } from './plan.ts'
import { unlockVault, withVault } from './secrets.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { printable } from './text.ts'

export interface PlanFlags {
  readonly pipeline?: string
  readonly check?: boolean
  readonly only?: string
  readonly undo?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

/** What applying would write, line by line, `-` and `+` as of a diff. */
function changeLines({ steps }: PlanState): string[] {
  return steps.flatMap(({ title, finding }) =>
    (finding?.changes ?? []).flatMap(({ target, before, after }) => [
      `${title}: ${target}`,
      ...before.split('\n').flatMap((line) => (line === '' ? [] : [`  - ${printable(line)}`])),
      ...after.split('\n').flatMap((line) => (line === '' ? [] : [`  + ${printable(line)}`])),
    ]),
  )
}

/** A plan as a command: looked at, applied whole or in one step, or taken back. */
export async function planCommand(
  deps: CliDeps,
  client: Client,
  plan: 'kafkaHost' | 'machine' | 'databricks' | 'airflow',
  flags: PlanFlags,
): Promise<void> {
  if (flags.check && flags.undo) throw usage('undo', 'Either --check or --undo.', 'See --help.')
  const pipeline = await pickPipeline(client, flags.pipeline)
  // Its private key is kept in the vault, and looked for there.
  if (plan === 'machine' && (await client.secrets.status()).vault === 'locked')
    await unlockVault(deps, client)
  const consent = flags.undo
    ? await consentFor(client, deps.terminal, { action: 'plan.undo', pipeline, plan }, flags.yes === true)
    : undefined
  // The machine is reached first: a wrong address or key is told here, and a key in the vault asked for.
  const state = await withVault(deps, client, () =>
    runPlan(client, deps.terminal, deps.interrupted, {
      pipeline,
      plan,
      action: flags.check ? 'check' : flags.undo ? 'undo' : 'apply',
      ...(flags.only === undefined ? {} : { steps: [flags.only] }),
      ...(consent === undefined ? {} : { consent }),
    }),
  )
  if (flags.json) deps.terminal.out(JSON.stringify(state))
  else if (flags.check) for (const line of changeLines(state)) deps.terminal.out(line)
}

export function setupCommands(program: Command, deps: CliDeps): void {
  const setup = program
    .command('setup')
    .description(
      'Kafka on the machine of a pipeline: Java, Kafka, a broker and a REST proxy that start at boot, three topics',
    )
  planFlags(setup, 'stop it and remove what was installed').action((flags: PlanFlags) =>
    withSession(deps.open, ({ client }) => planCommand(deps, client, 'kafkaHost', flags)),
  )
}

export const planFlags = (command: Command, undo: string): Command =>
  command
    .option('--pipeline <id>', 'another pipeline than the active one')
    .option('--check', 'only look, and show what would be changed')
    .option('--only <step>', 'one step, and what it needs')
    .option('--undo', undo)
    .option('--yes', 'agree to what --undo deletes')
    .option('--json', 'end with one line of JSON')
