/** `pipeline airflow dag` and `check`: the DAG's file, and the check of ours or of one that somebody wrote. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import type { DagFindingView } from '../../../shared/contract/airflow.ts'
import { AppError } from '../../../shared/errors.ts'
import { usage } from './parse.ts'
import { interruption } from './plan.ts'
import { type CliDeps, type Client, pickPipeline, type Terminal, withSession } from './session.ts'
import { printable } from './text.ts'

interface CheckFlags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly airflow?: string
  readonly requirements?: string
  readonly parse?: boolean
}

const marks = { bad: '✗', warn: '!', unknown: '?' } as const

function tell({ out }: Terminal, file: string, findings: readonly DagFindingView[]): void {
  for (const { id, level, message, fix, line } of findings) {
    out(`${marks[level]} ${id} ${printable(file)}${line === null ? '' : `:${line}`} ${printable(message)}`)
    out(`    ${printable(fix)}`)
  }
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    throw usage(
      'file',
      `This file cannot be read (${thrown.code}): ${file}`,
      'Give the path of a DAG’s file.',
    )
  })
}

/** By a real Airflow; answers what it could not import. */
async function parse(deps: CliDeps, client: Client, given: Parameters<Client['airflow']['parse']>[0]) {
  try {
    for await (const step of await client.airflow.parse(given, { signal: deps.interrupted })) {
      if (step.kind === 'progress') deps.terminal.status(`  ${step.text}`)
      else return step.reading
    }
  } catch (thrown) {
    if (!deps.interrupted.aborted) throw thrown
  }
  throw interruption()
}

export function airflowFileCommands(airflow: Command, deps: CliDeps): void {
  const { terminal } = deps
  airflow
    .command('dag')
    .description('the DAG’s file as it would be uploaded; with --out also the requirements')
    .option('--pipeline <id>', 'another pipeline than the active one')
    .option('--out <folder>', 'write both into this folder')
    .action((flags: { readonly pipeline?: string; readonly out?: string }) =>
      withSession(deps.open, async ({ client }) => {
        const made = await client.airflow.dag({ pipeline: await pickPipeline(client, flags.pipeline) })
        if (flags.out === undefined) return terminal.out(made.text.trimEnd())
        await mkdir(flags.out, { recursive: true })
        for (const { file, text } of [made, made.requirements]) {
          await writeFile(join(flags.out, file), text)
          terminal.out(join(flags.out, file))
        }
      }),
    )
  airflow
    .command('check [file]')
    .description('what of F-67 to F-73 is wrong with a DAG’s file; ours where none is named')
    .option('--pipeline <id>', 'another pipeline than the active one')
    .option('--airflow <version>', 'for this version of Airflow')
    .option('--requirements <file>', 'look at the requirements too')
    .option('--parse', 'have a real Airflow read it too; the file’s own code runs for that')
    .option('--json', 'one line of JSON')
    .action((path: string | undefined, flags: CheckFlags) =>
      withSession(deps.open, async ({ client }) => {
        const given = {
          pipeline: await pickPipeline(client, flags.pipeline),
          ...(path === undefined ? {} : { file: basename(path), text: await textOf(path) }),
          ...(flags.airflow === undefined ? {} : { airflow: flags.airflow }),
        }
        const own = flags.requirements === undefined ? {} : { requirements: await textOf(flags.requirements) }
        const checked = await client.airflow.check({ ...given, ...own })
        const reading = flags.parse ? await parse(deps, client, given) : null
        const findings = [...checked.findings, ...checked.requirements]
        const worst = findings.filter(({ level }) => level === 'bad')
        if (flags.json) terminal.out(JSON.stringify({ ...checked, reading }))
        else {
          tell(terminal, path ?? checked.file, checked.findings)
          tell(terminal, flags.requirements ?? '', checked.requirements)
          for (const error of reading?.errors ?? [])
            for (const line of error.trimEnd().split('\n')) terminal.out(printable(line))
          const by = checked.airflow === '' ? 'for any Airflow' : `for Airflow ${checked.airflow}`
          if (findings.length === 0) terminal.out(`✓ ${checked.file}: nothing of F-67 to F-73, ${by}`)
          if (reading !== null && reading.errors.length === 0)
            terminal.out(
              `✓ Airflow ${reading.airflow} reads it: ${reading.dags.map(({ id }) => id).join(', ') || 'no DAG'}`,
            )
        }
        const error = reading?.errors[0]
        if (worst.length > 0 || error !== undefined)
          throw new AppError({
            code: 'DAG_BROKEN',
            message:
              worst[0] === undefined
                ? `Airflow cannot import the file: ${error?.trim().split('\n').at(-1)}`
                : `This DAG will not run: ${worst.map(({ id }) => id).join(', ')}`,
            hint: worst[0]?.fix ?? 'Mend the line that is named.',
          })
      }),
    )
}
