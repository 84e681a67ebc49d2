/** Which pipeline the page shows, and the streams of it that several pages read. */
import { createContext, useContext } from 'react'
import type { Activity } from '../../shared/contract/app.ts'
import type { IncidentState } from '../../shared/contract/incidents.ts'
import type { Overview } from '../../shared/contract/local.ts'
import type { PlanId, PlanState } from '../../shared/contract/plan.ts'
import type { Pipeline } from '../../shared/contract/settings.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { client } from './client.ts'
import { noteRates } from './history.ts'
import { type Live, useLive } from './live.ts'
import { noteRun } from './runPoints.ts'

const PipelineContext = createContext<Pipeline | null>(null)
export const PipelineProvider = PipelineContext.Provider

/** The pipeline in use. Pages are drawn only once it is known. */
export function usePipeline(): Pipeline {
  const pipeline = useContext(PipelineContext)
  if (pipeline === null) throw new Error('usePipeline outside of a page')
  return pipeline
}

/** The header reads it on every page, so the rates are noted all the time. */
export function useOverview(pipeline: string): Live<Overview> {
  return useLive(`overview ${pipeline}`, async (signal) => noted(pipeline, signal))
}

async function* noted(pipeline: string, signal: AbortSignal): AsyncGenerator<Overview, void, void> {
  for await (const overview of await client.overview.watch({ pipeline }, { signal })) {
    noteRates(pipeline, overview)
    yield overview
  }
}

/** The incident that is on, and the one before; nothing where the pipeline runs elsewhere. */
export function useIncident(pipeline: string): Live<IncidentState> {
  return useLive(`incidents ${pipeline}`, (signal) => client.incidents.watch({ pipeline }, { signal }))
}

export function usePlan(pipeline: string, plan: PlanId): Live<PlanState> {
  return useLive(`plan ${plan} ${pipeline}`, (signal) => client.plan.watch({ pipeline, plan }, { signal }))
}

/** Null shows nothing. A run's stream ends with the run; a new `round` opens it again, as reading back does. */
export function useRun(pipeline: string, runId: string | null, round = 0): Live<RunSnapshot> {
  return useLive(runId === null ? null : `run ${pipeline} ${runId} ${round}`, async (signal) =>
    notedRun(pipeline, runId ?? '', signal),
  )
}

async function* notedRun(
  pipeline: string,
  runId: string,
  signal: AbortSignal,
): AsyncGenerator<RunSnapshot, void, void> {
  for await (const snapshot of await client.emulation.watch({ pipeline, runId }, { signal })) {
    noteRun(snapshot)
    yield snapshot
  }
}

/** As many as the page keeps; the back end keeps no more either. */
const activityKept = 5_000

/** Newest last. */
export function useActivity(): Live<readonly Activity[]> {
  return useLive('activity', async (signal) => gathered(signal))
}

/** The list comes first: the stream says nothing where nothing has happened so far, and begins with what is there. */
async function* gathered(signal: AbortSignal): AsyncGenerator<readonly Activity[], void, void> {
  let all: readonly Activity[] = await client.app.activity.list({ limit: activityKept }, { signal })
  yield all
  for await (const batch of await client.app.activity.watch(undefined, { signal })) {
    const last = all.at(-1)?.id ?? 0
    const fresh = batch.filter(({ id }) => id > last)
    if (fresh.length === 0) continue
    all = [...all, ...fresh].slice(-activityKept)
    yield all
  }
}
