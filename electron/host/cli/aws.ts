/** `pipeline aws …`: which identity of AWS a pipeline acts as. Keys are asked for or read from the environment, never arguments. */
import type { Command } from 'commander'
import {
  type AwsChoice,
  accessKeyIdSchema,
  awsChoiceSchema,
  awsColourSchema,
  awsKeysSchema,
  awsSourceSchema,
  mfaCodeSchema,
} from '../../../shared/aws.ts'
import type { AwsStatus } from '../../../shared/contract/aws.ts'
import { AppError } from '../../../shared/errors.ts'
import { secretVariables } from './environment.ts'
import { usage } from './parse.ts'
import { unlockVault, withVault } from './secrets.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { duration, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly source?: string
  readonly region?: string
  readonly role?: string
  readonly endpoint?: string
  readonly colour?: string
  readonly mfaCode?: string
  readonly remember?: boolean
  readonly forget?: boolean
}

/** An identity that does not work is a failure of the command, said with its fix. */
function show({ terminal }: CliDeps, flags: Flags, status: AwsStatus): void {
  if (flags.json) terminal.out(JSON.stringify(status))
  else for (const line of lines(status)) terminal.out(line)
  if (status.problem !== null) throw new AppError(status.problem)
}

function lines({ choice, state, identity, via, region, expiresAt, tried }: AwsStatus): string[] {
  if (choice.source === 'none') return ['This pipeline has no connection to AWS.']
  const searched = tried.map(
    (each) => `  ${each.source}: ${each.state === 'used' ? 'in use' : each.state}. ${each.text}`,
  )
  if (identity === null) return state === 'none' ? ['Not tried yet: "pipeline aws test".'] : searched
  const alias = identity.alias === null ? '' : ` (${identity.alias})`
  const left = expiresAt === null ? [] : [`Ends in ${duration(Math.max(0, expiresAt - Date.now()))}.`]
  return [
    `${identity.kind} ${identity.name}, account ${identity.account}${alias}, ${region}, by ${via}`,
    identity.arn,
    ...left,
  ]
}

/** Tries it; a code is asked for where a person can be asked. */
async function test(deps: CliDeps, client: Client, pipeline: string, flags: Flags): Promise<AwsStatus> {
  const given = flags.mfaCode === undefined ? {} : { mfaCode: codeOf(flags.mfaCode) }
  const status = await client.aws.test({ pipeline, ...given })
  if (status.problem?.code === 'SECRET_LOCKED') {
    await unlockVault(deps, client)
    return client.aws.test({ pipeline, ...given })
  }
  if (status.ask !== 'mfaCode' || flags.mfaCode !== undefined || !deps.terminal.interactive) return status
  const mfaCode = codeOf(await deps.terminal.ask('Code of the authenticator: '))
  return client.aws.test({ pipeline, mfaCode })
}

function codeOf(text: string): string {
  const code = mfaCodeSchema.safeParse(text)
  if (code.success) return code.data
  throw usage('mfa-code', 'The code has six digits.', 'Enter what the authenticator shows now.')
}

/** What is not given stays as it is. Throws AppError USAGE. */
function choiceFrom(now: AwsChoice, profile: string | undefined, flags: Flags): AwsChoice {
  const source = flags.source ?? (profile === undefined ? undefined : 'profile')
  const changed = {
    ...now,
    ...(source === undefined ? {} : { source }),
    ...(profile === undefined ? {} : { profile }),
    ...(flags.region === undefined ? {} : { region: flags.region }),
    ...(flags.role === undefined ? {} : { roleArn: flags.role }),
    ...(flags.endpoint === undefined ? {} : { endpoint: flags.endpoint }),
    ...(flags.colour === undefined ? {} : { colour: flags.colour }),
  }
  const parsed = awsChoiceSchema.safeParse(changed)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const options = `Sources: ${awsSourceSchema.options.join(', ')}. Colours: ${awsColourSchema.options.join(', ')}.`
  throw usage(issue?.path.join('.') ?? 'choice', issue?.message ?? 'Not a connection.', options)
}

async function typedKeys({ terminal, given }: CliDeps) {
  const ask = async (known: string | undefined, question: string, variable: string, hidden: boolean) => {
    if (known !== undefined) return known
    if (!terminal.interactive)
      throw usage('keys', 'The keys are needed.', `Set ${variable}, or run this in a terminal.`)
    return hidden ? terminal.askHidden(question) : terminal.ask(question)
  }
  const id = await ask(given.awsKeyId, 'Access key id: ', secretVariables.awsKeyId, false)
  const checked = accessKeyIdSchema.safeParse(id)
  if (!checked.success)
    throw usage('keys', checked.error.issues[0]?.message ?? 'Not a key id.', 'Copy it again.')
  const key = await ask(given.awsKey, 'Secret access key: ', secretVariables.awsKey, true)
  const keys = awsKeysSchema.safeParse({
    accessKeyId: checked.data,
    secretAccessKey: key,
    ...(given.awsToken === undefined ? {} : { sessionToken: given.awsToken }),
  })
  if (keys.success) return keys.data
  throw usage('keys', keys.error.issues[0]?.message ?? 'Not a key.', 'Copy it again.')
}

