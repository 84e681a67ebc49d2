/** `pipeline databricks use|token|test|login|profiles`: how a pipeline signs in to its workspace. Tokens are never arguments. */
import type { Command } from 'commander'
import type { DatabricksStatus } from '../../../shared/contract/databricks.ts'
import {
  databricksAuthSchema,
  databricksSecretSchema,
  databricksSettingsSchema,
} from '../../../shared/databricks.ts'
import { AppError } from '../../../shared/errors.ts'
import { secretVariables } from './environment.ts'
import { usage } from './parse.ts'
import { unlockVault, withVault } from './secrets.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly auth?: string
  readonly clientId?: string
  readonly profile?: string
  readonly remember?: boolean
  readonly forget?: boolean
}

/** A connection that does not work is a failure of the command, said with its fix. */
function show({ terminal }: CliDeps, flags: Flags, status: DatabricksStatus): void {
  if (flags.json) terminal.out(JSON.stringify(status))
  else for (const line of lines(status)) terminal.out(line)
  if (status.problem !== null) throw new AppError(status.problem)
}

function lines({ auth, host, state, identity, can }: DatabricksStatus): string[] {
  if (auth === 'none') return ['This pipeline has no Databricks workspace.']
  if (identity === null || can === null)
    return state === 'none' ? ['Not tried yet: "pipeline databricks test".'] : []
  const clusters =
    can.clusters === null
      ? 'clusters: may not be listed'
      : `clusters: ${can.clusters.map(({ id, name, state: of }) => `${name} (${id}, ${of})`).join(', ') || 'none'}`
  return [
    `${identity.displayName} (${identity.userName})${identity.admin ? ', admin' : ''} at ${host}`,
    !can.unityCatalog
      ? 'no Unity Catalog'
      : `Unity Catalog, ${can.catalog === null ? 'no catalog of its own' : `catalog ${can.catalog}`}`,
    `serverless compute${can.serverless === null ? ': not known' : ''}`,
    `${clusters}${can.mayMakeClusters ? '' : '; may not make one'}`,
  ]
}

/** Puts what the environment gave to use, then does the work; a locked vault is opened and the work done again. */
export async function withToken<T>(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  work: () => Promise<T>,
): Promise<T> {
  const value = deps.given.databricksToken
  if (value !== undefined && /^(?:token|oauth)$/.test((await client.databricks.status({ pipeline })).auth))
    await client.databricks.setSecret({ pipeline, value })
  return withVault(deps, client, work)
}

async function askedFor({ terminal, given }: CliDeps): Promise<string> {
  const known = given.databricksToken
  if (known === undefined && !terminal.interactive)
    throw usage(
      'token',
      'A token is needed.',
      `Set ${secretVariables.databricksToken}, or run this in a terminal.`,
    )
  const checked = databricksSecretSchema.safeParse(
    known ?? (await terminal.askHidden('Token, or the service principal’s secret: ')),
  )
  if (checked.success) return checked.data
  throw usage('token', checked.error.issues[0]?.message ?? 'Not a token.', 'Copy it again.')
}

async function test(deps: CliDeps, client: Client, pipeline: string): Promise<DatabricksStatus> {
  const status = await withToken(deps, client, pipeline, () => client.databricks.test({ pipeline }))
  if (status.problem?.code !== 'SECRET_LOCKED') return status
  await unlockVault(deps, client)
  return client.databricks.test({ pipeline })
}

