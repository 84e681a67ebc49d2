/** The runs of notebooks, as they are kept: one file each in the pipeline's folder. */
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type NotebookRun, type NotebookRunHead, notebookRunSchema } from '../../shared/contract/notebooks.ts'
import { AppError } from '../../shared/errors.ts'
import { readJsonFile, writeJsonFile } from '../lib/jsonFile.ts'

/** Those that are at work in this process. */
export interface LiveRuns {
  run(runId: string): NotebookRun | null
  of(pipeline: string): NotebookRun | null
}

const format = { schema: notebookRunSchema, version: 1 }
const suffix = '.json'

export const isOver = ({ state }: Pick<NotebookRun, 'state'>) => state !== 'preparing' && state !== 'running'
export const headOf = ({ cells: _, answers: __, ...head }: NotebookRun): NotebookRunHead => head

/** `folderOf`: a pipeline's. */
export function notebookRuns(folderOf: (pipeline: string) => string, live: LiveRuns) {
  const runsOf = (id: string) => join(folderOf(id), 'notebooks', 'runs')
  const fileOf = (id: string, runId: string) => join(runsOf(id), `${runId}${suffix}`)
  const idsOf = async (id: string): Promise<string[]> => {
    const names = await readdir(runsOf(id)).catch(() => [])
    return names.flatMap((name) => (name.endsWith(suffix) ? [name.slice(0, -suffix.length)] : []))
  }

  const keep = async (run: NotebookRun): Promise<void> => {
    await mkdir(runsOf(run.pipeline), { recursive: true })
    await writeJsonFile(fileOf(run.pipeline, run.runId), { version: 1, ...run })
  }
  /** Of a run that nobody carries any more, though its file says that it runs: the app ended in the middle. */
  const read = async (id: string, runId: string): Promise<NotebookRun | null> => {
    const working = live.run(runId)
    if (working !== null) return working
    const { value } = await readJsonFile(fileOf(id, runId), format)
    if (value === null) return null
    return isOver(value) ? value : { ...value, state: 'interrupted', progress: null }
  }
  /** Rejects with AppError NOTEBOOK_RUN_UNKNOWN. */
  const find = async (id: string, runId: string): Promise<NotebookRun> => {
    const found = await read(id, runId)
    if (found !== null && found.pipeline === id) return found
    throw new AppError({
      code: 'NOTEBOOK_RUN_UNKNOWN',
      message: `There is no such run of a notebook: ${runId}`,
      hint: 'Look at the list of runs.',
      field: 'runId',
    })
  }
  /** Newest first. */
  const all = async (id: string): Promise<NotebookRun[]> => {
    const found = await Promise.all((await idsOf(id)).map((runId) => read(id, runId)))
    return found.filter((run) => run !== null).sort((a, b) => b.startedAt - a.startedAt)
  }

  /** Looked for once a second by the overview: the file is only read where another one is the newest. */
  const newest = new Map<string, NotebookRunHead>()
  const latest = async (id: string): Promise<NotebookRunHead | null> => {
    const working = live.of(id)
    if (working !== null) return headOf(working)
    // Their names begin with the time.
    const runId = (await idsOf(id)).sort().at(-1)
    if (runId === undefined) return null
    const known = newest.get(id)
    if (known?.runId === runId) return known
    const run = await read(id, runId)
    if (run === null) return null
    newest.set(id, headOf(run))
    return headOf(run)
  }

  return { keep, read, find, all, latest }
}
