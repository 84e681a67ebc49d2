/** `pipeline topics …`: the same views of Kafka as on the page. */
import type { Command } from 'commander'
import type { Bytes } from '../../../shared/contract/base.ts'
import type { Filter, SearchEvent } from '../../../shared/contract/search.ts'
import type { BrowseFrom, Message } from '../../../shared/contract/topics.ts'
import { AppError } from '../../../shared/errors.ts'
import { consentFor } from './consent.ts'
import { parseCount, parseDuration, usage } from './parse.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { bytes, clock, count, printable, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly yes?: boolean
  readonly partition?: number
  readonly partitions?: number
  readonly limit?: number
  readonly from?: BrowseFrom
  readonly fromBeginning?: boolean
}

/** `newest`, `oldest`, `offset:5`, or a time such as 2026-11-23T20:00:00. */
export function parseFrom(text: string): BrowseFrom {
  if (text === 'newest' || text === 'oldest') return { at: text }
  const offset = /^offset:(\d+)$/.exec(text)?.[1]
  if (offset !== undefined) return { at: 'offset', offset }
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return { at: 'time', time }
  throw usage(
    'from',
    `Not a place to read from: ${text}`,
    'Write newest, oldest, offset:<n>, or a time like 2026-11-23T20:00:00.',
  )
}

/** Bytes for one line of a terminal: text as it is, anything else as base64. */
export function inline(value: Bytes | null): string {
  if (value === null) return 'null'
  return `${printable(value.data)}${value.truncated ? ` … (${bytes(value.size)})` : ''}`
}

function messageLine({ partition, offset, timestamp, key, value }: Message): string {
  return `${clock(timestamp)} ${partition}/${offset} ${key === null ? '' : `${inline(key)} `}${inline(value)}`
}

const show = (deps: CliDeps, flags: Flags, message: Message) =>
  deps.terminal.out(flags.json ? JSON.stringify(message) : messageLine(message))

async function list(deps: CliDeps, client: Client, flags: Flags): Promise<void> {
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

async function tail(deps: CliDeps, client: Client, topic: string, flags: Flags): Promise<void> {
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
      for (const message of batch.messages) show(deps, flags, message)
      if (batch.dropped > 0)
        deps.terminal.status(`${count(batch.seen)} seen, ${count(batch.dropped)} dropped`)
    }
  } catch (thrown) {
    if (!deps.interrupted.aborted) throw thrown
  }
}

interface SearchFlags extends Flags {
  readonly text?: string
  readonly expression?: string
  readonly caseSensitive?: boolean
  readonly timeLimit?: number
}

function filterOf({ text, expression, caseSensitive }: SearchFlags): Filter {
  if (text !== undefined && expression !== undefined)
    throw usage(
      'expression',
      'Give a text or an expression, not both.',
      'An expression can look into text, too.',
    )
  if (expression !== undefined) return { kind: 'expression', text: expression }
  return text === undefined ? { kind: 'none' } : { kind: 'text', text, caseSensitive: caseSensitive === true }
}

async function search(deps: CliDeps, client: Client, topic: string, flags: SearchFlags): Promise<void> {
  const from = flags.from ?? { at: 'newest' }
  const input = {
    pipeline: await pickPipeline(client, flags.pipeline),
    topic,
    filter: filterOf(flags),
    limit: flags.limit ?? 100,
    ...(from.at === 'offset'
      ? { order: 'oldest' as const, fromOffset: from.offset }
      : from.at === 'time'
        ? { order: 'oldest' as const, fromTime: from.time }
        : { order: from.at }),
    ...(flags.partition === undefined ? {} : { partition: flags.partition }),
    ...(flags.timeLimit === undefined ? {} : { timeLimitMs: flags.timeLimit }),
  }
  let last: SearchEvent | undefined
  try {
    for await (const event of await client.search.run(input, { signal: deps.interrupted })) {
      for (const message of event.messages) show(deps, flags, message)
      deps.terminal.status(`${count(event.scanned)} looked at, ${count(event.matched)} found`)
      last = event
    }
  } catch (thrown) {
    if (!deps.interrupted.aborted) throw thrown
  }
  if (last === undefined) return
  const why = { end: 'all', limit: 'its limit', time: 'its time', failed: 'a failure' }[last.done ?? 'failed']
  deps.terminal.note(
    `${count(last.matched)} found among ${count(last.scanned)} looked at; it ended by ${deps.interrupted.aborted ? 'Ctrl-C' : why}.`,
  )
  if (last.misfits > 0) deps.terminal.note(`${count(last.misfits)} do not fit the expression: ${last.misfit}`)
  if (last.problem !== null) throw new AppError(last.problem)
}

export function topicsCommands(program: Command, deps: CliDeps): void {
  const topics = program.command('topics').description('look into Kafka')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON for each result')

  common(topics.command('list').description('all topics with their messages')).action((flags: Flags) =>
    withSession(deps.open, ({ client }) => list(deps, client, flags)),
  )
  common(topics.command('browse <topic>').description('a page of messages'))
    .option('--from <place>', 'newest, oldest, offset:<n>, or a time', parseFrom)
    .option('--partition <n>', 'one partition only', parseCount('partition'))
    .option('--limit <n>', 'messages at most', parseCount('limit'))
    .action((topic: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const page = await client.topics.browse({
          pipeline: await pickPipeline(client, flags.pipeline),
          topic,
          from: flags.from ?? { at: 'newest' },
          limit: flags.limit ?? 20,
          ...(flags.partition === undefined ? {} : { partition: flags.partition }),
        })
        for (const message of page.messages) show(deps, flags, message)
      }),
    )
  common(topics.command('search <topic>').description('look for messages by text or by an expression'))
    .option('--text <text>', 'in value, key or headers')
    .option('--expression <expression>', 'such as \'value.country == "Albania"\' (docs/filter.md)')
    .option('--case-sensitive', 'upper and lower case matter')
    .option('--from <place>', 'newest, oldest, offset:<n>, or a time', parseFrom)
    .option('--partition <n>', 'one partition only', parseCount('partition'))
    .option('--limit <n>', 'messages at most', parseCount('limit'))
    .option('--time-limit <duration>', 'end with what was found after this time', parseDuration)
    .action((topic: string, flags: SearchFlags) =>
      withSession(deps.open, ({ client }) => search(deps, client, topic, flags)),
    )
  common(topics.command('tail <topic>').description('follow new messages until Ctrl-C'))
    .option('--partition <n>', 'one partition only', parseCount('partition'))
    .option('--from-beginning', 'begin with the oldest message')
    .action((topic: string, flags: Flags) =>
      withSession(deps.open, ({ client }) => tail(deps, client, topic, flags)),
    )
  common(topics.command('create <topic>').description('make a topic'))
    .option('--partitions <n>', 'number of partitions', parseCount('partitions'))
    .action((topic: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const row = await client.topics.create({ pipeline, topic, partitions: flags.partitions ?? 1 })
        deps.terminal.out(flags.json ? JSON.stringify(row) : `Created ${row.name}.`)
      }),
    )
  common(topics.command('delete <topic>').description('delete a topic and its messages'))
    .option('--yes', 'do not ask')
    .action((topic: string, flags: Flags) =>
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
