/** `pipeline msk …`: the MSK clusters of the pipeline's account and region. */
import type { Command } from 'commander'
import type { MskCluster } from '../../../shared/contract/msk.ts'
import { kafkaAccessSchema } from '../../../shared/settings.ts'
import { usage } from './parse.ts'
import { type CliDeps, pickPipeline, withSession } from './session.ts'
import { table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly access?: string
}

function show({ terminal }: CliDeps, flags: Flags, clusters: readonly MskCluster[]): void {
  if (flags.json) {
    terminal.out(JSON.stringify(clusters))
    return
  }
  const rows = clusters.map(({ name, state, type, kafkaVersion, brokers, arn, chosen }) => [
    chosen ? '*' : '',
    name,
    state,
    type,
    kafkaVersion ?? '–',
    String(brokers ?? '–'),
    arn,
  ])
  for (const line of table(['', 'name', 'state', 'type', 'Kafka', 'brokers', 'ARN'], rows)) terminal.out(line)
  if (clusters.length === 0) terminal.note('There is no MSK cluster in this account and region.')
}

function accessOf(text: string | undefined) {
  if (text === undefined) return {}
  const access = kafkaAccessSchema.safeParse(text)
  if (access.success) return { access: access.data }
  throw usage('access', `There is no such way: ${text}`, `There is ${kafkaAccessSchema.options.join(', ')}.`)
}

export function mskCommands(program: Command, deps: CliDeps): void {
  const msk = program.command('msk').description('MSK clusters')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON')
  common(msk.command('list').description('all of the region; * is the pipeline’s own')).action(
    (flags: Flags) =>
      withSession(deps.open, async ({ client }) =>
        show(deps, flags, await client.msk.list({ pipeline: await pickPipeline(client, flags.pipeline) })),
      ),
  )
  common(msk.command('use <cluster>').description('take it, by name or ARN, as the pipeline’s Kafka'))
    .option('--access <way>', 'mskIam, scram512, tls or plaintext; the first it offers where left out')
    .action((arn: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        show(deps, flags, await client.msk.use({ pipeline, arn, ...accessOf(flags.access) }))
      }),
    )
}
