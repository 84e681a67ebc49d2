/** `pipeline setup`: Kafka on the machine of a pipeline, from bare to three topics, and back. */
import type { Command } from 'commander'
import type { PlanState } from '../../../shared/contract/plan.ts'
import { consentFor } from './consent.ts'
import { usage } from './parse.ts'
import { runPlan } from './plan.ts'
import { withVault } from './secrets.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { printable } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly check?: boolean
  readonly only?: string
  readonly undo?: boolean
  readonly yes?: boolean
  readonly json?: boolean
}

const plan = 'kafkaHost' as const

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

async function setUp(deps: CliDeps, client: Client, flags: Flags): Promise<void> {
  if (flags.check && flags.undo)
    throw usage('undo', 'Either --check or --undo.', 'See pipeline setup --help.')
  const pipeline = await pickPipeline(client, flags.pipeline)
  // The steps are known once the machine was reached: a wrong address or key is told here.
  const { steps } = await withVault(deps, client, () => client.plan.get({ pipeline, plan }))
  if (flags.only !== undefined && !steps.some(({ id }) => id === flags.only))
    throw usage(
      'only',
      `There is no such step: ${flags.only}`,
      `There is ${steps.map(({ id }) => id).join(', ')}.`,
    )
  const consent = flags.undo
    ? await consentFor(client, deps.terminal, { action: 'plan.undo', pipeline, plan }, flags.yes === true)
    : undefined
  const state = await runPlan(client, deps.terminal, deps.interrupted, {
    pipeline,
    plan,
    action: flags.check ? 'check' : flags.undo ? 'undo' : 'apply',
    ...(flags.only === undefined ? {} : { steps: [flags.only] }),
    ...(consent === undefined ? {} : { consent }),
  })
  if (flags.json) deps.terminal.out(JSON.stringify(state))
  else if (flags.check) for (const line of changeLines(state)) deps.terminal.out(line)
}

export function setupCommands(program: Command, deps: CliDeps): void {
  program
    .command('setup')
    .description(
      'Kafka on the machine of a pipeline: Java, Kafka, a broker that starts at boot, three topics',
    )
    .option('--pipeline <id>', 'another pipeline than the active one')
    .option('--check', 'only look, and show what would be changed')
    .option('--only <step>', 'one step, and what it needs')
    .option('--undo', 'stop it and remove what was installed')
    .option('--yes', 'agree to what --undo deletes')
    .option('--json', 'end with one line of JSON')
    .action((flags: Flags) => withSession(deps.open, ({ client }) => setUp(deps, client, flags)))
}
