/** `pipeline topics export|produce`: messages into files, and into topics. */
import { copyFile, readFile, rm } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Export, NewMessage, Produced } from '../../../shared/contract/transfer.ts'
import { AppError } from '../../../shared/errors.ts'
import { parseCount, usage } from './parse.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { bytes, count } from './text.ts'
import { filterOf, placeOf, type SearchFlags, withFilter } from './topicSearch.ts'

interface ExportFlags extends SearchFlags {
  readonly format?: string
  readonly out?: string
}

interface ProduceFlags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly key?: string
  readonly value?: string
  readonly file?: string
  readonly header?: readonly string[]
  readonly partition?: number
  readonly anyValue?: boolean
}

async function exportTopic(deps: CliDeps, client: Client, topic: string, flags: ExportFlags): Promise<void> {
  const { terminal, interrupted } = deps
  const format = flags.format ?? (flags.out?.endsWith('.csv') ? 'csv' : 'ndjson')
  if (format !== 'csv' && format !== 'ndjson')
    throw usage('format', `Not a format: ${format}`, 'Write ndjson or csv.')
  const { id } = await client.transfer.startExport({
    pipeline: await pickPipeline(client, flags.pipeline),
    topic,
    format,
    filter: filterOf(flags),
    ...placeOf(flags.from ?? { at: 'oldest' }),
    ...(flags.partition === undefined ? {} : { partition: flags.partition }),
  })
  const stop = () => void client.transfer.stopExport({ id })
  if (interrupted.aborted) stop()
  interrupted.addEventListener('abort', stop, { once: true })
  let last: Export | undefined
  for await (const now of await client.transfer.watchExport({ id })) {
    last = now
    terminal.status(`${count(now.written)} written, ${count(now.scanned)} looked at`)
  }
  interrupted.removeEventListener('abort', stop)
  if (last === undefined) return
  if (last.problem !== null) throw new AppError(last.problem)
  let { file } = last
  if (flags.out !== undefined) {
    await copyFile(file, flags.out)
    await rm(file)
    file = flags.out
  }
  if (flags.json) terminal.out(JSON.stringify({ ...last, file }))
  else terminal.out(file)
  terminal.note(
    `${count(last.written)} messages, ${bytes(last.bytes)}${last.state === 'stopped' ? ', stopped before the end' : ''}.`,
  )
}

/** Messages of one call; what the contract takes at most. */
const perCall = 500

const text = (data: string) => ({ encoding: 'utf8' as const, data })

function headerOf(given: string): NewMessage['headers'][number] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(given) ?? []
  if (name === undefined || value === undefined)
    throw usage('header', `Not a header: ${given}`, 'Write name=value.')
  return { name, value: text(value) }
}

async function valuesOf({ value, file }: ProduceFlags): Promise<string[]> {
  if ((value === undefined) === (file === undefined))
    throw usage('value', 'Give one value, or a file of values.', 'Add --value <text> or --file <ndjson>.')
  if (value !== undefined) return [value]
  return (await readFile(file ?? '', 'utf8')).split(/\r?\n/).filter((line) => line.trim() !== '')
}

async function produce(deps: CliDeps, client: Client, topic: string, flags: ProduceFlags): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  const headers = (flags.header ?? []).map(headerOf)
  const messages = (await valuesOf(flags)).map((value) => ({
    key: flags.key === undefined ? null : text(flags.key),
    value: text(value),
    headers,
    ...(flags.partition === undefined ? {} : { partition: flags.partition }),
  }))
  const results: Produced['results'] = []
  for (let at = 0; at < messages.length && !deps.interrupted.aborted; at += perCall) {
    const some = messages.slice(at, at + perCall)
    const produced = await client.transfer.produce({
      pipeline,
      topic,
      messages: some,
      anyValue: flags.anyValue === true,
    })
    results.push(...produced.results)
    deps.terminal.status(`${count(results.length)} of ${count(messages.length)}`)
  }
  const failed = results.flatMap(({ problem }) => problem ?? [])
  if (flags.json) deps.terminal.out(JSON.stringify({ results }))
  else if (results.length === 1 && results[0]?.place)
    deps.terminal.out(`${results[0].place.partition}/${results[0].place.offset}`)
  deps.terminal.note(
    `${count(results.length - failed.length)} of ${count(messages.length)} written to ${topic}.`,
  )
  if (failed[0] !== undefined) throw new AppError(failed[0])
}

export function transferCommands(topics: Command, deps: CliDeps): void {
  withFilter(topics.command('export <topic>').description('write every message that matches into a file'))
    .option('--format <format>', 'ndjson or csv')
    .option('--out <file>', 'where to; else the exports folder')
    .action((topic: string, flags: ExportFlags) =>
      withSession(deps.open, ({ client }) => exportTopic(deps, client, topic, flags)),
    )
  topics
    .command('produce <topic>')
    .description('send one message, or a file of values')
    .option('--pipeline <id>', 'another pipeline than the active one')
    .option('--json', 'one line of JSON')
    .option('--key <text>')
    .option('--value <text>')
    .option('--file <ndjson>', 'one value a line')
    .option('--header <name=value...>')
    .option('--partition <n>', 'else by key, or in turn', parseCount('partition'))
    .option('--any-value', 'also where it is not of the topic’s type')
    .action((topic: string, flags: ProduceFlags) =>
      withSession(deps.open, ({ client }) => produce(deps, client, topic, flags)),
    )
}
