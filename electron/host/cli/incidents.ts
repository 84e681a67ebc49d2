/** `pipeline incidents list | start | end | watch`: something breaks on purpose, for a while, to learn what it looks like. */
import { type Command, Option } from 'commander'
import type { Fact, IncidentState } from '../../../shared/contract/incidents.ts'
import { AppError } from '../../../shared/errors.ts'
import {
  badFilter,
  badKinds,
  type IncidentId,
  type IncidentInput,
  incidentIds,
  incidentOptionsSchema,
  incidents,
} from '../../../shared/incidents.ts'
import { parseCount, parseDuration, usage } from './parse.ts'
import { type CliDeps, pickPipeline, withSession } from './session.ts'
import { clock, count, duration, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly for?: number
  readonly stream?: string
  readonly shard?: string
  readonly left?: number
  readonly delay?: number
  readonly records?: number
  readonly kinds?: string[]
  readonly members?: number
  readonly every?: number
}

const isIncident = (text: string): text is IncidentId => (incidentIds as readonly string[]).includes(text)

/** Which options belong to which incident, and what each is called in the contract. */
const own: Readonly<Record<IncidentId, Readonly<Partial<Record<keyof Flags, string>>>>> = {
  'broker-down': {},
  'throttled-shard': { stream: 'stream', shard: 'shard', left: 'recordsPerSecond' },
  'slow-gateway': { delay: 'delayMs' },
  'bad-records': { records: 'count', kinds: 'kinds' },
  rebalance: { members: 'members', every: 'everyMs' },
}
const onlyOf = ['stream', 'shard', 'left', 'delay', 'records', 'kinds', 'members', 'every'] as const

/** Throws AppError USAGE, naming the option. */
export function incidentInput(id: string, flags: Flags): IncidentInput {
  if (!isIncident(id))
    throw usage('id', `No incident is called: ${id}`, `There is ${incidentIds.join(', ')}.`)
  const strange = onlyOf.find((flag) => flags[flag] !== undefined && own[id][flag] === undefined)
  if (strange !== undefined) {
    const has = Object.keys(own[id]).map((flag) => `--${flag}`)
    const hint = ['--for', ...has].join(', ')
    throw usage(strange, `${id} has no option --${strange}.`, `It has ${hint}.`)
  }
  const given = onlyOf.flatMap((flag) => {
    const name = own[id][flag]
    return name === undefined || flags[flag] === undefined ? [] : [[name, flags[flag]] as const]
  })
  const parsed = incidentOptionsSchema.safeParse({
    id,
    ...(flags.for === undefined ? {} : { forMs: flags.for }),
    ...Object.fromEntries(given),
  })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw usage(
    String(issue?.path[0] ?? ''),
    issue?.message ?? 'It does not fit.',
    'See incidents start --help.',
  )
}

const factText = ({ label, value, unit }: Fact): string =>
  `${label}: ${value === null ? '–' : unit === 'ms' ? `${count(Math.round(value))} ms` : count(value)}`

function lines({ on, last }: IncidentState): string[] {
  const shown = on ?? last
  if (shown === null) return ['No incident is on.']
  const head =
    on !== null
      ? `${on.title}: ${on.phase === 'healing' ? 'healing' : `until ${clock(on.until)}`}. ${on.text}`
      : `No incident is on. The last: ${shown.title}, ${duration((last?.endedAt ?? 0) - shown.since)} long.`
  const places = shown.places.map(
    ({ topic, partition, offset, kind }) => `  ${topic}, partition ${partition}, offset ${offset}: ${kind}`,
  )
  const find =
    places.length === 0
      ? []
      : [`  They stay. Find them: pipeline topics search <topic> --expression '${badFilter}'`]
  const group = on?.group ? [`  Watch it: pipeline groups show ${on.group}`] : []
  const trouble = last?.problem && on === null ? [`  ! ${last.problem.message} ${last.problem.hint}`] : []
  return [head, ...shown.facts.map((fact) => `  ${factText(fact)}`), ...places, ...find, ...group, ...trouble]
}

