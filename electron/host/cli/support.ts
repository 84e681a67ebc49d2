/** `pipeline support`: versions, settings, states and logs without secrets, to read and to send. */
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { bundleText } from '../../../shared/support.ts'
import { type CliDeps, withSession } from './session.ts'

export function supportCommand(program: Command, deps: CliDeps): void {
  program
    .command('support')
    .description('what helps another person to help: redacted, to standard output or a file')
    .option('--out <file>', 'write it there')
    .option('--json', 'one line of JSON')
    .action((flags: { readonly out?: string; readonly json?: boolean }) =>
      withSession(deps.open, async ({ client }) => {
        const files = await client.app.support()
        const text = flags.json ? JSON.stringify(files) : bundleText(files)
        if (flags.out === undefined) return deps.terminal.out(text)
        await writeFile(flags.out, text, { mode: 0o600 })
        deps.terminal.note(`Written to ${flags.out}. Read it before you send it.`)
      }),
    )
}
