/** The password of a pipeline's user of Kafka: from the environment or asked for, never an argument, where `ps` would show it. */
import type { Command } from 'commander'
import { kafkaPasswordSchema, wantsPassword } from '../../../shared/settings.ts'
import { secretVariables } from './environment.ts'
import { usage } from './parse.ts'
import { withVault } from './secrets.ts'
import { type CliDeps, pickPipeline, type Session, withSession } from './session.ts'

interface Flags {
  readonly remember?: boolean
  readonly forget?: boolean
}

/** Below `pipeline pipelines`. */
export function kafkaPasswordCommand(pipelines: Command, deps: CliDeps): void {
  pipelines
    .command('kafka-password <id>')
    .description(`the password of endpoints.kafkaUser, asked for or from ${secretVariables.kafkaPassword}`)
    .option('--remember', 'keep it, where a store is there; else until the app ends')
    .option('--forget', 'forget it')
    .action((id: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, id)
        const password = flags.forget ? null : await askedFor(deps)
        const remember = flags.remember === true
        await withVault(deps, client, () =>
          client.pipelines.setKafkaPassword({ pipeline, password, remember }),
        )
        deps.terminal.out(password === null ? 'Forgotten.' : `Set for ${pipeline}.`)
      }),
    )
}

async function askedFor({ terminal, given }: CliDeps): Promise<string> {
  if (given.kafkaPassword === undefined && !terminal.interactive)
    throw usage(
      'kafka-password',
      'A password is needed.',
      `Set ${secretVariables.kafkaPassword}, or run this in a terminal.`,
    )
  const checked = kafkaPasswordSchema.safeParse(
    given.kafkaPassword ?? (await terminal.askHidden('Password of the user of Kafka: ')),
  )
  if (checked.success) return checked.data
  throw usage(
    'kafka-password',
    checked.error.issues[0]?.message ?? 'Not a password.',
    `Correct ${secretVariables.kafkaPassword}.`,
  )
}

/**
 * Puts to use what the environment gave, before a command begins: opens a locked vault, and holds the password for the active
 * pipeline where that wants one. What is wrong with either is told by the command that needs it.
 */
export async function withGiven(session: Session, given: CliDeps['given']): Promise<Session> {
  const { client } = session
  const { passphrase, kafkaPassword } = given
  if (passphrase !== undefined && (await client.secrets.status()).vault === 'locked')
    await client.secrets.unlock({ passphrase }).catch(() => undefined)
  if (kafkaPassword === undefined) return session
  const { active: pipeline, items } = await client.pipelines.list()
  const own = items.find(({ id }) => id === pipeline)?.settings
  if (own?.kind === 'existing' && wantsPassword(own.endpoints.kafkaAccess))
    await client.pipelines.setKafkaPassword({ pipeline, password: kafkaPassword }).catch(() => undefined)
  return session
}
