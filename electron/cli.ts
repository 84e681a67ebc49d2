#!/usr/bin/env node
/** The terminal's entry: `pipeline …`. */
import { createApp } from './app.ts'
import { open, openDetached } from './host/backend.ts'
import { runCli } from './host/cli/program.ts'
import { realTerminal } from './host/cli/terminal.ts'
import { foldersOf } from './host/folders.ts'
import { nodePlatform } from './host/nodePlatform.ts'
import { version } from './host/version.ts'
import { serveUntil } from './host/web/door.ts'

const folders = foldersOf(import.meta.url, process.env)
const platform = nodePlatform('terminal', version, folders)
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

process.exitCode = await runCli(process.argv.slice(2), {
  open: () => open(createApp, platform),
  openDetached: () => openDetached(platform),
  serve: ({ port }) =>
    serveUntil({
      createApp,
      version,
      folders,
      port,
      interrupted: interrupting.signal,
      say: (line) => terminal.out(line),
    }),
  terminal,
  interrupted: interrupting.signal,
  version,
})
process.exit()
