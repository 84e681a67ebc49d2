/** Which pipeline the page shows, and the streams of it that several pages read. */
import { createContext, useContext } from 'react'
import type { Activity } from '../../shared/contract/app.ts'
import type { Overview } from '../../shared/contract/local.ts'
import type { PlanState } from '../../shared/contract/plan.ts'
import type { Pipeline } from '../../shared/contract/settings.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { client } from './client.ts'
import { type Live, useLive } from './live.ts'

const PipelineContext = createContext<Pipeline | null>(null)
export const PipelineProvider = PipelineContext.Provider

/** The pipeline in use. Pages are drawn only once it is known. */
export function usePipeline(): Pipeline {
  const pipeline = useContext(PipelineContext)
  if (pipeline === null) throw new Error('usePipeline outside of a page')
  return pipeline
}

export function useOverview(pipeline: string): Live<Overview> {
  return useLive(`overview ${pipeline}`, (signal) => client.overview.watch({ pipeline }, { signal }))
}

export function usePlan(pipeline: string): Live<PlanState> {
  return useLive(`plan ${pipeline}`, (signal) => client.plan.watch({ pipeline, plan: 'local' }, { signal }))
}

/** Null shows nothing. */
export function useRun(pipeline: string, runId: string | null): Live<RunSnapshot> {
  return useLive(runId === null ? null : `run ${pipeline} ${runId}`, (signal) =>
    client.emulation.watch({ pipeline, runId: runId ?? '' }, { signal }),
  )
}

/** As many as the page keeps; the back end keeps no more either. */
const activityKept = 5_000

/** Newest last. The stream brings what is there, then only what is new. */
export function useActivity(): Live<readonly Activity[]> {
  return useLive('activity', (signal) => gathered(signal))
}

async function gathered(signal: AbortSignal): Promise<AsyncIterable<readonly Activity[]>> {
  const batches = await client.app.activity.watch(undefined, { signal })
  return (async function* () {
    let all: readonly Activity[] = []
    for await (const batch of batches) {
      all = [...all, ...batch].slice(-activityKept)
      yield all
    }
  })()
}