/** What is not given stays as it is. */
async function use(deps: CliDeps, client: Client, pipeline: string, host: string | undefined, flags: Flags) {
  const { items } = await client.pipelines.list()
  const settings = items.find(({ id }) => id === pipeline)?.settings
  if (settings === undefined)
    throw usage('pipeline', `There is no such pipeline: ${pipeline}`, 'See "pipelines list".')
  const auth = flags.auth ?? (flags.profile === undefined ? undefined : 'profile')
  const changed = databricksSettingsSchema.safeParse({
    ...settings.databricks,
    ...(host === undefined ? {} : { host }),
    ...(auth === undefined ? {} : { auth }),
    ...(flags.clientId === undefined ? {} : { clientId: flags.clientId }),
    ...(flags.profile === undefined ? {} : { profile: flags.profile }),
  })
  if (!changed.success) {
    const [issue] = changed.error.issues
    const hint = `Ways to sign in: ${databricksAuthSchema.options.join(', ')}.`
    throw usage(issue?.path.join('.') || 'host', issue?.message ?? 'Not a connection.', hint)
  }
  await client.pipelines.update({ pipeline, settings: { ...settings, databricks: changed.data } })
  return test(deps, client, pipeline)
}

/** Shows where to sign in, and waits until that is done. */
async function login(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  remember: boolean,
): Promise<DatabricksStatus> {
  const begun = await withVault(deps, client, () => client.databricks.login({ pipeline, remember }))
  if (begun.signIn === null) return begun
  const { url, opened } = begun.signIn
  deps.terminal.note(opened ? 'Sign in in the browser that opened.' : `Open this address and sign in: ${url}`)
  let last = begun
  try {
    for await (const status of await client.databricks.watch({ pipeline }, { signal: deps.interrupted })) {
      last = status
      if (status.signIn === null && status.state !== 'testing') break
    }
  } catch (thrown) {
    if (!deps.interrupted.aborted) throw thrown
    await client.databricks.cancelLogin({ pipeline })
  }
  return last
}

/** Below `pipeline databricks`. */
export function databricksConnectionCommands(databricks: Command, deps: CliDeps): void {
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON')
  /** What answers null has said already what there is to say. */
  const run = (flags: Flags, work: (client: Client, pipeline: string) => Promise<DatabricksStatus | null>) =>
    withSession(deps.open, async ({ client }) => {
      const status = await work(client, await pickPipeline(client, flags.pipeline))
      if (status !== null) show(deps, flags, status)
    })

  databricks
    .command('profiles')
    .description('the profiles of ~/.databrickscfg')
    .option('--json', 'one line of JSON')
    .action((flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const found = await client.databricks.profiles()
        if (flags.json) return deps.terminal.out(JSON.stringify(found))
        const rows = found.items.map(({ name, host, kind }) => [name, kind, host])
        for (const line of table(['profile', 'kind', 'workspace'], rows)) deps.terminal.out(line)
        if (rows.length === 0) deps.terminal.note(`There is none in ${found.file}.`)
      }),
    )
  common(
    databricks.command('use [address]').description('choose the workspace and how to sign in, and try it'),
  )
    .option('--auth <way>', databricksAuthSchema.options.join(', '))
    .option('--client-id <id>', 'of a service principal')
    .option('--profile <name>', 'of ~/.databrickscfg')
    .action((host: string | undefined, flags: Flags) =>
      run(flags, (client, pipeline) => use(deps, client, pipeline, host, flags)),
    )
  common(
    databricks
      .command('token')
      .description(`the token or client secret, asked for or from ${secretVariables.databricksToken}`),
  )
    .option('--remember', 'keep it, where a store is there; else until the app ends')
    .option('--forget', 'forget it')
    .action((flags: Flags) =>
      run(flags, async (client, pipeline) => {
        if (flags.forget) {
          await client.databricks.setSecret({ pipeline, value: null })
          deps.terminal.note('Forgotten.')
          return null
        }
        const value = await askedFor(deps)
        const remember = flags.remember === true
        return withVault(deps, client, () => client.databricks.setSecret({ pipeline, value, remember }))
      }),
    )
  common(databricks.command('test').description('ask the workspace who this is, and what it has')).action(
    (flags: Flags) => run(flags, (client, pipeline) => test(deps, client, pipeline)),
  )
  common(databricks.command('login').description('sign in to the workspace in the browser'))
    .option('--remember', 'keep the session, where a store is there')
    .action((flags: Flags) =>
      run(flags, (client, pipeline) => login(deps, client, pipeline, flags.remember === true)),
    )
}
