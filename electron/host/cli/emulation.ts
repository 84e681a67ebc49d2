/** `pipeline emulate` and `pipeline run`: posts from the terminal, and the whole line once with its report. */
import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import {
  type EmulationInput,
  type EmulationOptions,
  emulationOptionsSchema,
  type Report,
  type RunSnapshot,
} from '../../../shared/emulation.ts'
import { AppError } from '../../../shared/errors.ts'
import { builtinPresets } from '../../../shared/presets.ts'
import { type GatewayAccessKind, gatewayAccessSchema } from '../../../shared/settings.ts'
import { secretVariables } from './environment.ts'
import { gatewayInput } from './gatewayKey.ts'
import {
  type EmulateFlags,
  emulationInput,
  parseCount,
  parseDuration,
  parseKey,
  parseRate,
  parseSinks,
  usage,
} from './parse.ts'
import { interruption, runPlan } from './plan.ts'
import { withVault } from './secrets.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { count, duration, printable, table } from './text.ts'

interface Flags extends EmulateFlags {
  readonly remember?: boolean
  readonly pipeline?: string
  readonly json?: boolean
  readonly creds?: string
  readonly preview?: boolean
  readonly verify?: boolean
  /** A run's id, or true for the newest that did not come to its end. */
  readonly continue?: string | true
  readonly keep?: boolean
  readonly gatewayAccess?: GatewayAccessKind
}

/** The password never stands on the command line, where `ps` would show it. */

const ended = (snapshot: RunSnapshot) => ['done', 'stopped', 'failed', 'interrupted'].includes(snapshot.state)

async function presetOptions(client: Client, name: string): Promise<Partial<EmulationOptions>> {
  const all = [...builtinPresets, ...(await client.emulation.presets())]
  const found = all.find((preset) => preset.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found.options
  const names = all.map((preset) => preset.name).join(', ')
  throw usage('preset', `No preset is called: ${name}`, `There is ${names}.`)
}

/** A preset's own source stays unless another one is named. */
const withoutSource = (
  { source, ...rest }: EmulationInput,
  { preset, source: named, sourceSeed, creds }: Flags,
) =>
  preset === undefined || named !== undefined || sourceSeed !== undefined || creds !== undefined
    ? { source, ...rest }
    : rest

async function startInput(deps: CliDeps, client: Client, pipeline: string, flags: Flags) {
  const creds =
    flags.creds === undefined
      ? null
      : await client.emulation.importCredentials({
          text: await readFile(flags.creds, 'utf8'),
          remember: flags.remember === true,
        })
  const input = emulationInput(
    creds === null
      ? flags
      : {
          ...flags,
          source: 'mysql',
          mysqlHost: creds.host,
          mysqlPort: creds.port,
          mysqlUser: creds.user,
          mysqlDatabase: creds.database,
        },
  )
  const preset = flags.preset === undefined ? {} : await presetOptions(client, flags.preset)
  const parsed = emulationOptionsSchema.safeParse({ ...preset, ...withoutSource(input, flags) })
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw usage(
      issue?.path.join('.') ?? '',
      issue?.message ?? 'The options do not fit.',
      'See pipeline emulate --help.',
    )
  }
  const { password } = deps.given
  return {
    pipeline,
    options: parsed.data,
    ...(password === undefined ? {} : { password, remember: flags.remember === true }),
    ...(await gatewayInput(deps, client, pipeline, parsed.data, flags.gatewayAccess)),
  }
}

function progressLine({ posts, postsPerSecond, counters, state }: RunSnapshot): string {
  return `${state}: ${count(posts)} posts, ${count(counters.acknowledged)} acknowledged, ${count(counters.failed)} failed, ${count(counters.inFlight)} in flight, ${count(Math.round(postsPerSecond))} posts/s`
}

/** Follows a run to its end. The first Ctrl-C stops it at a record boundary; what is in flight is waited for. */
async function follow(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  first: RunSnapshot,
): Promise<RunSnapshot> {
  const of = { pipeline, runId: first.runId }
  const stop = () => void client.emulation.stop(of).catch(() => {})
  deps.interrupted.addEventListener('abort', stop, { once: true })
  try {
    let snapshot = first
    if (!ended(snapshot)) {
      for await (const next of await client.emulation.watch(of)) {
        snapshot = next
        deps.terminal.status(progressLine(snapshot))
        if (ended(snapshot)) break
      }
    }
    return snapshot
  } finally {
    deps.interrupted.removeEventListener('abort', stop)
  }
}

