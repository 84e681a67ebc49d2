/** `pipeline streams consumers …`: who is registered for enhanced fan-out, and registering this app's own. */
import type { Command } from 'commander'
import type { ConsumerRow } from '../../../shared/contract/consumers.ts'
import { consentFor } from './consent.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { clock, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly yes?: boolean
  readonly acceptCost?: boolean
}

/** Registers this app's consumer where there is none, after the price was named. Throws AppError FAN_OUT_COST. */
export async function registerOurs(
  { terminal }: CliDeps,
  client: Client,
  at: { readonly pipeline: string; readonly stream: string },
  acceptCost: boolean,
): Promise<ConsumerRow> {
  const { consumers, cost } = await client.consumers.list(at)
  const known = consumers.find(({ ours, state }) => ours && state === 'ACTIVE')
  if (known) return known
  terminal.note(cost.note)
  const made = await client.consumers.register({ ...at, acceptCost })
  terminal.note(`Registered ${made.name} with ${at.stream}.`)
  return made
}

async function list(deps: CliDeps, client: Client, stream: string, flags: Flags): Promise<void> {
  const { terminal } = deps
  const found = await client.consumers.list({ pipeline: await pickPipeline(client, flags.pipeline), stream })
  if (flags.json) return terminal.out(JSON.stringify(found))
  if (found.unsupported !== null) return terminal.note(found.unsupported)
  const rows = found.consumers.map(({ name, state, createdAt, ours }) => [
    name,
    state,
    clock(createdAt),
    ours ? 'yes' : 'no',
  ])
  for (const line of table(['consumer', 'state', 'registered', 'this app'], rows)) terminal.out(line)
  terminal.note(found.cost.note)
}

export function streamConsumersCommands(streams: Command, deps: CliDeps): void {
  const consumers = streams.command('consumers').description('enhanced fan-out: who is registered')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON for each result')

  common(
    consumers.command('list <stream>').description('its registered consumers, and what one costs'),
  ).action((stream: string, flags: Flags) =>
    withSession(deps.open, ({ client }) => list(deps, client, stream, flags)),
  )
  common(consumers.command('register <stream>').description('register this app’s own'))
    .option('--accept-cost', 'register it where that costs money')
    .action((stream: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const at = { pipeline: await pickPipeline(client, flags.pipeline), stream }
        const ours = await registerOurs(deps, client, at, flags.acceptCost === true)
        deps.terminal.out(flags.json ? JSON.stringify(ours) : `${ours.name} ${ours.state}`)
      }),
    )
  common(consumers.command('deregister <stream> <consumer>').description('take a consumer away'))
    .option('--yes', 'do not ask')
    .action((stream: string, consumer: string, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const at = { pipeline: await pickPipeline(client, flags.pipeline), stream, consumer }
        const request = { action: 'consumers.deregister', ...at } as const
        const consent = await consentFor(client, deps.terminal, request, flags.yes === true)
        const result = await client.consumers.deregister({ ...at, consent })
        deps.terminal.out(flags.json ? JSON.stringify(result) : `Deregistered ${consumer}.`)
      }),
    )
}
