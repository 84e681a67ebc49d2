/** `pipeline notebooks …`: the notebooks run on this computer, cell by cell. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { CellOutput, NotebookRun } from '../../../shared/contract/notebooks.ts'
import { AppError } from '../../../shared/errors.ts'
import { notebookIdSchema, notebookIds } from '../../../shared/notebooks.ts'
import { usage } from './parse.ts'
import { interruption } from './plan.ts'
import { type CliDeps, pickPipeline, type Terminal, withSession } from './session.ts'
import { duration, printable, table } from './text.ts'

interface Flags {
  readonly pipeline?: string
  readonly json?: boolean
  readonly out?: string
}

/** Rows of a table that a terminal shows. */
const shownRows = 20

function show({ out }: Terminal, output: CellOutput): void {
  if (output.kind === 'text') {
    for (const line of output.text.trimEnd().split('\n')) out(printable(line))
    return
  }
  const rows = output.rows.slice(0, shownRows).map((row) => row.map(valueText))
  const names = output.columns.map(({ name }) => name)
  for (const line of table(names, rows)) out(line)
  const left = output.rows.length - rows.length
  if (left > 0 || output.truncated) out(`… ${left}${output.truncated ? ' and more' : ''} rows`)
}

const valueText = (value: unknown): string =>
  value === null ? '' : printable(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 60)

/** What a cell is, in a few words. */
const headOf = ({ kind, text }: NotebookRun['cells'][number]): string =>
  `${kind} ${printable(text.split('\n').find((line) => line.trim() !== '') ?? '').slice(0, 70)}`

/** Tells each cell as it ends, with what it gave. */
function teller(terminal: Terminal, withOutput: boolean) {
  let told = 0
  return (run: NotebookRun) => {
    if (run.progress !== null) terminal.status(`  ${run.progress.text}`)
    for (const cell of run.cells.slice(told)) {
      if (cell.state !== 'done' && cell.state !== 'failed') {
        if (cell.state === 'running') terminal.status(`  ${headOf(cell)}`)
        return
      }
      if (withOutput) for (const output of cell.output) show(terminal, output)
      told += 1
      if (cell.kind !== 'md')
        terminal.note(`${cell.state === 'done' ? '✓' : '✗'} ${headOf(cell)} (${duration(cell.ms ?? 0)})`)
    }
  }
}

export function notebooksCommands(program: Command, deps: CliDeps): void {
  const notebooks = program.command('notebooks').description('notebooks over the lake and the streams')
  const common = (command: Command) =>
    command
      .option('--pipeline <id>', 'another pipeline than the active one')
      .option('--json', 'end with one line of JSON')

  common(
    notebooks.command('run [notebook]').description(`run one here, on Spark: ${notebookIds.join(' or ')}`),
  )
    .option('--out <file>', 'write the answers as JSON')
    .action((name: string | undefined, flags: Flags) =>
      withSession(deps.open, async ({ client }) => {
        const notebook = notebookIdSchema.safeParse(name ?? 'batch')
        if (!notebook.success)
          throw usage('notebook', `There is no such notebook: ${name}`, `There is ${notebookIds.join(', ')}.`)
        const pipeline = await pickPipeline(client, flags.pipeline)
        const { runId } = await client.notebooks.start({ pipeline, notebook: notebook.data })
        const cancel = () => void client.notebooks.cancel({ pipeline, runId }).catch(() => {})
        deps.interrupted.addEventListener('abort', cancel, { once: true })
        let last: NotebookRun | undefined
        const tell = teller(deps.terminal, flags.json !== true)
        for await (const run of await client.notebooks.watch({ pipeline, runId })) {
          last = run
          tell(run)
        }
        deps.interrupted.removeEventListener('abort', cancel)
        if (last === undefined || last.state === 'cancelled') throw interruption()
        if (last.problem !== null) throw new AppError(last.problem)
        if (flags.out !== undefined) await writeFile(flags.out, `${JSON.stringify(last.answers, null, 2)}\n`)
        if (flags.json) deps.terminal.out(JSON.stringify(last))
      }),
    )
  notebooks
    .command('export <folder>')
    .description('write the notebooks into a folder, to be imported into Databricks or opened in Jupyter')
    .option('--ipynb', 'as Jupyter’s, else in Databricks’ source format')
    .action((folder: string, flags: { readonly ipynb?: boolean }) =>
      withSession(deps.open, async ({ client }) => {
        await mkdir(folder, { recursive: true })
        for (const { name, text } of await client.notebooks.files({
          format: flags.ipynb ? 'ipynb' : 'source',
        })) {
          await writeFile(join(folder, name), text)
          deps.terminal.out(join(folder, name))
        }
      }),
    )
  common(notebooks.command('list').description('the runs, newest first')).action((flags: Flags) =>
    withSession(deps.open, async ({ client }) => {
      const runs = await client.notebooks.list({ pipeline: await pickPipeline(client, flags.pipeline) })
      if (flags.json) return deps.terminal.out(JSON.stringify(runs))
      const rows = runs.map(({ runId, notebook, state, startedAt, endedAt }) => [
        runId,
        notebook,
        state,
        new Date(startedAt).toISOString().slice(0, 19).replace('T', ' '),
        endedAt === null ? '–' : duration(endedAt - startedAt),
      ])
      for (const line of table(['run', 'notebook', 'state', 'began (UTC)', 'took'], rows))
        deps.terminal.out(line)
    }),
  )
}
