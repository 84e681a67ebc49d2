/** `pipeline services …`: what runs on the machine of a pipeline: its state, its switches, its log. */
import type { Command } from 'commander'
import type { LogBatch, Service, ServicesView } from '../../../shared/contract/services.ts'
import { AppError } from '../../../shared/errors.ts'
import { type ServiceAction, type ServiceId, serviceIds, serviceQuestion } from '../../../shared/services.ts'
import { parseCount, usage } from './parse.ts'
import { withVault } from './secrets.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { bytes, count, duration, printable, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly yes?: boolean
  readonly follow?: boolean
  readonly lines?: number
}

/** `kafka`, or the unit's own name with or without its ending. */
function serviceOf(text: string): ServiceId {
  const found = serviceIds.find((id) => [id, `pipeline-${id}`, `pipeline-${id}.service`].includes(text))
  if (found !== undefined) return found
  throw usage('unit', `No service is called: ${text}`, `There is ${serviceIds.join(', ')}.`)
}

const sinceOf = ({ since }: Service, at: number) => (since === null ? '–' : duration(Math.max(0, at - since)))

function show({ terminal }: CliDeps, flags: Flags, view: ServicesView): void {
  if (flags.json) {
    terminal.out(JSON.stringify(view))
    return
  }
  const { services, machine, at } = view
  const rows = services.map((service) =>
    service.installed
      ? [
          service.id,
          `${service.state} (${service.subState})`,
          sinceOf(service, at),
          service.atBoot || '–',
          count(service.restarts),
          service.pid === null ? '–' : String(service.pid),
          bytes(service.memory ?? service.resident),
          service.cpuMs === null ? '–' : duration(service.cpuMs),
          service.version,
        ]
      : [service.id, 'not installed', '–', '–', '–', '–', '–', '–', '–'],
  )
  const head = ['service', 'state', 'for', 'at boot', 'restarts', 'pid', 'memory', 'CPU time', 'version']
  for (const line of table(head, rows)) terminal.out(line)
  for (const { id, ended, lastLines } of services) {
    if (lastLines.length === 0) continue
    terminal.out(`${id} ended (${ended ?? 'unknown'}); its last lines:`)
    for (const line of lastLines) terminal.out(`  ${printable(line)}`)
  }
  const { memory, disks, folders, load, cpus } = machine
  terminal.out(
    `machine: ${bytes(memory.available)} of ${bytes(memory.total)} memory available, load ${load.join(' ')} on ${cpus} CPUs, ${disks
      .map(({ path, free, total }) => `${bytes(free)} of ${bytes(total)} free on ${printable(path)}`)
      .join(', ')}`,
  )
  for (const folder of folders)
    terminal.out(`${folder.what.toLowerCase()}: ${bytes(folder.bytes)} in ${folder.path}`)
  if (services.every(({ installed }) => !installed))
    terminal.note('Nothing of ours is installed there. Set it up: pipeline setup')
}

/** What interrupts others is asked first. Throws AppError CONSENT_NEEDED, CONSENT_REFUSED. */
async function agreed({ terminal }: CliDeps, flags: Flags, service: ServiceId, action: ServiceAction) {
  const question = serviceQuestion(service, action)
  if (question === null || flags.yes) return
  if (!terminal.interactive)
    throw new AppError({
      code: 'CONSENT_NEEDED',
      message: `${question.title} Nobody can be asked here.`,
      hint: 'Add --yes if you mean it.',
    })
  const answer = await terminal.ask(`${question.title} ${question.text}\nType yes: `)
  if (answer.trim().toLowerCase() !== 'yes')
    throw new AppError({
      code: 'CONSENT_REFUSED',
      message: 'Nothing was changed.',
      hint: 'Type yes to agree.',
    })
}

const nameWidth = Math.max(...serviceIds.map((id) => id.length))
const clockOf = (at: number) => new Date(at).toISOString()

function tell({ terminal }: CliDeps, flags: Flags, { lines }: LogBatch, several: boolean): void {
  for (const line of lines) {
    if (flags.json) terminal.out(JSON.stringify(line))
    else
      terminal.out(
        `${clockOf(line.at)} ${several ? `${line.service.padEnd(nameWidth)} ` : ''}${line.system ? 'systemd: ' : ''}${printable(line.text)}`,
      )
  }
}

async function log(deps: CliDeps, client: Client, unit: string | undefined, flags: Flags): Promise<void> {
  const pipeline = await pickPipeline(client, flags.pipeline)
  const services = unit === undefined ? [...serviceIds] : [serviceOf(unit)]
  const input = { pipeline, services, lines: flags.lines ?? 200, follow: flags.follow === true }
  let said: string | null = null
  let dropped = 0
  const read = async () => {
    for await (const batch of await client.services.log(input, { signal: deps.interrupted })) {
      tell(deps, flags, batch, services.length > 1)
      if (batch.problem !== null && !batch.retrying) throw new AppError(batch.problem)
      const code = batch.problem?.code ?? null
      if (code !== said)
        deps.terminal.note(
          batch.problem === null
            ? '! It goes on.'
            : `! ${batch.problem.message} It is tried again. [${code}]`,
        )
      said = code
      dropped = batch.dropped
    }
  }
  try {
    await withVault(deps, client, read)
  } catch (thrown) {
    if (!deps.interrupted.aborted) throw thrown
  }
  if (dropped > 0)
    deps.terminal.note(`${count(dropped)} lines were left out: they came faster than they were shown.`)
}

export function servicesCommands(program: Command, deps: CliDeps): void {
  const services = program.command('services').description('what runs on the machine of a pipeline')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'one line of JSON')
  common(
    services.command('list', { isDefault: true }).description('state, memory, CPU time and version of each'),
  ).action((flags: Flags) =>
    withSession(deps.open, async ({ client }) => {
      const pipeline = await pickPipeline(client, flags.pipeline)
      show(deps, flags, await withVault(deps, client, () => client.services.get({ pipeline })))
    }),
  )
  const texts = {
    restart: 'end it and start it anew',
    stop: 'end it until it is started again, or the machine is',
    start: 'start it',
  } as const
  for (const action of ['restart', 'stop', 'start'] as const)
    common(services.command(`${action} <unit>`).description(`${texts[action]} (${serviceIds.join(', ')})`))
      .option('--yes', 'do not ask')
      .action((unit: string, flags: Flags) =>
        withSession(deps.open, async ({ client }) => {
          const service = serviceOf(unit)
          const pipeline = await pickPipeline(client, flags.pipeline)
          await agreed(deps, flags, service, action)
          const call = () => client.services[action]({ pipeline, service })
          show(deps, flags, await withVault(deps, client, call))
        }),
      )
  common(services.command('log [unit]').description('its last lines of the journal; of all without a name'))
    .option('--follow', 'and each new one, until Ctrl-C')
    .option('--lines <n>', 'so many of the last ones, 200 by default', parseCount('lines'))
    .action((unit: string | undefined, flags: Flags) =>
      withSession(deps.open, ({ client }) => log(deps, client, unit, flags)),
    )
}
