/** `pipeline doctor`: the way to a pipeline that runs elsewhere, link by link; changes nothing. */
import type { Command } from 'commander'
import type { Doctor, DoctorLink } from '../../../shared/contract/doctor.ts'
import { actionCommand, doctorTitles } from '../../../shared/doctor.ts'
import { AppError } from '../../../shared/errors.ts'
import { unlockVault } from './secrets.ts'
import { type CliDeps, type Client, pickPipeline, withSession } from './session.ts'
import { ExitWith } from './ssh.ts'
import { printable } from './text.ts'

interface Flags {
  readonly json?: boolean
}

const marks: Readonly<Record<DoctorLink['state'], string>> = {
  good: '✓',
  warn: '!',
  bad: '✗',
  skipped: '·',
  unused: '–',
  waiting: '·',
  working: '…',
}

/** Titles are aligned: the longest has some twenty letters. */
const width = Math.max(...Object.values(doctorTitles).map((title) => title.length))

function linesOf(
  { id, state, text, problem, faults, lines, action }: DoctorLink,
  named: string | null,
): string[] {
  const said = state === 'unused' ? `not used: ${text}` : text
  const command = action === null ? null : actionCommand(action, named)
  return [
    `${marks[state]} ${doctorTitles[id].padEnd(width)}  ${printable(said)}`.trimEnd(),
    ...(problem === null
      ? []
      : [
          `  ${printable(problem.message)} [${[problem.code, ...faults].join(', ')}]`,
          `  ${printable(problem.hint)}`,
        ]),
    ...(state === 'bad' ? lines.map((line) => `  | ${printable(line)}`) : []),
    ...(command === null ? [] : [`  → pipeline ${command}`]),
  ]
}

function summary(links: readonly DoctorLink[]): string {
  const bad = links.filter(({ state }) => state === 'bad')
  const warn = links.filter(({ state }) => state === 'warn')
  const [first] = bad
  if (first !== undefined) return `Begin with the first that failed: ${doctorTitles[first.id]}.`
  return warn.length === 0 ? 'The way is good.' : 'The way is open; what is marked with ! needs a look.'
}

/** `print` is given each link once it is settled, in the order of the chain. */
async function follow(
  deps: CliDeps,
  client: Client,
  pipeline: string,
  print: (link: DoctorLink) => void,
): Promise<Doctor> {
  let last: Doctor | null = null
  let told = 0
  for await (const now of await client.doctor.run({ pipeline }, { signal: deps.interrupted })) {
    last = now
    for (let link = now.links[told]; link !== undefined && settled(link); link = now.links[told]) {
      print(link)
      told += 1
    }
    const working = now.links.find(({ state }) => state === 'working')
    if (working !== undefined) deps.terminal.status(`${doctorTitles[working.id]} …`)
  }
  if (last?.done !== true)
    throw new AppError({ code: 'INTERRUPTED', message: 'Interrupted.', hint: 'Run it again.' })
  return last
}

const settled = ({ state }: DoctorLink) => state !== 'waiting' && state !== 'working'

async function examine(
  deps: CliDeps,
  client: Client,
  name: string | undefined,
  { json = false }: Flags,
): Promise<void> {
  const pipeline = await pickPipeline(client, name)
  const print = (link: DoctorLink) => {
    if (json) return
    for (const line of linesOf(link, name === undefined ? null : pipeline)) deps.terminal.out(line)
  }
  let found = await follow(deps, client, pipeline, print)
  if (found.links.some(({ problem }) => problem?.code === 'SECRET_LOCKED')) {
    await unlockVault(deps, client)
    found = await follow(deps, client, pipeline, print)
  }
  if (json) deps.terminal.out(JSON.stringify(found))
  else deps.terminal.note(summary(found.links))
  if (found.links.some(({ state }) => state === 'bad')) throw new ExitWith(1)
}

export function doctorCommand(program: Command, deps: CliDeps): void {
  program
    .command('doctor')
    .description('the way to a pipeline that runs elsewhere, link by link; changes nothing')
    .argument('[pipeline]', 'another pipeline than the active one')
    .option('--json', 'one line of JSON')
    .action((name: string | undefined, flags: Flags) =>
      withSession(deps.open, ({ client }) => examine(deps, client, name, flags)),
    )
}
