/** `pipeline host …`: the machine of a pipeline and the test of the way to it. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { HostLink, HostSecrets, HostTest } from '../../../shared/contract/hosts.ts'
import { AppError } from '../../../shared/errors.ts'
import { type HostSettings, hostSettingsSchema, type KeySource } from '../../../shared/host.ts'
import { secretVariables } from './environment.ts'
import { parseCount, usage } from './parse.ts'
import { withVault } from './secrets.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { count } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly agent?: boolean
  readonly keyFile?: string
  readonly importKey?: string
  readonly password?: boolean
  readonly jump?: string
  readonly jumpKeyFile?: string
  readonly accept?: string
  readonly forgetKey?: boolean
  readonly remember?: boolean
  readonly none?: boolean
}

function keySource(flags: Flags, before: KeySource | undefined): KeySource {
  if (flags.keyFile !== undefined) return { kind: 'file', path: flags.keyFile }
  if (flags.importKey !== undefined) return { kind: 'stored' }
  if (flags.password) return { kind: 'password' }
  return flags.agent ? { kind: 'agent' } : (before ?? { kind: 'agent' })
}

/** `user@host:port`, user and port as of the machine where they are left out. */
function parseJump(text: string, flags: Flags, machine: { user: string; key: KeySource }): unknown {
  const [, user = machine.user, host, port = '22'] =
    /^(?:([^@\s]+)@)?(\[[^\]]+\]|[^:\s]+)(?::(\d+))?$/.exec(text) ?? []
  if (host === undefined)
    throw usage('jump', `Not a jump host: ${text}`, 'Write user@host or user@host:port.')
  const key = flags.jumpKeyFile === undefined ? machine.key : { kind: 'file', path: flags.jumpKeyFile }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port), user, key }
}

function settingsFrom(flags: Flags, before: HostSettings | null): HostSettings {
  const moved = flags.host !== undefined && flags.host !== before?.host
  const key = keySource(flags, before?.key)
  const user = flags.user ?? before?.user ?? 'ec2-user'
  const jump = flags.jump === undefined ? (before?.jump ?? null) : parseJump(flags.jump, flags, { user, key })
  const checked = hostSettingsSchema.safeParse({
    host: flags.host ?? before?.host ?? '',
    port: flags.port ?? before?.port ?? 22,
    user,
    key,
    hostKey: moved || flags.forgetKey ? null : (before?.hostKey ?? null),
    jump: flags.jump === 'none' ? null : jump,
  })
  if (checked.success) return checked.data
  const issue = checked.error.issues[0]
  throw usage(
    issue?.path.join('.') ?? 'host',
    issue?.message ?? 'Not a machine.',
    'See pipeline host set --help.',
  )
}

/** What must be typed: from the environment or asked for, never an argument. */
async function secretsFor({ terminal, given }: CliDeps, flags: Flags): Promise<HostSecrets> {
  const key =
    flags.importKey === undefined ? undefined : await readFile(flags.importKey, 'utf8').catch(unreadable)
  const password =
    given.sshPassword ??
    (flags.password && terminal.interactive ? await terminal.askHidden('Password: ') : undefined)
  const passphrase = given.sshPassphrase
  return {
    host: {
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(password === undefined ? {} : { password }),
    },
  }
}

function unreadable(thrown: NodeJS.ErrnoException): never {
  throw usage(
    'import-key',
    `The key file cannot be read: ${thrown.code ?? thrown.message}`,
    'Name the .pem file.',
  )
}

const words: Readonly<Record<HostLink['link'], string>> = {
  key: 'key',
  tcp: 'TCP',
  hostKey: 'host key',
  signIn: 'sign-in',
  facts: 'machine',
}
const marks = { good: '✓', bad: '✗', waiting: '·', working: '…' } as const

function tell(deps: CliDeps, { links, facts, warnings }: HostTest): void {
  for (const { hop, link, state, text, problem } of links) {
    const which = hop === 'jump' ? 'jump host, ' : ''
    deps.terminal.out(`${marks[state]} ${which}${words[link]}${text === '' ? '' : `: ${text}`}`)
    if (problem !== null) {
      deps.terminal.out(`  ${problem.message} [${problem.code}]`)
      deps.terminal.out(`  ${problem.hint}`)
    }
  }
  for (const { message, hint, code } of warnings) deps.terminal.out(`! ${message} [${code}]\n  ${hint}`)
  if (facts === null) return
  const sudo = {
    root: 'we are root',
    free: 'without a password',
    password: 'asks for a password',
    none: 'not there',
  }
  deps.terminal.out(
    `  ${facts.arch}, ${count(facts.memoryMiB)} MiB memory, ${count(facts.diskFreeMiB)} of ${count(facts.diskMiB)} MiB disk free, clock ${facts.skewMs} ms off, ${facts.user}, sudo ${sudo[facts.sudo]}`,
  )
}

