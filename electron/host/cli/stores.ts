/** `pipeline pipelines …` and `pipeline settings …`. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { pipelineSettingsSchema, settingsSchema } from '../../../shared/settings.ts'
import { assign, shapeOf } from './assign.ts'
import { consentFor } from './consent.ts'
import { kafkaPasswordCommand } from './kafkaPassword.ts'
import { usage } from './parse.ts'
import { type CliDeps, pickPipeline, withSession } from './session.ts'
import { bytes, table } from './text.ts'

interface Flags {
  readonly json?: boolean
  readonly yes?: boolean
  readonly userId?: string
}

export function storeCommands(program: Command, deps: CliDeps): void {
  const { terminal } = deps
  const pipelines = program
    .command('pipelines')
    .description('named sets of user id, topics, streams, endpoints and paths')
  pipelines
    .command('list')
    .option('--json', 'print one line of JSON')
    .action((flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const { active, items } = await client.pipelines.list()
        if (flags.json) terminal.out(JSON.stringify({ active, items }))
        else {
          const rows = items.map((item) => [
            item.id === active ? '*' : ' ',
            item.id,
            item.settings.name,
            item.settings.userId,
            item.folder,
          ])
          for (const line of table(['', 'id', 'name', 'user id', 'folder'], rows)) terminal.out(line)
        }
      }),
    )
  pipelines
    .command('create <name>')
    .option('--user-id <id>', 'names of topics and streams derive from it')
    .action((name: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const settings = pipelineSettingsSchema.safeParse({
          name,
          ...(flags.userId === undefined ? {} : { userId: flags.userId }),
        })
        if (!settings.success)
          throw usage('user-id', settings.error.issues[0]?.message ?? 'Not a user id.', 'Choose another one.')
        terminal.out(`Created ${(await client.pipelines.create(settings.data)).id}.`)
      }),
    )
  pipelines.command('select <id>').action((id: string) =>
    withSession(deps.open, async ({ client }) => {
      const pipeline = await pickPipeline(client, id)
      await client.pipelines.select({ pipeline })
      terminal.out(`Active: ${pipeline}`)
    }),
  )
  pipelines
    .command('set <id> <assignments...>')
    .description('change settings: userId=0a1b2c topics.partitions=3 lake.flush.size=100')
    .action((id: string, assignments: string[]) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, id)
        const item = (await client.pipelines.list()).items.find((each) => each.id === pipeline)
        const settings = structuredClone(item?.settings ?? {}) as Record<string, unknown>
        for (const assignment of assignments) assign(settings, assignment, shapeOf(pipelineSettingsSchema))
        const checked = pipelineSettingsSchema.safeParse(settings)
        if (!checked.success)
          throw usage(
            checked.error.issues[0]?.path.join('.') ?? '',
            checked.error.issues[0]?.message ?? '',
            'Nothing was changed.',
          )
        await client.pipelines.update({ pipeline, settings: checked.data })
        terminal.out(`Changed ${pipeline}.`)
      }),
    )
  kafkaPasswordCommand(pipelines, deps)
  pipelines
    .command('delete <id>')
    .option('--yes', 'do not ask')
    .action((id: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, id)
        const consent = await consentFor(
          client,
          terminal,
          { action: 'pipelines.remove', pipeline },
          flags.yes === true,
        )
        await client.pipelines.remove({ pipeline, consent })
        terminal.out(`Deleted ${pipeline}.`)
      }),
    )
  pipelines.command('export <id>').action((id: string) =>
    withSession(deps.open, async ({ client }) => {
      terminal.out((await client.pipelines.export({ pipeline: await pickPipeline(client, id) })).text)
    }),
  )
  pipelines.command('import <file>').action((file: string) =>
    withSession(deps.open, async ({ client }) => {
      terminal.out(`Imported ${(await client.pipelines.import({ text: await readFile(file, 'utf8') })).id}.`)
    }),
  )
  pipelines
    .command('disk <id>')
    .description('bytes on disk by part, and the cap (maxDataGiB of the settings)')
    .action((id: string) =>
      withSession(deps.open, async ({ client }) => {
        const { parts, freeBytes } = await client.pipelines.disk({ pipeline: await pickPipeline(client, id) })
        const { maxDataGiB } = await client.settings.get()
        const rows = [
          ...parts.map((part) => [part.name, bytes(part.bytes)]),
          ['together', bytes(parts.reduce((sum, part) => sum + part.bytes, 0))],
          ['at most', `${maxDataGiB} GiB`],
          ['free', bytes(freeBytes)],
        ]
        for (const line of table(['part', 'size'], rows)) terminal.out(line)
      }),
    )

  const settings = program.command('settings').description('settings of the app')
  settings
    .command('show')
    .action(() =>
      withSession(deps.open, async ({ client }) =>
        terminal.out(JSON.stringify(await client.settings.get(), null, 2)),
      ),
    )
  settings
    .command('set <assignments...>')
    .description('change settings: theme=dark mirrors.kafka=https://…')
    .action((assignments: string[]) =>
      withSession(deps.open, async ({ client }) => {
        const changed = structuredClone(await client.settings.get()) as Record<string, unknown>
        for (const assignment of assignments) assign(changed, assignment, shapeOf(settingsSchema))
        const checked = settingsSchema.safeParse(changed)
        if (!checked.success)
          throw usage(
            checked.error.issues[0]?.path.join('.') ?? '',
            checked.error.issues[0]?.message ?? '',
            'Nothing was changed.',
          )
        await client.settings.set(checked.data)
        terminal.out('Changed.')
      }),
    )
}
