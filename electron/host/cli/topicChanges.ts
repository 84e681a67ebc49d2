/** `pipeline topics config|add-partitions|empty|clone|recreate`: changes to topics that exist. */
import type { Command } from 'commander'
import { consentFor } from './consent.ts'
import { parseCount, usage } from './parse.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { count, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly yes?: boolean
  readonly all?: boolean
  readonly explain?: boolean
  readonly check?: boolean
  readonly records?: boolean
}

/** `name=value` sets, `name=` sets the empty text, `name` alone takes the topic's own value back. */
export function parseChange(text: string): { name: string; value: string | null } {
  const [, name, value] = /^([a-z0-9.]+)(?:=(.*))?$/s.exec(text) ?? []
  if (name === undefined)
    throw usage('change', `Not a setting: ${text}`, 'Write name=value, or the name alone to take it back.')
  return { name, value: value ?? null }
}

async function config(
  deps: CliDeps,
  client: Client,
  topic: string,
  words: readonly string[],
  flags: Flags,
): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  const changes = words.map(parseChange)
  const all =
    changes.length === 0
      ? await client.topicOps.settings({ pipeline, topic })
      : await client.topicOps.change({ pipeline, topic, changes, check: flags.check === true })
  const named = new Set(changes.map(({ name }) => name))
  const rows = all.filter(({ name, source }) => flags.all || source === 'topic' || named.has(name))
  const { out, note } = deps.terminal
  if (flags.json) return out(JSON.stringify(rows))
  for (const line of table(
    ['setting', 'value', 'from'],
    rows.map(({ name, value, source }) => [name, value ?? '–', source]),
  ))
    out(line)
  if (flags.explain) for (const { name, explanation } of rows) note(`${name}: ${explanation}`)
  if (flags.check && changes.length > 0) note('The broker would take it; nothing was changed.')
  else if (changes.length === 0 && !flags.all)
    note(`${count(all.length - rows.length)} others have defaults: --all.`)
}

async function empty(deps: CliDeps, client: Client, topic: string, flags: Flags): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  const { partitionList } = await client.topics.get({ pipeline, topic })
  const before = partitionList.map(({ partition, high }) => ({ partition, offset: high }))
  const request = { action: 'topics.empty', pipeline, topic, before } as const
  const consent = await consentFor(client, deps.terminal, request, flags.yes === true)
  const result = await client.topicOps.empty({ pipeline, topic, before, consent })
  deps.terminal.out(flags.json ? JSON.stringify(result) : `${count(result.removed)} messages deleted.`)
}

async function clone(deps: CliDeps, client: Client, topic: string, to: string, flags: Flags): Promise<void> {
  const { terminal, interrupted } = deps
  const pipeline = await pickPipeline(client, flags.pipeline)
  const input = { pipeline, topic, to, records: flags.records === true }
  let last = { copied: 0, total: 0, done: false }
  try {
    for await (const now of await client.topicOps.clone(input, { signal: interrupted })) {
      last = now
      terminal.status(`${count(now.copied)} of ${count(now.total)} copied`)
    }
  } catch (thrown) {
    if (!interrupted.aborted) throw thrown
  }
  if (flags.json) terminal.out(JSON.stringify(last))
  else terminal.out(`${to}: ${count(last.copied)} of ${count(last.total)} messages copied.`)
}

export function changeCommands(topics: Command, deps: CliDeps): void {
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON for each result')

  common(
    topics
      .command('config <topic> [changes...]')
      .description('show settings, set name=value, or take one back'),
  )
    .option('--all', 'also what has its default')
    .option('--explain', 'with Kafka’s own explanation')
    .option('--check', 'only ask the broker whether it would take the changes')
    .action((topic: string, changes: string[], flags: Flags) =>
      withSession(deps.open, ({ client }) => config(deps, client, topic, changes, flags)),
    )
  common(
    topics.command('add-partitions <topic> <count>').description('have so many partitions in all'),
  ).action((topic: string, text: string, flags: Flags) =>
    withSession(deps.open, async ({ client }) => {
      const pipeline = await pickPipeline(client, flags.pipeline)
      const partitions = parseCount('count')(text)
      const row = await client.topicOps.addPartitions({ pipeline, topic, partitions })
      deps.terminal.out(
        flags.json ? JSON.stringify(row) : `${topic} has ${count(row.partitions)} partitions.`,
      )
    }),
  )
  common(topics.command('empty <topic>').description('delete all messages up to now'))
    .option('--yes', 'do not ask')
    .action((topic: string, flags: Flags) =>
      withSession(deps.open, ({ client }) => empty(deps, client, topic, flags)),
    )
  common(topics.command('clone <topic> <copy>').description('a topic with the same partitions and settings'))
    .option('--records', 'copy its messages too')
    .action((topic: string, copy: string, flags: Flags) =>
      withSession(deps.open, ({ client }) => clone(deps, client, topic, copy, flags)),
    )
  common(topics.command('recreate <topic>').description('delete it and make it again, empty'))
    .option('--yes', 'do not ask')
    .action((topic: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const request = { action: 'topics.recreate', pipeline, topic } as const
        const consent = await consentFor(client, deps.terminal, request, flags.yes === true)
        const row = await client.topicOps.recreate({ pipeline, topic, consent })
        deps.terminal.out(flags.json ? JSON.stringify(row) : `${topic} is there again, empty.`)
      }),
    )
}