function print(deps: CliDeps, state: IncidentState, json: boolean | undefined): void {
  if (json) deps.terminal.out(JSON.stringify(state))
  else for (const line of lines(state)) deps.terminal.out(line)
}

export function incidentCommands(program: Command, deps: CliDeps): void {
  const incident = program
    .command('incidents')
    .description('practise: a part really breaks for a while, then heals by itself')
  const pipelineOption = ['--pipeline <id>', 'another pipeline than the active one'] as const
  const jsonOption = ['--json', 'one line of JSON'] as const

  incident
    .command('list')
    .description('what there is, and what to look for')
    .option(...pipelineOption)
    .option(...jsonOption)
    .action((flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const list = await client.incidents.list({ pipeline })
        if (flags.json) {
          deps.terminal.out(JSON.stringify(list))
          return
        }
        for (const { id, title, what, look, heal } of list.incidents) {
          deps.terminal.out(`${id}: ${title}`)
          deps.terminal.out(`  ${what}`)
          for (const { page, text } of look) deps.terminal.out(`  look for (${page}): ${text}`)
          deps.terminal.out(`  afterwards: ${heal}`)
        }
        if (list.unusable !== null) deps.terminal.note(`! ${list.unusable.message} ${list.unusable.hint}`)
      }),
    )
  incident
    .command('start <id>')
    .description(`begin one: ${incidentIds.join(', ')}`)
    .option(...pipelineOption)
    .option('--for <duration>', '10s to 300s', parseDuration)
    .option('--stream <stream>', 'throttled-shard: which stream')
    .option('--shard <id>', 'throttled-shard: which shard')
    .option('--left <n>', 'throttled-shard: records a second that are left', parseCount('left'))
    .option('--delay <duration>', 'slow-gateway: added to each answer', parseDuration)
    .option('--records <n>', 'bad-records: how many', parseCount('records'))
    .addOption(
      new Option('--kinds <list>', `bad-records: of ${badKinds.join(',')}`).argParser((text: string) =>
        text.split(','),
      ),
    )
    .option('--members <n>', 'rebalance: how many come and go', parseCount('members'))
    .option('--every <duration>', 'rebalance: one comes or goes', parseDuration)
    .option(...jsonOption)
    .addHelpText(
      'after',
      `\n${table(
        ['id', 'title'],
        incidents.map(({ id, title }) => [id, title]),
      ).join('\n')}`,
    )
    .action((id: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const options = incidentOptionsSchema.parse(incidentInput(id, flags))
        const pipeline = await pickPipeline(client, flags.pipeline)
        print(deps, await client.incidents.start({ pipeline, options }), flags.json)
      }),
    )
  incident
    .command('end')
    .description('end it now, and wait until it is healed')
    .option(...pipelineOption)
    .option(...jsonOption)
    .action((flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const state = await client.incidents.end({ pipeline })
        print(deps, state, flags.json)
        if (state.last?.problem) throw new AppError(state.last.problem)
      }),
    )
  incident
    .command('watch')
    .description('follow the one that is on to its end')
    .option(...pipelineOption)
    .option('--json', 'each change as one line of JSON')
    .action((flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        let state: IncidentState | undefined
        for await (const now of await client.incidents.watch({ pipeline }, { signal: deps.interrupted })) {
          state = now
          if (flags.json) deps.terminal.out(JSON.stringify(now))
          else if (now.on !== null) {
            const left = Math.max(0, Math.ceil((now.on.until - Date.now()) / 1_000))
            const words = [`${now.on.title}, ${now.on.phase === 'on' ? `${left} s left` : now.on.phase}`]
            deps.terminal.status([...words, ...now.on.facts.map(factText)].join('; '))
          }
          if (now.on === null) break
        }
        if (state !== undefined && !flags.json) print(deps, state, false)
      }),
    )
}
