/** `pipeline secrets …`: the vault, and what is stored. A passphrase is asked for or read from the environment, never an argument. */
import { ORPCError } from '@orpc/client'
import type { Command } from 'commander'
import type { SecretsStatus } from '../../../shared/contract/secrets.ts'
import { consentFor } from './consent.ts'
import { secretVariables } from './environment.ts'
import { usage } from './parse.ts'
import { type CliDeps, type Client, withSession } from './session.ts'
import { table } from './text.ts'

interface Flags {
  readonly json?: boolean
  readonly yes?: boolean
}

/** Throws AppError USAGE where nobody can be asked. */
async function passphrase({ terminal, given }: CliDeps, question: string): Promise<string> {
  if (given.passphrase !== undefined) return given.passphrase
  if (terminal.interactive) return terminal.askHidden(question)
  throw usage(
    'passphrase',
    'A passphrase is needed.',
    `Set ${secretVariables.passphrase}, or run this in a terminal.`,
  )
}

/** Does the work; where the vault is locked, asks for its passphrase and does it again. */
export async function withVault<T>(deps: CliDeps, client: Client, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    const code =
      thrown instanceof ORPCError ? (thrown.data as { code?: string } | undefined)?.code : undefined
    if (code !== 'SECRET_LOCKED') throw thrown
    await unlockVault(deps, client)
    return work()
  }
}

/** Asks for its passphrase. Throws AppError USAGE where nobody can be asked. */
export async function unlockVault(deps: CliDeps, client: Client): Promise<void> {
  await client.secrets.unlock({ passphrase: await passphrase(deps, 'Passphrase of the vault: ') })
}

function show(deps: CliDeps, flags: Flags, status: SecretsStatus): void {
  if (flags.json) {
    deps.terminal.out(JSON.stringify(status))
    return
  }
  deps.terminal.out(`${status.words} Vault: ${status.vault}.`)
  const rows = status.items.map(({ name, store, openable }) => [name, store, openable ? 'yes' : 'no'])
  if (rows.length > 0)
    for (const line of table(['name', 'store', 'can be opened'], rows)) deps.terminal.out(line)
}

export function secretsCommands(program: Command, deps: CliDeps): void {
  const secrets = program.command('secrets').description('passwords and keys that are remembered')
  const command = (
    name: string,
    text: string,
    work: (client: Client, flags: Flags) => Promise<SecretsStatus>,
  ) =>
    secrets
      .command(name)
      .description(text)
      .option('--json', 'one line of JSON')
      .action((flags: Flags) =>
        withSession(deps.open, async ({ client, attached }) => {
          show(deps, flags, await work(client, flags))
          if (name === 'unlock' && !attached)
            deps.terminal.note('No app runs, so the vault is locked again now that this command ends.')
        }),
      )
  command('status', 'which store keeps them, and what is stored', (client) => client.secrets.status())
  command('create', 'make a vault under a passphrase', async (client) => {
    const first = await passphrase(deps, 'New passphrase: ')
    if (deps.given.passphrase === undefined && (await deps.terminal.askHidden('The same again: ')) !== first)
      throw usage('passphrase', 'The two passphrases differ.', 'Try again.')
    return client.secrets.createVault({ passphrase: first })
  })
  command('unlock', 'open the vault of the app that runs', async (client) =>
    client.secrets.unlock({ passphrase: await passphrase(deps, 'Passphrase of the vault: ') }),
  )
  command('lock', 'lock the vault of the app that runs', (client) => client.secrets.lock())
  secrets
    .command('remove <name>')
    .description('forget one')
    .option('--json', 'one line of JSON')
    .action((name: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => show(deps, flags, await client.secrets.remove({ name }))),
    )
  secrets
    .command('forget')
    .description('forget everything stored, and the vault')
    .option('--yes', 'do not ask')
    .option('--json', 'one line of JSON')
    .action((flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const names = (await client.secrets.status()).items.map(({ name }) => name)
        const request = { action: 'secrets.forgetAll', names } as const
        const consent = await consentFor(client, deps.terminal, request, flags.yes === true)
        show(deps, flags, await client.secrets.forgetAll({ consent }))
      }),
    )
}
