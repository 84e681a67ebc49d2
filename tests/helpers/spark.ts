/** Notebooks run by the product's own runner, in its own Python environment. */
import { join, resolve } from 'node:path'
import { afterEvent } from '../../electron/features/notebookEvents.ts'
import { findJava } from '../../electron/local/java/find.ts'
import { pythonEnvironment } from '../../electron/local/python/environment.ts'
import { type NotebookEvent, runNotebook } from '../../electron/local/spark/notebookRun.ts'
import { sparkPurpose } from '../../electron/local/spark/purpose.ts'
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
export async function notebook({
  file,
  folder,
  widgets,
  requirements,
}: NotebookToRun): Promise<NotebookOutcome> {
  const signal = AbortSignal.timeout(1_800_000)
  const python = await pythonEnvironment(
    sparkPurpose(requirements === undefined ? scripts : join(root, requirements)),
    {
      cache: cacheFolder,
      network: {},
      signal,
      progress: () => {},
    },
  )
  const java = (await findJava({ javaHome: '', cache: cacheFolder }, signal)).found
  if (java === null) throw new Error('no Java')
  let run: NotebookRun = {
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
  let last: NotebookEvent | undefined
  const program = {
    ...{ python, java: java.program, scripts, notebook: resolve(root, file), widgets, folder },
    ...{ ivy: join(cacheFolder, 'spark', 'jars'), delta: false, kinesis: '' },
  }
  const { said } = await runNotebook(
    program,
    (event) => {
      last = event
      run = afterEvent(run, event)
    },
    signal,
  )
  if (last?.type !== 'end') throw new Error(`Spark died: ${said.join('\n')}`)
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
