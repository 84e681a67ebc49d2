/** Searches of the contract: each in its own thread, gone with its reader. */
import { join } from 'node:path'
import type { Analysis, AnalysisInput } from '../../shared/contract/analysis.ts'
import type { SavedFilter, SearchEvent, SearchInput } from '../../shared/contract/search.ts'
import { AppError } from '../../shared/errors.ts'
import type { Folders } from '../platform.ts'
import { compile } from '../search/matcher.ts'
import { startAnalysis, startSearch } from '../search/start.ts'
import type { NamedItems } from './namedItems.ts'
import { api } from './rpc.ts'
import { neverAborted, told } from './told.ts'

/** A summary of a topic, in its own thread too. */
export function analysisFeature(deps: Omit<SearchDeps, 'saved'>) {
  const workerFile = join(deps.folders.entries, 'searchWorker.mjs')
  async function* run({ pipeline, ...input }: AnalysisInput, signal: AbortSignal): AsyncGenerator<Analysis> {
    compile(input.filter)
    const bootstrap = deps.bootstrap(pipeline)
    if (bootstrap === null) throw notRunning()
    yield* startAnalysis(workerFile, { mode: 'analyse', bootstrap, input }, signal)
  }
  return api.analysis.router({
    run: api.analysis.run.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(run(input, signal), signal)
    }),
  })
}

export interface SearchDeps {
  readonly folders: Pick<Folders, 'entries'>
  readonly saved: NamedItems<SavedFilter>
  /** `host:port` of the pipeline's brokers; null while there are none. */
  bootstrap(pipeline: string): string[] | null
}

export function searchFeature(deps: SearchDeps) {
  const workerFile = join(deps.folders.entries, 'searchWorker.mjs')

  async function* run({ pipeline, ...input }: SearchInput, signal: AbortSignal): AsyncGenerator<SearchEvent> {
    // Refused at once, not from within the thread.
    compile(input.filter)
    const bootstrap = deps.bootstrap(pipeline)
    if (bootstrap === null) throw notRunning()
    yield* startSearch(workerFile, { mode: 'search', bootstrap, input }, signal)
  }

  const s = api.search
  return s.router({
    run: s.run.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(run(input, signal), signal)
    }),
    saved: s.saved.handler(() => deps.saved.list()),
    save: s.save.handler(async ({ input }) => {
      compile(input.filter)
      return deps.saved.save(input)
    }),
    forget: s.forget.handler(({ input }) => deps.saved.forget(input.name)),
    check: s.check.handler(({ input }) => {
      compile(input.filter)
      return { ok: true }
    }),
  })
}

function notRunning(): AppError {
  return new AppError({
    code: 'ENDPOINT_MISSING',
    message: 'Kafka is not running, so there is nothing to search.',
    hint: 'Start the pipeline first.',
    field: 'pipeline',
  })
}