/** Starts a run, unless Ctrl-C came before there was one to stop. */
async function begun(
  deps: CliDeps,
  client: Client,
  input: Parameters<Client['emulation']['start']>[0],
): Promise<RunSnapshot> {
  if (deps.interrupted.aborted) throw interruption()
  return withVault(deps, client, () => client.emulation.start(input))
}

/** Reads everything back and waits for the report, also after a Ctrl-C that stopped the run; a second one ends at once. */
async function verified(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  { runId }: RunSnapshot,
): Promise<RunSnapshot> {
  return follow(deps, client, pipeline, await client.emulation.verify({ pipeline, runId }))
}

/** Posts are counted from 1 for people. */
const resumeText = ({ at, post, repeated }: RunSnapshot['resumes'][number]) =>
  `Went on at ${new Date(at).toISOString()} with post ${count(post + 1)}; ${count(repeated)} records without an answer went out again.`

function resultLines(snapshot: RunSnapshot): string[] {
  const ms = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(1))
  const rows = snapshot.sinks.map(({ sink, counters, latency }) => [
    sink,
    count(counters.sent),
    count(counters.acknowledged),
    count(counters.failed),
    count(counters.retried),
    ms(latency?.p50),
    ms(latency?.p99),
    ms(latency?.max),
  ])
  return [
    `${count(snapshot.posts)} posts in ${duration(snapshot.activeMs)}: ${snapshot.state}.`,
    ...table(['sink', 'sent', 'acknowledged', 'failed', 'retried', 'p50 ms', 'p99 ms', 'max ms'], rows),
    ...snapshot.errors.map(
      (error) =>
        `! ${error.sink} ${error.code} × ${count(error.count)}: ${printable(error.example)} ${error.hint}`,
    ),
    ...snapshot.resumes.map((resume) => resumeText(resume)),
    ...snapshot.warnings.map((warning) => `! ${warning}`),
    ...(snapshot.problem === null ? [] : [`✗ ${snapshot.problem.message} ${snapshot.problem.hint}`]),
  ]
}

/** The report as a table and one sentence, which claims no more than was read. */
export function reportLines(report: Report): string[] {
  const { acknowledged, unaccounted, notRead = [] } = report
  // The numbers of what was not read are 0 and prove nothing.
  const unread = new Set<string>(notRead.map(({ place }) => place))
  const row = (name: string, values: Readonly<Record<string, number>>, read = true) => [
    name,
    ...['kafka', 'kinesis', 'lake'].map((key) =>
      count(read && unread.has(key) ? null : (values[key] ?? null)),
    ),
  ]
  return [
    ...table(
      ['', 'kafka', 'kinesis', 'lake'],
      [
        row('acknowledged', acknowledged, false),
        row('found', report.found),
        row('found, not acknowledged', report.unacknowledgedFound),
      ],
    ),
    ...notRead.map(({ place, reason }) => `! Not read: ${place}: ${reason}`),
    unaccounted > 0
      ? `${count(unaccounted)} acknowledged records are missing.`
      : notRead.length > 0
        ? 'Nothing is missing of what was read; what was not read proves nothing.'
        : acknowledged.kafka + acknowledged.kinesis === 0
          ? 'No topic and no stream acknowledged a record, so there is nothing to read back.'
          : 'Every acknowledged record was read back at its place.',
  ]
}

function note(deps: CliDeps, snapshot: RunSnapshot): void {
  for (const line of resultLines(snapshot)) deps.terminal.note(line)
  if (snapshot.report !== null) for (const line of reportLines(snapshot.report)) deps.terminal.note(line)
}

async function emulate(deps: CliDeps, client: Client, flags: Flags): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  if (flags.continue !== undefined)
    return finish(deps, client, flags, pipeline, await continued(deps, client, pipeline, flags))
  const input = await startInput(deps, client, pipeline, flags)
  if (flags.preview) {
    const preview = await withVault(deps, client, () => client.emulation.preview(input))
    for (const record of preview.records) deps.terminal.out(`${record.target}\n${printable(record.body)}`)
    for (const warning of preview.warnings) deps.terminal.note(`! ${warning}`)
    return
  }
  await finish(deps, client, flags, pipeline, await begun(deps, client, input))
}

