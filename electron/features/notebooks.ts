/** The contract's branch `notebooks`: notebooks run on this computer over a pipeline's lake and streams. */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NotebookRun, NotebookRunHead } from '../../shared/contract/notebooks.ts'
import type { Pipeline } from '../../shared/contract/settings.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { type NotebookId, notebookTexts, ownNames } from '../../shared/notebooks.ts'
import { type Broadcast, broadcast } from '../lib/broadcast.ts'
import { networkOf } from '../lib/network.ts'
import { newRunId } from '../lib/runId.ts'
import { isNotebook, toJupyter } from '../local/spark/ipynb.ts'
import { type NotebookEvent, runNotebook } from '../local/spark/notebookRun.ts'
import { prepareSpark } from '../local/spark/prepare.ts'
import type { LocalStack } from '../local/stack.ts'
import type { Folders } from '../platform.ts'
import type { ActivityLog, Pipelines, SettingsStore } from './deps.ts'
import { lakeReady } from './lakeReady.ts'
import { afterEvent } from './notebookEvents.ts'
import { headOf, isOver, notebookRuns } from './notebookRuns.ts'
import { api } from './rpc.ts'

export interface NotebooksDeps {
  readonly folders: Folders
  readonly settings: SettingsStore
  readonly pipelines: Pipelines
  readonly activity: ActivityLog
  stack(pipeline: string): LocalStack
  /** Of the local Kinesis; null where it does not run. */
  kinesis(pipeline: string): string | null
}

interface Live {
  readonly state: Broadcast<NotebookRun>
  readonly control: AbortController
  readonly over: Promise<void>
}

const hasAnswers = ({ state, answers }: NotebookRun) => state === 'done' && answers !== null

