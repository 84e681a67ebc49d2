/** A terminal on a host, or a command with its streams apart. */
import type { Client, PseudoTtyOptions } from 'ssh2'
import type { Where } from './errors.ts'
import { endOf, openChannel } from './exec.ts'
import type { Ended, Shell, ShellOptions } from './types.ts'

export async function shellOn(client: Client, options: ShellOptions, where: Where): Promise<Shell> {
  const { columns, rows, term = 'xterm-256color', command, pty = true } = options
  const size: PseudoTtyOptions = { cols: columns, rows, term, width: 0, height: 0 }
  const channel = await openChannel((done) => {
    if (command === undefined) client.shell(size, done)
    else client.exec(command, pty ? { pty: size } : {}, done)
  }, where)
  channel.on('error', () => {})
  const ended = new Promise<Ended>((resolve) =>
    channel.once('close', (code?: number | null, name?: string) => {
      const done = () => resolve(endOf(code, name))
      const { readableEnded, destroyed, readableFlowing } = channel.stderr
      // A reader that is slow may have left something there; without a reader it would never end.
      if (readableEnded || destroyed || readableFlowing === null) done()
      else channel.stderr.once('end', done).once('close', done)
    }),
  )
  return {
    input: channel,
    output: channel,
    errors: channel.stderr,
    resize: (toColumns, toRows) => channel.setWindow(toRows, toColumns, 0, 0),
    ended,
    close: () => channel.close(),
  }
}