/** Goes on with a run where its journal says. */
async function continued(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  flags: Flags,
): Promise<RunSnapshot> {
  const runs = await client.emulation.list({ pipeline })
  const newest = runs.toSorted((a, b) => b.startedAt - a.startedAt).find(({ state }) => state !== 'done')
  const run = flags.continue === true ? newest : runs.find(({ runId }) => runId === flags.continue)
  if (run === undefined)
    throw usage(
      'continue',
      flags.continue === true ? 'Every run came to its end.' : `There is no such run: ${flags.continue}`,
      'Start a new one without --continue.',
    )
  const { password } = deps.given
  const input = {
    pipeline,
    runId: run.runId,
    ...(password === undefined ? {} : { password, remember: flags.remember === true }),
    ...(await gatewayInput(deps, client, pipeline, run.options, flags.gatewayAccess)),
  }
  if (deps.interrupted.aborted) throw interruption()
  return withVault(deps, client, () => client.emulation.continue(input))
}

/** Follows a run to its end and says what it came to. */
async function finish(
  deps: CliDeps,
  client: Client,
  flags: Flags,
  pipeline: string,
  first: RunSnapshot,
): Promise<void> {
  let snapshot = await follow(deps, client, pipeline, first)
  if (flags.verify) snapshot = await verified(deps, client, pipeline, snapshot)
  note(deps, snapshot)
  if (flags.json) deps.terminal.out(JSON.stringify(snapshot))
  if (snapshot.state === 'failed')
    throw new AppError({
      code: 'RUN_FAILED',
      message: 'The run failed.',
      hint: snapshot.problem?.hint ?? 'See the errors above.',
    })
  // Before the records it cost: the reason is what can be mended.
  throwStopped(snapshot)
  if (snapshot.counters.failed > 0) {
    throw new AppError({
      code: 'RECORDS_FAILED',
      message: `Records failed: ${count(snapshot.counters.failed)}`,
      hint: 'See the errors above, each with its fix.',
    })
  }
  if (deps.interrupted.aborted) throw interruption()
}

/** Throws AppError RUN_STOPPED where the app itself ended it before its time, with the reason. */
function throwStopped({ state, problem }: RunSnapshot): void {
  if (state !== 'stopped' || problem === null) return
  throw new AppError({
    code: 'RUN_STOPPED',
    message: `The run was stopped: ${problem.message}`,
    hint: problem.hint,
  })
}

/** What does not agree, in words; empty where every number is true. */
export function disagreements(snapshot: RunSnapshot, wantedPosts: number | undefined): string[] {
  const { report, counters } = snapshot
  if (report === null) return ['there is no report']
  const pairs: [string, number, number][] = [
    ['found in kafka', report.found.kafka, report.acknowledged.kafka],
    ['found in kinesis', report.found.kinesis, report.acknowledged.kinesis],
    ['found in the lake', report.found.lake, report.acknowledged.kafka],
    ['unaccounted', report.unaccounted, 0],
    ['failed', counters.failed, 0],
    ['in flight', counters.inFlight, 0],
    ['acknowledged in all', counters.acknowledged, counters.sent],
    ...(wantedPosts === undefined
      ? []
      : ([['posts', report.posts, wantedPosts]] as [string, number, number][])),
  ]
  return pairs
    .filter(([, is, should]) => is !== should)
    .map(([name, is, should]) => `${name}: ${count(is)} instead of ${count(should)}`)
}

async function run(deps: CliDeps, client: Client, flags: Flags): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  const input = await startInput(deps, client, pipeline, flags)
  if (input.options.posts === undefined && input.options.forMs === undefined) input.options.posts = 500
  const wasRunning = (await client.local.status({ pipeline })).running
  const began = Date.now()
  let snapshot: RunSnapshot
  try {
    await runPlan(client, deps.terminal, deps.interrupted, { pipeline, action: 'apply' })
    snapshot = await follow(deps, client, pipeline, await begun(deps, client, input))
    snapshot = await verified(deps, client, pipeline, snapshot)
  } finally {
    if (!wasRunning && !flags.keep) {
      await runPlan(client, deps.terminal, new AbortController().signal, { pipeline, action: 'undo' })
    }
  }
  note(deps, snapshot)
  deps.terminal.note(`The whole line took ${duration(Date.now() - began)}.`)
  if (flags.json) {
    const { runId, state, counters, errors, problem, report } = snapshot
    deps.terminal.out(JSON.stringify({ ...report, runId, state, counters, errors, problem }))
  }
  if (deps.interrupted.aborted) throw interruption()
  const whole = input.options.forMs === undefined && snapshot.state !== 'stopped'
  const wrong = disagreements(snapshot, whole ? input.options.posts : undefined)
  if (wrong.length > 0) {
    throw new AppError({
      code: 'NUMBERS_DISAGREE',
      message: `The numbers do not agree: ${wrong.join('; ')}`,
      hint: snapshot.problem?.hint ?? 'The data and the journal of the run are kept.',
    })
  }
  throwStopped(snapshot)
}

