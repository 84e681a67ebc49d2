/** `pipeline groups …`: consumer groups, their lag, and where they are to go on. */
import type { Command } from 'commander'
import type { GroupDetail, ResetRow, ResetTo } from '../../../shared/contract/groups.ts'
import { consentFor } from './consent.ts'
import { parseCount, usage } from './parse.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { count, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly yes?: boolean
  readonly to?: ResetTo
  readonly topic?: string
  readonly partition?: number
  readonly dryRun?: boolean
}

/** `earliest`, `latest`, an offset, `+<n>` or `-<n>` records, or a time. */
export function parseReset(text: string): ResetTo {
  if (text === 'earliest' || text === 'latest') return { to: text }
  if (/^\d+$/.test(text)) return { to: 'offset', offset: text }
  if (/^[+-]\d+$/.test(text)) return { to: 'shift', by: Number(text) }
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return { to: 'time', time }
  throw usage(
    'to',
    `Not a place to go on at: ${text}`,
    'Write earliest, latest, an offset, +<n>, -<n>, or a time like 2026-11-23T20:00:00.',
  )
}

const dash = (value: string | null) => value ?? '—'

function print(deps: CliDeps, flags: Flags, value: unknown, lines: () => Iterable<string>): void {
  if (flags.json) deps.terminal.out(JSON.stringify(value))
  else for (const line of lines()) deps.terminal.out(line)
}

const partitionLines = ({ partitions }: GroupDetail) =>
  table(
    ['topic', 'partition', 'committed', 'end', 'lag'],
    partitions.map((row) => [
      row.topic,
      String(row.partition),
      dash(row.committed),
      row.high,
      count(row.lag),
    ]),
  )

const resetLines = (rows: readonly ResetRow[]) =>
  table(
    ['topic', 'partition', 'before', 'after', 'lag before', 'lag after'],
    rows.map((row) => [
      row.topic,
      String(row.partition),
      dash(row.before),
      row.after,
      count(row.lagBefore),
      count(row.lagAfter),
    ]),
  )

async function reset(deps: CliDeps, client: Client, group: string, flags: Flags): Promise<void> {
  const { to, topic, partition } = flags
  if (to === undefined) throw usage('to', 'Where is it to go on?', 'Add --to earliest, or another place.')
  const pipeline = await pickPipeline(client, flags.pipeline)
  const rows = await client.groups.resetPreview({
    pipeline,
    group,
    to,
    ...(topic === undefined ? {} : { topic }),
    ...(partition === undefined ? {} : { partition }),
  })
  if (flags.dryRun) return print(deps, flags, rows, () => resetLines(rows))
  const offsets = rows.map((row) => ({ topic: row.topic, partition: row.partition, offset: row.after }))
  const request = { action: 'groups.reset', pipeline, group, offsets } as const
  const consent = await consentFor(client, deps.terminal, request, flags.yes === true)
  await client.groups.reset({ pipeline, group, offsets, consent })
  print(deps, flags, rows, () => resetLines(rows))
}

export function groupsCommands(program: Command, deps: CliDeps): void {
  const groups = program.command('groups').description('consumer groups and their lag')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON for each result')

  common(groups.command('list').description('all consumer groups')).action((flags: Flags) =>
    withSession(deps.open, async ({ client }) => {
      const rows = await client.groups.list({ pipeline: await pickPipeline(client, flags.pipeline) })
      print(deps, flags, rows, () =>
        table(
          ['group', 'state', 'members', 'lag', 'topics'],
          rows.map((row) => [
            row.id,
            row.state,
            count(row.members),
            count(row.lag),
            `${row.topics.join(', ')}${row.lake ? ' (lake)' : ''}`,
          ]),
        ),
      )
    }),
  )
  common(groups.command('show <group>').description('one group, partition by partition')).action(
    (group: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const detail = await client.groups.get({ pipeline, group })
        print(deps, flags, detail, () => partitionLines(detail))
      }),
  )
  common(groups.command('reset <group>').description('set where a group without members goes on'))
    .option('--to <place>', 'earliest, latest, an offset, +<n>, -<n>, or a time', parseReset)
    .option('--topic <topic>', 'one topic only')
    .option('--partition <n>', 'one partition only', parseCount('partition'))
    .option('--dry-run', 'only show before and after')
    .option('--yes', 'do not ask')
    .action((group: string, flags: Flags) =>
      withSession(deps.open, ({ client }) => reset(deps, client, group, flags)),
    )
  common(groups.command('delete <group>').description('delete a group without members'))
    .option('--yes', 'do not ask')
    .action((group: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const request = { action: 'groups.remove', pipeline, group } as const
        const consent = await consentFor(client, deps.terminal, request, flags.yes === true)
        const result = await client.groups.remove({ pipeline, group, consent })
        print(deps, flags, result, () => [`Deleted ${group}.`])
      }),
    )
}
