/** `pipeline streams …`: the same views of Kinesis as on the page. */
import type { Command } from 'commander'
import type { IteratorFrom, StreamRecord, StreamTail } from '../../../shared/contract/streams.ts'
import { consentFor } from './consent.ts'
import { parseCount, usage } from './parse.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { streamChangeCommands } from './streamChanges.ts'
import { registerOurs, streamConsumersCommands } from './streamConsumers.ts'
import { clock, count, printable, table } from './text.ts'
import { inline } from './topicText.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly yes?: boolean
  readonly shard?: string
  readonly shards?: number
  readonly limit?: number
  readonly from?: IteratorFrom
  readonly fromBeginning?: boolean
  readonly fanOut?: boolean
  readonly acceptCost?: boolean
}

/** `TRIM_HORIZON`, `LATEST`, a time, or `at:` or `after:` a shard and its sequence number. */
export function parseIterator(text: string): IteratorFrom {
  const name = text.toUpperCase().replace('-', '_')
  if (name === 'TRIM_HORIZON' || name === 'LATEST') return { type: name }
  const [, how, shard, sequence] = /^(at|after):([^/]+)\/(\d+)$/.exec(text) ?? []
  if (shard !== undefined && sequence !== undefined)
    return { type: how === 'at' ? 'AT_SEQUENCE_NUMBER' : 'AFTER_SEQUENCE_NUMBER', shard, sequence }
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return { type: 'AT_TIMESTAMP', time }
  throw usage(
    'from',
    `Not a place to read from: ${text}`,
    'Write TRIM_HORIZON, LATEST, a time like 2026-11-23T20:00:00, or at:<shard>/<number>, after:<shard>/<number>.',
  )
}

function show(deps: CliDeps, flags: Flags, record: StreamRecord): void {
  const { arrivedAt, shard, sequence, partitionKey, data } = record
  deps.terminal.out(
    flags.json
      ? JSON.stringify(record)
      : `${clock(arrivedAt)} ${shard}/${sequence} ${printable(partitionKey)} ${inline(data)}`,
  )
}

async function list(deps: CliDeps, client: Client, flags: Flags): Promise<void> {
  const rows = await client.streams.list({ pipeline: await pickPipeline(client, flags.pipeline) })
  if (flags.json) {
    deps.terminal.out(JSON.stringify(rows))
    return
  }
  const cells = rows.map((row) => [row.name, row.state, row.mode, count(row.openShards), count(row.records)])
  for (const line of table(['stream', 'state', 'mode', 'shards', 'records'], cells)) deps.terminal.out(line)
}

/** One stream with its family of shards. */
async function detail(deps: CliDeps, client: Client, stream: string, flags: Flags): Promise<void> {
  const found = await client.streams.get({ pipeline: await pickPipeline(client, flags.pipeline), stream })
  if (flags.json) {
    deps.terminal.out(JSON.stringify(found))
    return
  }
  const { name, state, mode, openShards, shards, retentionHours, maxRecordKiB, records } = found
  for (const line of table(
    ['stream', 'state', 'mode', 'open shards', 'kept for', 'record at most', 'records'],
    [
      [
        name,
        state,
        mode,
        count(openShards),
        `${retentionHours} h`,
        `${count(maxRecordKiB)} KiB`,
        count(records),
      ],
    ],
  ))
    deps.terminal.out(line)
  deps.terminal.out('')
  const cells = shards.map((shard) => [
    shard.id,
    shard.open ? 'open' : 'closed',
    [shard.parent, shard.adjacentParent].filter((id) => id !== null).join(', ') || '–',
    hashShare(shard.startHash, shard.endHash),
    shard.firstSequence,
  ])
  for (const line of table(['shard', 'state', 'parents', 'hash range', 'first sequence number'], cells))
    deps.terminal.out(line)
}

/** Of the 128-bit hash range, %. */
function hashShare(from: string, to: string): string {
  const thousandths = ((BigInt(to) - BigInt(from) + 1n) * 100_000n) >> 128n
  return `${(Number(thousandths) / 1_000).toFixed(1)} %`
}

