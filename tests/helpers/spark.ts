/** Notebooks run by the product's own runner, in its own Python environment. */
import { join, resolve } from 'node:path'
import { afterEvent } from '../../electron/features/notebookEvents.ts'
import { type NotebookEvent, runNotebook } from '../../electron/local/spark/notebookRun.ts'
import { prepareSpark } from '../../electron/local/spark/prepare.ts'
import type { NotebookRun } from '../../shared/contract/notebooks.ts'
import { cacheFolder, root } from './home.ts'

const scripts = join(root, 'resources', 'spark')

export interface NotebookOutcome {
  /** As the page shows it. */
  readonly run: NotebookRun
  /** Of all cells, in order, each row by the names of its columns. */
  readonly tables: readonly (readonly Readonly<Record<string, unknown>>[])[]
  /** What was printed. */
  readonly text: string
}

export interface NotebookToRun {
  /** Below the repository. */
  readonly file: string
  /** Keeps its tables. */
  readonly folder: string
  readonly widgets: Readonly<Record<string, string>>
  /** Of an environment other than the product's: its `requirements.txt` lies in this folder of the repository. */
  readonly requirements?: string
}

/** To its end, also where it fails. */
export async function notebook({ file, widgets, ...place }: NotebookToRun): Promise<NotebookOutcome> {
  return outcomeOf(await eventsOf(resolve(root, file), widgets, place))
}

/** On one Spark, one after the other, each to its end: a start of Spark takes longer than most of them. */
export async function notebooks(
  asked: readonly Pick<NotebookToRun, 'file' | 'widgets'>[],
  place: Omit<NotebookToRun, 'file' | 'widgets'>,
): Promise<NotebookOutcome[]> {
  const list = asked.map(({ file, widgets }) => ({ file: resolve(root, file), widgets }))
  const each = join(root, 'tests', 'notebooks', 'each.py')
  const events = await eventsOf(each, { notebooks: JSON.stringify(list) }, place)
  const starts = events.flatMap(({ type }, at) => (type === 'cells' ? [at] : [])).slice(1)
  if (starts.length !== asked.length) throw new Error(`each.py failed: ${JSON.stringify(events.at(-2))}`)
  return starts.map((from, nth) => outcomeOf(events.slice(from, starts[nth + 1])))
}

async function eventsOf(
  file: string,
  widgets: Readonly<Record<string, string>>,
  { folder, requirements }: Pick<NotebookToRun, 'folder' | 'requirements'>,
): Promise<NotebookEvent[]> {
  const signal = AbortSignal.timeout(1_800_000)
  const programs = await prepareSpark({
    ...{ scripts, cache: cacheFolder, javaHome: '', network: {}, signal, progress: () => {} },
    ...(requirements !== undefined && { requirements: join(root, requirements) }),
  })
  const program = { ...programs, scripts, notebook: file, widgets, folder }
  const ivy = join(cacheFolder, 'spark', 'delta')
  const events: NotebookEvent[] = []
  const { said } = await runNotebook(
    { ...program, ivy, delta: false, kinesis: '' },
    (event) => events.push(event),
    signal,
  )
  if (events.at(-1)?.type !== 'end') throw new Error(`Spark died: ${said.join('\n')}`)
  return events
}

function outcomeOf(events: readonly NotebookEvent[]): NotebookOutcome {
  const first: NotebookRun = {
    ...{
      runId: 'test',
      pipeline: 'test',
      notebook: 'batch',
      state: 'preparing',
      startedAt: 0,
      endedAt: null,
    },
    ...{ progress: null, spark: null, cells: [], problem: null, answers: null },
  }
  const run = events.reduce(afterEvent, first)
  const outputs = run.cells.flatMap(({ output }) => output)
  return {
    run,
    text: outputs.map((output) => (output.kind === 'text' ? output.text : '')).join(''),
    tables: outputs.flatMap((output) =>
      output.kind === 'table'
        ? [
            output.rows.map((row) =>
              Object.fromEntries(row.map((value, at) => [output.columns[at]?.name ?? '', value])),
            ),
          ]
        : [],
    ),
  }
}

/** Throws where it failed. */
export async function goodNotebook(asked: NotebookToRun): Promise<NotebookOutcome> {
  const outcome = await notebook(asked)
  if (outcome.run.problem !== null) throw new Error(outcome.run.problem.message)
  return outcome
}