export function notebooksFeature(deps: NotebooksDeps) {
  const { folders, settings, pipelines, activity } = deps
  const { notebooks } = api
  const live = new Map<string, Live>()
  const scripts = join(folders.resources, 'spark')
  const sources = join(folders.resources, '..', 'notebooks')

  const runs = notebookRuns((id) => pipelines.get(id).folder, {
    run: (runId) => live.get(runId)?.state.get() ?? null,
    of: (id) => workingOf(id)?.state.get() ?? null,
  })
  const workingOf = (id: string): Live | undefined =>
    [...live.values()].find(({ state }) => state.get().pipeline === id)

  const work = async (run: Live, pipeline: Pipeline, notebook: NotebookId): Promise<void> => {
    const { state, control } = run
    const { signal } = control
    const set = (change: Partial<NotebookRun>) => state.set({ ...state.get(), ...change })
    const progress = (text: string) => set({ progress: { fraction: null, text } })
    const { cache } = folders
    const network = await networkOf(settings.get())
    const { javaHome } = settings.get()
    const programs = await prepareSpark({ scripts, cache, javaHome, network, signal, progress })
    const home = join(pipeline.folder, 'notebooks')
    await mkdir(home, { recursive: true })
    const streaming = notebook === 'streaming'
    if (!streaming) await lakeReady(deps.stack(pipeline.id), signal, progress)
    progress('Spark starts')
    const onEvent = (event: NotebookEvent) => state.set(afterEvent(state.get(), event))
    const { userId, topics, streams } = pipeline.settings
    const widgets = {
      user_id: userId,
      ...(streaming
        ? { checkpoints: join(home, 'checkpoints'), ...ownNames('stream', streams.names) }
        : { lake: join(pipeline.folder, 'lake', 'topics'), ...ownNames('topic', topics.names) }),
    }
    const { ended, said } = await runNotebook(
      {
        ...programs,
        scripts,
        notebook: join(sources, `${notebook}.py`),
        widgets,
        folder: home,
        ivy: join(cache, 'spark', 'delta'),
        delta: streaming,
        kinesis: deps.kinesis(pipeline.id) ?? '',
      },
      onEvent,
      signal,
    )
    signal.throwIfAborted()
    if (!ended) throw died(said)
    const { problem } = state.get()
    set({ state: problem === null ? 'done' : 'failed' })
  }

  const start = async (id: string, notebook: NotebookId): Promise<NotebookRunHead> => {
    const pipeline = pipelines.get(id)
    if (pipeline.settings.kind !== 'local') throw notHere(pipeline.settings.name)
    const working = workingOf(id)
    if (working !== undefined) throw busy(working.state.get().runId)
    if (notebook === 'streaming' && deps.kinesis(id) === null) throw noStreams()
    const startedAt = Date.now()
    const first: NotebookRun = {
      runId: newRunId(startedAt),
      pipeline: id,
      notebook,
      state: 'preparing',
      startedAt,
      endedAt: null,
      progress: { fraction: null, text: 'begins' },
      spark: null,
      cells: [],
      problem: null,
      answers: null,
    }
    await runs.keep(first)
    const state = broadcast(first)
    const control = new AbortController()
    const over = Promise.withResolvers<void>()
    const run: Live = { state, control, over: over.promise }
    live.set(first.runId, run)
    void work(run, pipeline, notebook)
      .catch((thrown) => {
        const cancelled = control.signal.aborted
        const problem = cancelled ? null : { ...toErrorDetail(thrown) }
        state.set({ ...state.get(), state: cancelled ? 'cancelled' : 'failed', problem })
      })
      .then(async () => {
        state.set({ ...state.get(), endedAt: Date.now(), progress: null })
        await runs.keep(state.get())
        told(state.get())
      })
      .finally(() => {
        live.delete(first.runId)
        over.resolve()
      })
    return headOf(first)
  }

  const told = ({ pipeline, notebook, state, problem, startedAt, endedAt }: NotebookRun) =>
    activity.add({
      level: state === 'done' ? 'good' : state === 'failed' ? 'bad' : 'warn',
      area: 'notebooks',
      pipeline,
      text: `${notebookTexts[notebook].title}: ${state}${problem === null ? '' : `, ${problem.message.split('\n')[0]}`}`,
      hint: problem?.hint ?? null,
      ended: { path: 'notebooks', tookMs: (endedAt ?? Date.now()) - startedAt },
    })

  const router = notebooks.router({
    list: notebooks.list.handler(async ({ input }) =>
      (await runs.all(pipelines.get(input.pipeline).id)).map(headOf),
    ),
    get: notebooks.get.handler(({ input }) => runs.find(input.pipeline, input.runId)),
    start: notebooks.start.handler(({ input }) => start(input.pipeline, input.notebook)),
    cancel: notebooks.cancel.handler(async ({ input: { pipeline, runId } }) => {
      const run = await runs.find(pipeline, runId)
      const running = live.get(runId)
      running?.control.abort()
      await running?.over
      return headOf(running?.state.get() ?? run)
    }),
    files: notebooks.files.handler(async ({ input: { format: wanted } }) => {
      const names = (await readdir(sources)).filter((name) => name.endsWith('.py')).sort()
      const all = await Promise.all(
        names.map(async (name) => ({ name, text: await readFile(join(sources, name), 'utf8') })),
      )
      // The DAG lies beside them, and is given out with its settings filled in.
      return all
        .filter(({ text }) => isNotebook(text))
        .map(({ name, text }) =>
          wanted === 'source'
            ? { name, text }
            : { name: name.replace(/\.py$/, '.ipynb'), text: toJupyter(text) },
        )
    }),
    watch: notebooks.watch.handler(async function* ({ input: { pipeline, runId }, signal }) {
      const run = await runs.find(pipeline, runId)
      const running = live.get(runId)
      if (running === undefined) {
        yield run
        return
      }
      for await (const now of running.state.watch(signal)) {
        yield now
        if (isOver(now) && now.endedAt !== null) return
      }
    }),
  })
  return {
    router,
    latest: runs.latest,
    /** The runs that came to their end with answers, newest first. */
    answered: async (id: string) => (await runs.all(id)).filter(hasAnswers),
    /** One of them; null where there is no such run, or it has none. */
    async answeredBy(id: string, runId: string): Promise<NotebookRun | null> {
      const run = await runs.read(id, runId)
      return run !== null && hasAnswers(run) ? run : null
    },
    /** Ends what runs and waits for it. */
    async stopAll() {
      const all = [...live.values()]
      for (const { control } of all) control.abort()
      await Promise.all(all.map(({ over }) => over))
    },
  }
}

const noStreams = () =>
  new AppError({
    code: 'NOTEBOOK_NO_STREAMS',
    message: 'The Kinesis of this computer does not run.',
    hint: 'Start the local stack on the page Set-up, or: pipeline local up.',
  })

const notHere = (name: string) =>
  new AppError({
    code: 'NOTEBOOK_NO_LAKE',
    message: `This pipeline has no lake on this computer: ${name}`,
    hint: 'Choose a pipeline of this computer, or run the notebooks in Databricks.',
    field: 'pipeline',
  })

const busy = (runId: string) =>
  new AppError({
    code: 'NOTEBOOK_BUSY',
    message: `A notebook of this pipeline is at work already: ${runId}`,
    hint: 'Wait for it, or cancel it.',
  })

const died = (said: readonly string[]) =>
  new AppError({
    code: 'NOTEBOOK_DIED',
    message: `Spark ended before the notebook did: ${said.findLast((line) => line.trim() !== '') ?? 'it said nothing'}`,
    hint: 'Often it ran out of memory: Spark’s Java alone takes up to 0.9 GiB. End what else runs and try again.',
  })