/** How a tail stands, in one line: how far behind, how much of the reads is used, what was left out, what is wrong. */
function standing({ seen, dropped, millisBehindLatest, shards, problem }: StreamTail): string {
  if (problem !== null) return `${problem.message} ${problem.hint}`
  const behind = millisBehindLatest === 0 ? 'at the tip' : `${count(millisBehindLatest)} ms behind`
  const reads = shards.flatMap((shard) => (shard.finished ? [] : (shard.reads ?? [])))
  const used = reads.length === 0 ? '' : `, at most ${Math.max(...reads)} of 5 reads a second and shard used`
  return `${count(seen)} seen, ${count(dropped)} dropped, ${behind}${used}`
}

async function tail(deps: CliDeps, client: Client, stream: string, flags: Flags): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  const from: IteratorFrom = flags.from ?? { type: flags.fromBeginning ? 'TRIM_HORIZON' : 'LATEST' }
  const fanOut = flags.fanOut === true
  const ours = fanOut
    ? await registerOurs(deps, client, { pipeline, stream }, flags.acceptCost === true)
    : null
  const input = {
    pipeline,
    stream,
    from,
    fanOut,
    ...(flags.shard === undefined ? {} : { shard: flags.shard }),
  } as const
  try {
    for await (const batch of await client.streams.tail(input, { signal: deps.interrupted })) {
      for (const record of batch.records) show(deps, flags, record)
      deps.terminal.status(standing(batch))
    }
  } catch (thrown) {
    if (!deps.interrupted.aborted) throw thrown
  }
  if (ours)
    deps.terminal.note(
      `${ours.name} stays registered; "pipeline streams consumers deregister ${stream} ${ours.name}" takes it away.`,
    )
}

export function streamsCommands(program: Command, deps: CliDeps): void {
  const streams = program.command('streams').description('look into Kinesis')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON for each result')

  common(streams.command('list').description('all streams')).action((flags: Flags) =>
    withSession(deps.open, ({ client }) => list(deps, client, flags)),
  )
  common(streams.command('show <stream>').description('one stream with its shards')).action(
    (stream: string, flags: Flags) =>
      withSession(deps.open, ({ client }) => detail(deps, client, stream, flags)),
  )
  common(streams.command('browse <stream>').description('a page of records, all shards merged by arrival'))
    .option('--from <place>', 'TRIM_HORIZON, LATEST, a time, at:<shard>/<number> or after:…', parseIterator)
    .option('--shard <id>', 'one shard only')
    .option('--limit <n>', 'records at most', parseCount('limit'))
    .action((stream: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const page = await client.streams.browse({
          pipeline: await pickPipeline(client, flags.pipeline),
          stream,
          from: flags.from ?? { type: 'TRIM_HORIZON' },
          limit: flags.limit ?? 20,
          ...(flags.shard === undefined ? {} : { shard: flags.shard }),
        })
        for (const record of page.records) show(deps, flags, record)
      }),
    )
  common(streams.command('tail <stream>').description('follow new records until Ctrl-C'))
    .option('--shard <id>', 'one shard only')
    .option('--from-beginning', 'begin with the oldest record')
    .option('--from <place>', 'TRIM_HORIZON, LATEST, a time, at:<shard>/<number> or after:…', parseIterator)
    .option('--fan-out', 'by enhanced fan-out: pushed, with a registered consumer of its own')
    .option('--accept-cost', 'register that consumer where it costs money')
    .action((stream: string, flags: Flags) =>
      withSession(deps.open, ({ client }) => tail(deps, client, stream, flags)),
    )
  streamChangeCommands(streams, deps)
  streamConsumersCommands(streams, deps)
  common(streams.command('create <stream>').description('make a stream'))
    .option('--shards <n>', 'number of shards', parseCount('shards'))
    .action((stream: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const row = await client.streams.create({ pipeline, stream, shards: flags.shards ?? 1 })
        deps.terminal.out(flags.json ? JSON.stringify(row) : `Created ${row.name}.`)
      }),
    )
  common(streams.command('delete <stream>').description('delete a stream and its records'))
    .option('--yes', 'do not ask')
    .action((stream: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const consent = await consentFor(
          client,
          deps.terminal,
          { action: 'streams.remove', pipeline, names: [stream] },
          flags.yes === true,
        )
        const result = await client.streams.remove({ pipeline, stream, consent })
        deps.terminal.out(flags.json ? JSON.stringify(result) : `Deleted ${stream}.`)
      }),
    )
}