function withOptions(command: Command): Command {
  return command
    .option('--pipeline <id>', 'another pipeline than the active one')
    .option('--posts <n>', 'stop after this many posts', parseCount('posts'))
    .option('--for <duration>', 'stop after this time: 60s, 5m', parseDuration)
    .option(
      '--rate <rate>',
      'faithful, max, posts a second, ramp:10..500/60s, burst:10+500/5s@30s, daily:500/24m, curve:0s=10,30s=200',
      parseRate,
    )
    .option('--preset <name>', 'settings of the app or of your own; what else is given replaces theirs')
    .option('--throttled-for <duration>', 'end the run after limits refused that long', parseDuration)
    .addOption(
      new Option('--order <order>', 'order of the rows').choices(['faithful', 'sequential', 'random']),
    )
    .option('--seed <n>', 'seed of the order', parseCount('seed'))
    .option('--batch <n>', 'records of one request, 1 to 500', parseCount('batch'))
    .option('--in-flight <n>', 'requests under way at once for each sink', parseCount('in-flight'))
    .option('--sink <list>', 'rest, streams, kafka, kinesis, file; several with commas', parseSinks)
    .addOption(
      new Option('--acks <acks>', 'acknowledgement the broker waits for').choices(['all', 'leader', 'none']),
    )
    .addOption(
      new Option('--compression <codec>', 'of the sink kafka').choices([
        'none',
        'gzip',
        'snappy',
        'lz4',
        'zstd',
      ]),
    )
    .option('--key <key>', 'partition key: none, index, uuid, constant:<value>', parseKey)
    .addOption(
      new Option('--source <source>', 'where the rows come from').choices(['builtin', 'mysql', 'files']),
    )
    .option('--source-seed <n>', 'seed of the built-in rows', parseCount('source-seed'))
    .option('--creds <file>', 'db_creds.yaml of a MySQL source')
    .option('--mysql-host <host>')
    .option('--mysql-port <port>', '', parseCount('mysql-port'))
    .option('--mysql-user <user>', `its password is read from ${secretVariables.password}`)
    .option('--mysql-database <name>')
    .option('--mysql-tls', 'require TLS')
    .option('--remember', 'keep the database password for later runs, where a store is there')
    .option('--pin <file>', 'file source: the pins')
    .option('--geo <file>', 'file source: the geolocations')
    .option('--user <file>', 'file source: the users')
    .addOption(new Option('--format <format>', 'of the file source').choices(['ndjson', 'csv']))
    .option('--out <folder>', 'of the sink file')
    .addOption(
      new Option(
        '--gateway-access <access>',
        `another access to the gateway than the pipeline's; an API key is read from ${secretVariables.gatewayKey} or asked for`,
      ).choices(gatewayAccessSchema.options),
    )
    .option('--json', 'end with one line of JSON')
}

export function emulationCommands(program: Command, deps: CliDeps): void {
  withOptions(program.command('emulate').description('emulate users who post, against the running stack'))
    .option('--preview', 'show the first records exactly as they would go out, and send nothing')
    .option('--verify', 'read every acknowledged record back at the end')
    .option(
      '--continue [run]',
      'go on with a run that was interrupted, stopped or failed; without an id the newest',
    )
    .action((flags: Flags) => withSession(deps.open, ({ client }) => emulate(deps, client, flags)))
  withOptions(
    program
      .command('run')
      .description('the whole line once: stack up, posts, read all back, report, stack down'),
  )
    .option('--keep', 'leave the stack up (while this back end lives)')
    .action((flags: Flags) => withSession(deps.open, ({ client }) => run(deps, client, flags)))
}
