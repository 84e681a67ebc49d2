/** `pipeline topics search`: the same search as on the page, its results line by line. */
import type { Command } from 'commander'
import type { Filter, SearchEvent, SearchInput } from '../../../shared/contract/search.ts'
import type { BrowseFrom } from '../../../shared/contract/topics.ts'
import { AppError } from '../../../shared/errors.ts'
import { parseCount, parseDuration, usage } from './parse.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { count } from './text.ts'
import { parseFrom, showMessage, type TopicFlags } from './topicText.ts'

type Places = NonNullable<SearchInput['places']>

export interface SearchFlags extends TopicFlags {
  readonly text?: string
  readonly expression?: string
  readonly caseSensitive?: boolean
  readonly timeLimit?: number
  readonly continue?: Places
}

export function filterOf({ text, expression, caseSensitive }: SearchFlags): Filter {
  if (text !== undefined && expression !== undefined)
    throw usage(
      'expression',
      'Give a text or an expression, not both.',
      'An expression can look into text, too.',
    )
  if (expression !== undefined) return { kind: 'expression', text: expression }
  return text === undefined ? { kind: 'none' } : { kind: 'text', text, caseSensitive: caseSensitive === true }
}

/** Where to begin, as the contract's own words. */
export function placeOf(from: BrowseFrom): { fromOffset?: string; fromTime?: number } {
  if (from.at === 'offset') return { fromOffset: from.offset }
  return from.at === 'time' ? { fromTime: from.time } : {}
}

/** Where a search stood, as it is written: `0:120,1:98`. */
export const placesText = (places: Places): string =>
  places.map(({ partition, offset }) => `${partition}:${offset}`).join(',')

export function parsePlaces(text: string): Places {
  return text.split(',').map((place) => {
    const [, partition, offset] = /^(\d{1,9}):(\d{1,19})$/.exec(place.trim()) ?? []
    if (partition === undefined || offset === undefined)
      throw usage(
        'continue',
        `Not a place where a search stood: ${place}`,
        'Write partition:offset for each, such as 0:120,1:98; a search that did not come to its end says it.',
      )
    return { partition: Number(partition), offset }
  })
}

async function search(deps: CliDeps, client: Client, topic: string, flags: SearchFlags): Promise<void> {
  const from = flags.from ?? { at: 'newest' }
  const input = {
    pipeline: await pickPipeline(client, flags.pipeline),
    topic,
    filter: filterOf(flags),
    limit: flags.limit ?? 100,
    order: from.at === 'newest' ? ('newest' as const) : ('oldest' as const),
    ...placeOf(from),
    ...(flags.partition === undefined ? {} : { partition: flags.partition }),
    ...(flags.timeLimit === undefined ? {} : { timeLimitMs: flags.timeLimit }),
    ...(flags.continue === undefined ? {} : { places: flags.continue }),
  }
  let last: SearchEvent | undefined
  try {
    for await (const event of await client.search.run(input, { signal: deps.interrupted })) {
      for (const message of event.messages) showMessage(deps, flags, message)
      deps.terminal.status(`${count(event.scanned)} looked at, ${count(event.matched)} found`)
      last = event
    }
  } catch (thrown) {
    if (!deps.interrupted.aborted) throw thrown
  }
  if (last === undefined) return
  const why = { end: 'at the end', limit: 'at its limit', time: 'at its time', failed: 'with a failure' }[
    last.done ?? 'failed'
  ]
  deps.terminal.note(
    `${count(last.matched)} found among ${count(last.scanned)} looked at; it ended ${deps.interrupted.aborted ? 'by Ctrl-C' : why}.`,
  )
  if (last.done !== 'end')
    deps.terminal.note(`It goes on with the same command and --continue ${placesText(last.places)}`)
  if (last.misfits > 0) deps.terminal.note(`${count(last.misfits)} do not fit the expression: ${last.misfit}`)
  if (last.problem !== null) throw new AppError(last.problem)
}

/** The options that say where to look and for what. */
export function withFilter(command: Command): Command {
  return command
    .option('--pipeline <id>', 'another pipeline than the active one')
    .option('--json', 'one line of JSON for each result')
    .option('--text <text>', 'in value, key or headers')
    .option('--expression <expression>', 'such as \'value.country == "Albania"\' (docs/filter.md)')
    .option('--case-sensitive', 'upper and lower case matter')
    .option('--from <place>', 'newest, oldest, offset:<n>, or a time', parseFrom)
    .option('--partition <n>', 'one partition only', parseCount('partition'))
}

export function searchCommands(topics: Command, deps: CliDeps): void {
  withFilter(topics.command('search <topic>').description('look for messages by text or by an expression'))
    .option('--limit <n>', 'messages at most', parseCount('limit'))
    .option('--time-limit <duration>', 'end with what was found after this time', parseDuration)
    .option(
      '--continue <places>',
      'go on where the same search stood, as it said at its end: 0:120,1:98',
      parsePlaces,
    )
    .action((topic: string, flags: SearchFlags) =>
      withSession(deps.open, ({ client }) => search(deps, client, topic, flags)),
    )
}