async function follow(client: Client, deps: CliDeps, pipeline: string): Promise<HostTest> {
  let last: HostTest | null = null
  for await (const now of await client.hosts.test({ pipeline }, { signal: deps.interrupted })) {
    last = now
    const working = now.links.find(({ state }) => state === 'working')
    if (working !== undefined) deps.terminal.status(`${words[working.link]} …`)
  }
  if (last === null)
    throw new AppError({ code: 'INTERRUPTED', message: 'Interrupted.', hint: 'Run it again.' })
  return last
}

/** Accepts the key that was shown, where it is the one that was named or the person says so. */
async function accepted(deps: CliDeps, flags: Flags, bad: HostLink): Promise<boolean> {
  if (bad.problem?.code !== 'SSH_HOST_KEY_UNKNOWN' || bad.shown === null) return false
  if (flags.accept !== undefined) return flags.accept === bad.shown.sha256
  if (!deps.terminal.interactive || flags.json) return false
  const answer = await deps.terminal.ask(`${bad.problem.message}\nIs this the machine’s key? Type yes: `)
  return answer.trim().toLowerCase() === 'yes'
}

async function test(deps: CliDeps, client: Client, flags: Flags): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  // Each hop may show an unknown key of its own.
  for (let turn = 0; turn < 3; turn += 1) {
    const result = await withVault(deps, client, () => follow(client, deps, pipeline))
    const bad = result.links.find(({ state }) => state === 'bad')
    if (bad !== undefined && (await accepted(deps, flags, bad))) {
      const { settings } = await client.hosts.get({ pipeline })
      if (settings === null) break
      const next =
        bad.hop === 'host'
          ? { ...settings, hostKey: bad.shown }
          : { ...settings, jump: settings.jump && { ...settings.jump, hostKey: bad.shown } }
      await client.hosts.set({ pipeline, settings: next })
      continue
    }
    if (flags.json) deps.terminal.out(JSON.stringify(result))
    else tell(deps, result)
    if (bad?.problem) throw new AppError(bad.problem)
    return
  }
}

export function hostCommands(program: Command, deps: CliDeps): void {
  const host = program.command('host').description('the machine of a pipeline, reached by SSH')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON')
  common(host.command('set').description('name it; what is left out stays'))
    .option('--host <address>', 'name or address')
    .option('--port <n>', '22 by default', parseCount('port'))
    .option('--user <name>', 'ec2-user by default')
    .option('--agent', 'sign in with the keys of the SSH agent (the default)')
    .option('--key-file <file>', 'sign in with this key; the file stays where it is')
    .option('--import-key <file>', 'sign in with a copy of this key, kept as a secret')
    .option('--password', `sign in with a password, asked for or from ${secretVariables.sshPassword}`)
    .option('--jump <user@host:port>', 'the host between; none takes it away')
    .option('--jump-key-file <file>', 'key for the host between; the machine’s by default')
    .option('--forget-key', 'forget the host key that was accepted')
    .option('--remember', 'keep what is secret for later sessions')
    .option('--none', 'forget the machine and its secrets')
    .action((flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, flags.pipeline)
        const { settings: before } = await client.hosts.get({ pipeline })
        const settings = flags.none ? null : settingsFrom(flags, before)
        const secrets = flags.none ? {} : await secretsFor(deps, flags)
        const remember = flags.remember === true
        const view = await withVault(deps, client, () =>
          client.hosts.set({ pipeline, settings, secrets, remember }),
        )
        if (flags.json) deps.terminal.out(JSON.stringify(view))
        else deps.terminal.out(settings === null ? 'Forgotten.' : 'Set. Try it: pipeline host test')
      }),
    )
  common(host.command('test').description('the way to it, link by link; changes nothing on it'))
    .option('--accept <SHA256:…>', 'accept an unknown host key if it is this one')
    .action((flags: Flags) => withSession(deps.open, ({ client }) => test(deps, client, flags)))
  common(host.command('show').description('what is set')).action((flags: Flags) =>
    withSession(deps.open, async ({ client }) => {
      const view = await client.hosts.get({ pipeline: await pickPipeline(client, flags.pipeline) })
      if (flags.json) return deps.terminal.out(JSON.stringify(view))
      const { settings } = view
      if (settings === null)
        return deps.terminal.out('No machine. Set one: pipeline host set --host <address>')
      const key = settings.key.kind === 'file' ? settings.key.path : settings.key.kind
      deps.terminal.out(`${settings.user}@${settings.host}:${settings.port}, key: ${key}`)
      if (settings.jump !== null)
        deps.terminal.out(`through ${settings.jump.user}@${settings.jump.host}:${settings.jump.port}`)
      deps.terminal.out(`host key: ${settings.hostKey?.sha256 ?? 'as known_hosts says'}`)
    }),
  )
}
