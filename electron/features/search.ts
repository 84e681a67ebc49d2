/** Searches of the contract: each in its own thread, gone with its reader. */
import { join } from 'node:path'
import type { Analysis, AnalysisInput } from '../../shared/contract/analysis.ts'
import type { SavedFilter, SearchEvent, SearchInput } from '../../shared/contract/search.ts'
import { isLong } from '../../shared/ends.ts'
import { AppError } from '../../shared/errors.ts'
import type { Folders } from '../platform.ts'
import { compile } from '../search/matcher.ts'
import { startAnalysis, startSearch } from '../search/start.ts'
import type { ActivityLog } from './deps.ts'
import type { OpenedWay } from './endpoints.ts'
import type { NamedItems } from './namedItems.ts'
import { api } from './rpc.ts'
import { neverAborted, told } from './told.ts'

/** A summary of a topic, in its own thread too. */
export function analysisFeature(deps: Omit<SearchDeps, 'saved'> & { readonly activity: ActivityLog }) {
  const workerFile = join(deps.folders.entries, 'searchWorker.mjs')
  async function* run({ pipeline, ...input }: AnalysisInput, signal: AbortSignal): AsyncGenerator<Analysis> {
    compile(input.filter)
    const { way, secrets, live } = await wayOf(deps, pipeline)
    const start = { init: { mode: 'analyse' as const, ...way, input }, secrets, live }
    const began = Date.now()
    for await (const now of startAnalysis(workerFile, start, signal)) {
      if (now.done !== null) noteEnd({ pipeline, topic: input.topic, now, tookMs: Date.now() - began })
      yield now
    }
  }
  /** A short one is looked at, not read about. */
  const noteEnd = ({ pipeline, topic, now, tookMs }: AnalysisEnd) => {
    const ended = { path: `topics/${encodeURIComponent(topic)}`, tookMs }
    if (now.done === null || !isLong(ended)) return
    deps.activity.add({
      level: now.done === 'failed' ? 'bad' : 'good',
      area: 'topics',
      pipeline,
      text: `Analysis of ${topic} ${now.done === 'failed' ? 'failed' : 'ended'}: ${now.messages} messages`,
      hint: now.problem?.hint ?? null,
      ended,
    })
  }
  return api.analysis.router({
    run: api.analysis.run.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(run(input, signal), signal)
    }),
  })
}

interface AnalysisEnd {
  readonly pipeline: string
  readonly topic: string
  readonly now: Analysis
  readonly tookMs: number
}

export interface SearchDeps {
  readonly folders: Pick<Folders, 'entries'>
  readonly saved: NamedItems<SavedFilter>
  /** How the pipeline's brokers are reached; null while there are none. */
  kafkaWay(pipeline: string): Promise<OpenedWay | null>
}

export function searchFeature(deps: SearchDeps) {
  const workerFile = join(deps.folders.entries, 'searchWorker.mjs')

  async function* run({ pipeline, ...input }: SearchInput, signal: AbortSignal): AsyncGenerator<SearchEvent> {
    // Refused at once, not from within the thread.
    compile(input.filter)
    const { way, secrets, live } = await wayOf(deps, pipeline)
    yield* startSearch(workerFile, { init: { mode: 'search', ...way, input }, secrets, live }, signal)
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

async function wayOf(deps: Pick<SearchDeps, 'kafkaWay'>, pipeline: string): Promise<OpenedWay> {
  const opened = await deps.kafkaWay(pipeline)
  if (opened === null) throw notRunning()
  return opened
}

function notRunning(): AppError {
  return new AppError({
    code: 'ENDPOINT_MISSING',
    message: 'Kafka is not running, so there is nothing to search.',
    hint: 'Start the pipeline first.',
    field: 'pipeline',
  })
}
