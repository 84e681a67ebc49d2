/** `pipeline trace`: one post through every hop, sent now or looked for from a place. */
import type { Command } from 'commander'
import type { RecordPlace, Trace } from '../../../shared/contract/trace.ts'
import { AppError } from '../../../shared/errors.ts'
import { parseCount, usage } from './parse.ts'
import { type CliDeps, pickPipeline, withSession } from './session.ts'
import { clock, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly topic?: string
  readonly partition?: number
  readonly offset?: string
  readonly stream?: string
  readonly shard?: string
  readonly sequence?: string
}

function placeOf({ topic, partition, offset, stream, shard, sequence }: Flags): RecordPlace | null {
  if (topic !== undefined) {
    if (partition === undefined || offset === undefined)
      throw usage('topic', 'Where in the topic?', 'Add --partition <n> and --offset <n>.')
    return { in: 'topic', topic, partition, offset }
  }
  if (stream === undefined) return null
  if (shard === undefined || sequence === undefined)
    throw usage('stream', 'Where in the stream?', 'Add --shard <id> and --sequence <number>.')
  return { in: 'stream', stream, shard, sequence }
}

const ms = (value: number | null) => (value === null ? '–' : `${value.toFixed(1)} ms`)

function lines({ hops }: Trace): string[] {
  return table(
    ['record', 'hop', 'state', 'where', 'time', 'took', 'since sent'],
    hops.map(({ kind, step, state, text, at, tookMs, afterMs }) => [
      kind ?? '–',
      step,
      state,
      text,
      at === null ? '–' : clock(at),
      ms(tookMs),
      ms(afterMs),
    ]),
  )
}

export function traceCommand(program: Command, deps: CliDeps): void {
  program
    .command('trace')
    .description('send one post and follow it through every hop, or find a record’s other places')
    .option('--pipeline <id>', 'another pipeline than the active one')
    .option('--topic <topic>', 'with --partition and --offset: a record of a topic')
    .option('--partition <n>', '', parseCount('partition'))
    .option('--offset <n>')
    .option('--stream <stream>', 'with --shard and --sequence: a record of a stream')
    .option('--shard <id>')
    .option('--sequence <number>')
    .option('--json', 'one line of JSON')
    .action((flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const { terminal, interrupted: signal } = deps
        const pipeline = await pickPipeline(client, flags.pipeline)
        const place = placeOf(flags)
        const stream =
          place === null
            ? await client.trace.send({ pipeline }, { signal })
            : await client.trace.find({ pipeline, place }, { signal })
        let last: Trace | undefined
        for await (const now of stream) {
          last = now
          const reached = now.hops.filter(({ state }) => state === 'reached').length
          terminal.status(`${reached} of ${now.hops.length} hops reached`)
        }
        if (last === undefined) return
        if (flags.json) terminal.out(JSON.stringify(last))
        else for (const line of lines(last)) terminal.out(line)
        if (last.problem !== null) throw new AppError(last.problem)
      }),
    )
}
