/** Notebooks run by the product's own runner, in its own Python environment. */
import { join } from 'node:path'
import { findJava } from '../../electron/local/java/find.ts'
import { pythonEnvironment } from '../../electron/local/python/environment.ts'
import { type NotebookEvent, runNotebook } from '../../electron/local/spark/notebookRun.ts'
import { sparkPurpose } from '../../electron/local/spark/purpose.ts'
import { cacheFolder, root } from './home.ts'

const scripts = join(root, 'resources', 'spark')

export interface NotebookOutcome {
  readonly events: readonly NotebookEvent[]
  /** Of all cells, in order, each row by the names of its columns. */
  readonly tables: readonly (readonly Readonly<Record<string, unknown>>[])[]
}

/** Throws where the notebook failed. `folder` keeps its tables. */
export async function notebook(
  file: string,
  folder: string,
  widgets: Readonly<Record<string, string>>,
): Promise<NotebookOutcome> {
  const signal = AbortSignal.timeout(1_800_000)
  const python = await pythonEnvironment(sparkPurpose(scripts), {
    cache: cacheFolder,
    network: {},
    signal,
    progress: () => {},
  })
  const java = (await findJava({ javaHome: '', cache: cacheFolder }, signal)).found
  if (java === null) throw new Error('no Java')
  const events: NotebookEvent[] = []
  const program = {
    ...{ python, java: java.program, scripts, notebook: join(root, file), widgets, folder },
    ...{ ivy: join(cacheFolder, 'spark', 'jars'), delta: false, kinesis: '' },
  }
  const { said } = await runNotebook(program, (event) => events.push(event), signal)
  const end = events.at(-1)
  const failed = events.find((event) => event.type === 'failed')
  if (end?.type !== 'end' || !end.ok) throw new Error(failed?.message ?? said.join('\n'))
  const tables = events.flatMap((event) =>
    event.type === 'table'
      ? [
          event.rows.map((row) =>
            Object.fromEntries(row.map((value, at) => [event.columns[at]?.name ?? '', value])),
          ),
        ]
      : [],
  )
  return { events, tables }
}
