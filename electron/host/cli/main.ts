/** The terminal's door put together: what `out/cli.js` and `<executable> cli …` both run. */
import type { Platform } from '../../platform.ts'
import { type CreateApp, type OwnerProgram, open, openDetached } from '../backend.ts'
import type { foldersOf } from '../folders.ts'
import { serveUntil } from '../web/door.ts'
import { takeSecrets } from './environment.ts'
import { withGiven } from './kafkaPassword.ts'
import { runCli } from './program.ts'
import { flushed, realTerminal } from './terminal.ts'

export interface CliMain {
  readonly args: readonly string[]
  readonly createApp: CreateApp
  readonly platform: Platform
  readonly folders: ReturnType<typeof foldersOf>
  /** How the background owner is started. */
  readonly owner: OwnerProgram
}

/** Answers the exit code. */
export async function cliMain({ args, createApp, platform, folders, owner }: CliMain): Promise<number> {
  const given = takeSecrets(process.env)
  const terminal = realTerminal()
  // The first Ctrl-C ends cleanly, the second at once.
  const interrupting = new AbortController()
  const interrupt = () => {
    if (interrupting.signal.aborted) process.exit(130)
    interrupting.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  // `pipeline … | head` closes the pipe early; that is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

  const code = await runCli(args, {
    given,
    open: async () => withGiven(await open(createApp, platform), given),
    openDetached: async () => withGiven(await openDetached(platform, owner), given),
    serve: ({ port }) =>
      serveUntil({
        createApp,
        platform,
        folders,
        port,
        interrupted: interrupting.signal,
        say: terminal.out,
      }),
    terminal,
    interrupted: interrupting.signal,
    version: platform.version,
  })
  await flushed()
  return code
}
