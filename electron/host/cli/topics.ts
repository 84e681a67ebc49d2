/** `pipeline topics …`: the same views of Kafka as on the page. */
import type { Command } from 'commander'
import { consentFor } from './consent.ts'
import { parseCount } from './parse.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { bytes, count, table } from './text.ts'
import { changeCommands } from './topicChanges.ts'
import { searchCommands } from './topicSearch.ts'
import { parseFrom, showMessage, type TopicFlags } from './topicText.ts'
import { transferCommands } from './topicTransfer.ts'

async function list(deps: CliDeps, client: Client, flags: TopicFlags): Promise<void> {
  const rows = await client.topics.list({ pipeline: await pickPipeline(client, flags.pipeline) })
  if (flags.json) {
    deps.terminal.out(JSON.stringify(rows))
    return
  }
  const cells = rows.map((row) => [
    row.name,
    count(row.partitions),
    count(row.messages),
    bytes(row.bytes),
    count(row.sinkLag),
  ])
  for (const line of table(['topic', 'partitions', 'messages', 'size', 'lake lag'], cells))
    deps.terminal.out(line)
}

async function tail(deps: CliDeps, client: Client, topic: string, flags: TopicFlags): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  const from = flags.fromBeginning ? 'oldest' : 'newest'
  const input = {
    pipeline,
    topic,
    from,
    ...(flags.partition === undefined ? {} : { partition: flags.partition }),
  } as const
  try {
    for await (const batch of await client.topics.tail(input, { signal: deps.interrupted })) {
      for (const message of batch.messages) showMessage(deps, flags, message)
      if (batch.dropped > 0)
        deps.terminal.status(`${count(batch.seen)} seen, ${count(batch.dropped)} dropped`)
    }
  } catch (thrown) {
    if (!deps.interrupted.aborted) throw thrown
  }
}

export function topicsCommands(program: Command, deps: CliDeps): void {
  const topics = program.command('topics').description('look into Kafka')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON for each result')

  common(topics.command('list').description('all topics with their messages')).action((flags: TopicFlags) =>
    withSession(deps.open, ({ client }) => list(deps, client, flags)),
  )
  common(topics.command('browse <topic>').description('a page of messages'))
    .option('--from <place>', 'newest, oldest, offset:<n>, or a time', parseFrom)
    .option('--partition <n>', 'one partition only', parseCount('partition'))
    .option('--limit <n>', 'messages at most', parseCount('limit'))
    .action((topic: string, flags: TopicFlags) =>
      withSession(deps.open, async ({ client }) => {
        const page = await client.topics.browse({
          pipeline: await pickPipeline(client, flags.pipeline),
          topic,
          from: flags.from ?? { at: 'newest' },
          limit: flags.limit ?? 20,
          ...(flags.partition === undefined ? {} : { partition: flags.partition }),
        })
        for (const message of page.messages) showMessage(deps, flags, message)
      }),
    )
  searchCommands(topics, deps)
  transferCommands(topics, deps)
  changeCommands(topics, deps)
  common(topics.command('tail <topic>').description('follow new messages until Ctrl-C'))
    .option('--partition <n>', 'one partition only', parseCount('partition'))
    .option('--from-beginning', 'begin with the oldest message')
    .action((topic: string, flags: TopicFlags) =>
      withSession(deps.open, ({ client }) => tail(deps, client, topic, flags)),
    )
  common(topics.command('create <topic>').description('make a topic'))
    .option('--partitions <n>', 'number of partitions', parseCount('partitions'))
    .action((topic: string, flags: TopicFlags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const row = await client.topics.create({ pipeline, topic, partitions: flags.partitions ?? 1 })
        deps.terminal.out(flags.json ? JSON.stringify(row) : `Created ${row.name}.`)
      }),
    )
  common(topics.command('delete <topic>').description('delete a topic and its messages'))
    .option('--yes', 'do not ask')
    .action((topic: string, flags: TopicFlags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const consent = await consentFor(
          client,
          deps.terminal,
          { action: 'topics.remove', pipeline, names: [topic] },
          flags.yes === true,
        )
        const result = await client.topics.remove({ pipeline, topic, consent })
        deps.terminal.out(flags.json ? JSON.stringify(result) : `Deleted ${topic}.`)
      }),
    )
}
