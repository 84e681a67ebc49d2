/** `pipeline streams put|keys|change`: records into a stream, its hot keys, and changes of it. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type { HotKeys, NewRecord, StreamChange } from '../../../shared/contract/streamOps.ts'
import { AppError } from '../../../shared/errors.ts'
import { parseCount, parseDuration, usage } from './parse.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { bytes, count, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly key?: string
  readonly keyField?: string
  readonly value?: string
  readonly file?: string
  readonly anyValue?: boolean
  readonly last?: number
  readonly mode?: string
  readonly shards?: number
  readonly retention?: number
  readonly maxRecord?: number
  readonly dryRun?: boolean
}

/** Records of one call; what the contract takes at most. */
const perCall = 500

/** The partition key of a value: given, out of one of its fields, else the line it stands in. */
function keyOf(value: string, line: number, { key, keyField }: Flags): string {
  if (key !== undefined) return key
  try {
    const found: unknown =
      keyField === undefined ? undefined : Reflect.get(Object(JSON.parse(value)), keyField)
    if (found !== undefined && found !== null) return String(found).slice(0, 256)
  } catch {
    // A value that is no JSON has no fields.
  }
  return String(line)
}

/** One value, or the lines of a file as they are read. */
async function* valuesOf({ value, file }: Flags): AsyncGenerator<{ value: string; line: number }> {
  if ((value === undefined) === (file === undefined))
    throw usage('value', 'Give one value, or a file of values.', 'Add --value <text> or --file <ndjson>.')
  if (value !== undefined) return yield { value, line: 1 }
  let line = 0
  for await (const text of createInterface({
    input: createReadStream(file ?? ''),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line += 1
    if (text.trim() !== '') yield { value: text, line }
  }
}

async function put(deps: CliDeps, client: Client, stream: string, flags: Flags): Promise<void> {
  const { terminal, interrupted } = deps
  const pipeline = await pickPipeline(client, flags.pipeline)
  const total = { sent: 0, failed: 0 }
  let first: AppError | null = null
  const flush = async (records: NewRecord[]) => {
    const input = { pipeline, stream, records, anyValue: flags.anyValue === true }
    const { results } = await client.streamOps.put(input, { signal: interrupted })
    for (const { place, problem } of results) {
      if (problem === null) total.sent += 1
      else {
        total.failed += 1
        first ??= new AppError(problem)
      }
      if (!flags.json && results.length === 1 && place) terminal.out(`${place.shard}/${place.sequence}`)
    }
    terminal.status(`${count(total.sent)} put, ${count(total.failed)} refused`)
  }
  let part: NewRecord[] = []
  for await (const { value, line } of valuesOf(flags)) {
    if (interrupted.aborted) break
    part.push({ partitionKey: keyOf(value, line, flags), data: { encoding: 'utf8', data: value } })
    if (part.length === perCall) await flush(part.splice(0))
  }
  if (part.length > 0 && !interrupted.aborted) await flush(part)
  part = []
  if (flags.json) terminal.out(JSON.stringify(total))
  terminal.note(`${count(total.sent)} records put into ${stream}, ${count(total.failed)} refused.`)
  if (first !== null) throw first
}

async function keys(deps: CliDeps, client: Client, stream: string, flags: Flags): Promise<void> {
  const { terminal, interrupted } = deps
  const pipeline = await pickPipeline(client, flags.pipeline)
  const input = { pipeline, stream, ...(flags.last === undefined ? {} : { lastMs: flags.last }) }
  let last: HotKeys | undefined
  try {
    for await (const now of await client.streamOps.hotKeys(input, { signal: interrupted })) {
      last = now
      terminal.status(`${count(now.records)} records read`)
    }
  } catch (thrown) {
    if (!interrupted.aborted) throw thrown
  }
  if (last === undefined) return
  if (flags.json) return terminal.out(JSON.stringify(last))
  const all = Math.max(1, last.records)
  const rows = last.keys
    .slice(0, 20)
    .map((row) => [row.key, count(row.records), ((100 * row.records) / all).toFixed(1), bytes(row.bytes)])
  for (const line of table(['partition key', 'records', '%', 'bytes'], rows)) terminal.out(line)
  const shares = last.shards.map(({ shard, records }) => `${shard} ${((100 * records) / all).toFixed(1)} %`)
  terminal.note(`${count(last.records)} records; ${shares.join(', ')}.`)
}

function changeOf({ mode, shards, retention, maxRecord }: Flags): StreamChange {
  if (mode !== undefined && mode !== 'provisioned' && mode !== 'on-demand')
    throw usage('mode', `Not a mode: ${mode}`, 'Write provisioned or on-demand.')
  const change: StreamChange = {
    ...(mode === undefined ? {} : { mode: mode === 'on-demand' ? 'ON_DEMAND' : 'PROVISIONED' }),
    ...(shards === undefined ? {} : { shards }),
    ...(retention === undefined ? {} : { retentionHours: retention }),
    ...(maxRecord === undefined ? {} : { maxRecordKiB: maxRecord }),
  }
  if (Object.keys(change).length > 0) return change
  throw usage('change', 'What is to change?', 'Add --shards, --mode, --retention or --max-record.')
}

async function changeStream(deps: CliDeps, client: Client, stream: string, flags: Flags): Promise<void> {
  const { terminal, interrupted } = deps
  const input = { pipeline: await pickPipeline(client, flags.pipeline), stream, change: changeOf(flags) }
  const plan = await client.streamOps.plan(input)
  for (const { title, before, after, note, refused } of plan.steps)
    terminal.note(`${title}: ${before} → ${after}. ${refused ?? note}`)
  const { before, after, note } = plan.cost
  terminal.note(`$${before?.toFixed(2)} → $${after?.toFixed(2)}: ${note}`)
  if (!flags.dryRun)
    for await (const { done, of, now } of await client.streamOps.change(input, { signal: interrupted }))
      terminal.status(`${done} of ${of} done. ${now}`)
  if (flags.json) terminal.out(JSON.stringify(plan))
}

export function streamChangeCommands(streams: Command, deps: CliDeps): void {
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON for each result')

  common(streams.command('put <stream>').description('put one record, or the lines of a file'))
    .option('--value <text>', 'the data')
    .option('--file <ndjson>', 'one record a line')
    .option('--key <key>', 'the partition key; by default the line number')
    .option('--key-field <name>', 'the partition key out of this field of each value')
    .option('--any-value', 'also what does not fit the stream’s type')
    .action((stream: string, flags: Flags) =>
      withSession(deps.open, ({ client }) => put(deps, client, stream, flags)),
    )
  common(streams.command('keys <stream>').description('which partition keys fill it'))
    .option('--last <duration>', 'of the last 5m, 2h …; by default 1h', parseDuration)
    .action((stream: string, flags: Flags) =>
      withSession(deps.open, ({ client }) => keys(deps, client, stream, flags)),
    )
  common(
    streams.command('change <stream>').description('shards, mode, retention or record size, shown as a plan'),
  )
    .option('--shards <n>', 'open shards', parseCount('shards'))
    .option('--mode <mode>', 'provisioned or on-demand')
    .option('--retention <hours>', 'hours for which records are kept', parseCount('retention'))
    .option('--max-record <kib>', 'largest record, KiB', parseCount('max-record'))
    .option('--dry-run', 'only show the plan')
    .action((stream: string, flags: Flags) =>
      withSession(deps.open, ({ client }) => changeStream(deps, client, stream, flags)),
    )
}
