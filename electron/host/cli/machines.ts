/** `pipeline machines …`: the EC2 instances of the pipeline's account and region. */
import type { Command } from 'commander'
import type { Machine } from '../../../shared/contract/machines.ts'
import { runningText } from '../../../shared/running.ts'
import { consentFor } from './consent.ts'
import { pipelineCommands } from './pipelineCommand.ts'
import { type CliDeps, type Client, withSession } from './session.ts'
import { type PlanFlags, planCommand, planFlags } from './setup.ts'
import { table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly yes?: boolean
}

function show({ terminal }: CliDeps, flags: Flags, machines: readonly Machine[]): void {
  if (flags.json) {
    terminal.out(JSON.stringify(machines))
    return
  }
  const rows = machines.map(({ id, name, state, type, publicAddress, privateAddress, chosen }) => [
    chosen ? '*' : '',
    name,
    id,
    state,
    type,
    publicAddress ?? '–',
    privateAddress ?? '–',
  ])
  const head = ['', 'name', 'id', 'state', 'type', 'public address', 'private address']
  for (const line of table(head, rows)) terminal.out(line)
  for (const { id, chosen, running } of machines)
    if (chosen && running !== null) terminal.note(`${id}: ${runningText(running)}`)
  for (const { id, addressBefore } of machines)
    if (addressBefore !== null) terminal.note(`! ${id} had another address before: ${addressBefore}`)
  if (machines.length === 0) terminal.note('There is no instance in this account and region.')
}

export function machinesCommands(program: Command, deps: CliDeps): void {
  const machines = program.command('machines').description('EC2 instances')
  const pipelineCommand = pipelineCommands<Flags>(machines, deps)
  const command = (
    words: string,
    text: string,
    work: (client: Client, pipeline: string, id: string, flags: Flags) => Promise<Machine[]>,
  ) =>
    pipelineCommand(words, text, async (client, pipeline, id, flags) =>
      show(deps, flags, await work(client, pipeline, id, flags)),
    ).option('--yes', 'do not ask')
  command('list', 'all of the region; * is the pipeline’s own', (client, pipeline) =>
    client.machines.list({ pipeline }),
  )
  planFlags(
    machines
      .command('launch')
      .description('rent one: key pair, security group, instance; pipelines set <id> launch.type=t3.small'),
    'terminate it, with what was made for it',
  ).action((flags: PlanFlags) =>
    withSession(deps.open, ({ client }) => planCommand(deps, client, 'machine', flags)),
  )
  command('choose <id>', 'make it the pipeline’s own', (client, pipeline, id) =>
    client.machines.choose({ pipeline, id }),
  )
  command('start <id>', 'start it', (client, pipeline, id) => client.machines.start({ pipeline, id }))
  command('stop <id>', 'stop it: its public address goes', (client, pipeline, id) =>
    client.machines.stop({ pipeline, id }),
  )
  command('reboot <id>', 'start it anew', (client, pipeline, id) => client.machines.reboot({ pipeline, id }))
  command('terminate <id>', 'delete it with its disks', async (client, pipeline, id, flags) => {
    const request = { action: 'machines.terminate', pipeline, id } as const
    const consent = await consentFor(client, deps.terminal, request, flags.yes === true)
    return client.machines.terminate({ pipeline, id, consent })
  })
}
