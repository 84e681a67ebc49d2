/** What an emulation is told in the terminal: the options of its commands, and the input they make. */
import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import {
  type EmulationInput,
  type EmulationOptions,
  emulationOptionsSchema,
  type SinkId,
  usualSinks,
} from '../../../shared/emulation.ts'
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
import type { CliDeps, Client } from './session.ts'

/** The password never stands on the command line, where `ps` would show it. */
export interface EmulationFlags extends EmulateFlags {
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
  { preset, source: named, sourceSeed, creds }: EmulationFlags,
) =>
  preset === undefined || named !== undefined || sourceSeed !== undefined || creds !== undefined
    ? { source, ...rest }
    : rest

async function sinksOf(client: Client, pipeline: string): Promise<readonly SinkId[] | undefined> {
  const { items } = await client.pipelines.list()
  const found = items.find(({ id }) => id === pipeline)
  return found && usualSinks(found.settings)
}

/** Throws AppError `USAGE` that names the option which does not fit. */
export async function startInput(deps: CliDeps, client: Client, pipeline: string, flags: EmulationFlags) {
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
  const parsed = emulationOptionsSchema.safeParse({
    sinks: await sinksOf(client, pipeline),
    ...preset,
    ...withoutSource(input, flags),
  })
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

/** Adds what `emulate` and `run` have in common. */
export function withEmulationOptions(command: Command): Command {
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