/** Shows where to sign in, and waits until that is done. */
async function login(deps: CliDeps, client: Client, pipeline: string): Promise<AwsStatus> {
  const begun = await client.aws.login({ pipeline })
  if (begun.signIn === null) return begun
  const { url, code, opened } = begun.signIn
  deps.terminal.note(opened ? 'Sign in in the browser that opened.' : `Open this address and sign in: ${url}`)
  deps.terminal.note(`It shows this code: ${code}`)
  let last = begun
  try {
    for await (const status of await client.aws.watch({ pipeline }, { signal: deps.interrupted })) {
      last = status
      if (status.signIn === null && status.state !== 'testing') break
    }
  } catch (thrown) {
    if (!deps.interrupted.aborted) throw thrown
    await client.aws.cancelLogin({ pipeline })
  }
  return last
}

export function awsCommands(program: Command, deps: CliDeps): void {
  const aws = program.command('aws').description('the connection to AWS')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON')
  const run = (flags: Flags, work: (client: Client, pipeline: string) => Promise<AwsStatus>) =>
    withSession(deps.open, async ({ client }) =>
      show(deps, flags, await work(client, await pickPipeline(client, flags.pipeline))),
    )

  common(aws.command('status').description('which identity, and when its session ends')).action(
    (flags: Flags) =>
      run(flags, async (client, pipeline) => {
        const status = await client.aws.status({ pipeline })
        return status.choice.source !== 'none' && status.testedAt === null
          ? test(deps, client, pipeline, {})
          : status
      }),
  )
  aws
    .command('profiles')
    .description('the profiles of ~/.aws, and what is wrong with them')
    .option('--json', 'one line of JSON')
    .action((flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const found = await client.aws.profiles()
        if (flags.json) return deps.terminal.out(JSON.stringify(found))
        const rows = found.items.map(({ name, kind, region, detail, problem }) => [
          name,
          kind,
          region ?? '–',
          problem?.message ?? detail,
        ])
        for (const line of table(['profile', 'kind', 'region', 'what'], rows)) deps.terminal.out(line)
        for (const { message } of found.problems) deps.terminal.note(`! ${message}`)
        if (found.items.length === 0) deps.terminal.note('There is none. Make one with "aws configure".')
      }),
    )
  common(aws.command('use [profile]').description('choose how to sign in, and try it'))
    .option('--source <source>', awsSourceSchema.options.join(', '))
    .option('--region <region>', 'instead of the profile’s own')
    .option('--role <arn>', 'a role to take on')
    .option('--endpoint <url>', 'of an emulator; empty for AWS itself')
    .option('--colour <colour>', `of the badge: ${awsColourSchema.options.join(', ')}`)
    .option('--mfa-code <code>', 'of the authenticator')
    .action((profile: string | undefined, flags: Flags) =>
      run(flags, async (client, pipeline) => {
        const { choice } = await client.aws.status({ pipeline })
        const status = await client.aws.use({ pipeline, choice: choiceFrom(choice, profile, flags) })
        return status.ask === 'mfaCode' ? test(deps, client, pipeline, flags) : status
      }),
    )
  common(aws.command('test').description('ask AWS who this is'))
    .option('--mfa-code <code>', 'of the authenticator')
    .action((flags: Flags) => run(flags, (client, pipeline) => test(deps, client, pipeline, flags)))
  common(aws.command('login').description('sign in to IAM Identity Center in the browser')).action(
    (flags: Flags) => run(flags, (client, pipeline) => login(deps, client, pipeline)),
  )
  common(aws.command('keys').description('type keys in, for the source "keys"'))
    .option('--remember', 'keep them, where a store is there')
    .option('--forget', 'forget them')
    .action((flags: Flags) =>
      run(flags, async (client, pipeline) => {
        if (flags.forget) return client.aws.setKeys({ pipeline, keys: null })
        const keys = await typedKeys(deps)
        const remember = flags.remember === true
        return withVault(deps, client, () => client.aws.setKeys({ pipeline, keys, remember }))
      }),
    )
  common(
    aws.command('permissions <action...>').description('may it do this? Asked of IAM, nothing is done'),
  ).action((actions: string[], flags: Flags) =>
    withSession(deps.open, async ({ client }) => {
      const pipeline = await pickPipeline(client, flags.pipeline)
      const found = await client.aws.permissions({ pipeline, actions })
      const { terminal } = deps
      if (flags.json) terminal.out(JSON.stringify(found))
      else {
        const rows = found.actions.map(({ action, state, reason }) => [action, state, reason])
        for (const line of table(['action', 'answer', 'why'], rows)) terminal.out(line)
        if (found.policy !== null) terminal.out(found.policy)
      }
      if (found.policy !== null) throw new AppError(denied(found.principal))
    }),
  )
}

const denied = (principal: string) => ({
  code: 'AWS_PERMISSIONS_MISSING',
  message: `Permissions are missing: ${principal}`,
  hint: 'Add the policy above to it, or choose another profile.',
})
