/** `pipeline ssh`: a terminal or a command on the machine of a pipeline, with its streams and its exit code. */
import type { Command } from 'commander'
import { AppError } from '../../../shared/errors.ts'
import { withVault } from './secrets.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'

/** Thrown to end the program with the exit code of what ran on the machine. */
export class ExitWith extends Error {
  readonly code: number

  constructor(code: number) {
    super(`exit ${code}`)
    this.name = 'ExitWith'
    this.code = code
  }
}

/** What a shell says of a program that a signal ended: 128 and the signal's number. */
const signals: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ABRT: 6,
  KILL: 9,
  PIPE: 13,
  TERM: 15,
}

async function run(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  command: string | undefined,
): Promise<number> {
  const streams = deps.terminal.streams()
  const size = command === undefined ? (streams.size() ?? { columns: 80, rows: 24 }) : undefined
  try {
    const { session } = await withVault(deps, client, () =>
      client.hosts.session.open({
        pipeline,
        ...(command === undefined ? {} : { command }),
        ...(size === undefined ? {} : { size }),
      }),
    )
    if (size !== undefined) {
      streams.raw()
      streams.onSize((now) => void client.hosts.session.resize({ session, ...now }).catch(() => {}))
    }
    // One after the other, so that what is typed arrives in its order.
    let turn: Promise<unknown> = Promise.resolve()
    const send = (data: Uint8Array, end: boolean) => {
      const text = Buffer.from(data).toString('base64')
      turn = turn.then(() => client.hosts.session.input({ session, data: text, end })).catch(() => {})
      return turn
    }
    streams.onInput(
      (data) => send(data, false),
      () => void send(new Uint8Array(), true),
    )
    for await (const { chunks, ended } of await client.hosts.session.output(
      { session },
      { signal: deps.interrupted },
    )) {
      for (const { from, data } of chunks) streams.write(from, Buffer.from(data, 'base64'))
      if (ended === null) continue
      if (ended.problem !== null) throw new AppError(ended.problem)
      return ended.code ?? 128 + (signals[ended.signal ?? ''] ?? 0)
    }
    throw new AppError({ code: 'INTERRUPTED', message: 'Interrupted.', hint: 'Run it again.' })
  } finally {
    streams.end()
  }
}

export function sshCommand(program: Command, deps: CliDeps): void {
  program
    .command('ssh <pipeline> [command...]')
    .description('a terminal on the machine of a pipeline, or a command with its streams and exit code')
    .passThroughOptions()
    .action((name: string, command: readonly string[]) =>
      withSession(deps.open, async ({ client }) => {
        const pipeline = await pickPipeline(client, name)
        // As ssh does it: the words become one line for the shell of the machine.
        const line = command.slice(command[0] === '--' ? 1 : 0).join(' ')
        const code = await run(deps, client, pipeline, line === '' ? undefined : line)
        if (code !== 0) throw new ExitWith(code)
      }),
    )
}
