/** The contract's branch `incidents`: practised only on the pipeline of this computer, one at a time for each. */
import type { Problem } from '../../shared/contract/base.ts'
import type { RunningIncident } from '../../shared/contract/incidents.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { AppError } from '../../shared/errors.ts'
import { incidents } from '../../shared/incidents.ts'
import type { ActivityLog, Pipelines } from './deps.ts'
import { type IncidentRunner, incidentRunner } from './incidentRunner.ts'
import { api } from './rpc.ts'
import type { Stacks } from './stacks.ts'

export interface IncidentsDeps {
  readonly pipelines: Pipelines
  readonly stacks: Stacks
  latestRun(pipeline: string): RunSnapshot | null
  readonly activity: ActivityLog
}

/** Opens them, and clears away what an app that was killed left behind. */
export async function openIncidents({ pipelines, stacks, latestRun, activity }: IncidentsDeps) {
  const runners = new Map<string, IncidentRunner>()

  const unusable = (id: string): Problem | null => {
    const { settings } = pipelines.get(id)
    if (settings.kind === 'local') return null
    return {
      code: 'PIPELINE_NOT_LOCAL',
      message: `Incidents are practised on a pipeline of this computer only; this one runs elsewhere: ${settings.name}`,
      hint: 'Others may depend on it. Choose or make a pipeline of this computer.',
    }
  }
  const runnerOf = (id: string): IncidentRunner => {
    const known = runners.get(id)
    if (known !== undefined) return known
    const made = incidentRunner({
      stack: stacks.of(id),
      pipeline: () => pipelines.get(id),
      latestRun: () => latestRun(id),
      tell: (entry) => activity.add({ ...entry, area: 'incidents', pipeline: id }),
    })
    runners.set(id, made)
    return made
  }

  for (const { id, settings } of pipelines.list().items)
    if (settings.kind === 'local') await runnerOf(id).restore()

  const router = api.incidents.router({
    list: api.incidents.list.handler(({ input }) => ({
      incidents: [...incidents],
      unusable: unusable(input.pipeline),
    })),
    start: api.incidents.start.handler(({ input }) => {
      const problem = unusable(input.pipeline)
      if (problem !== null) throw new AppError(problem)
      return runnerOf(input.pipeline).start(input.options)
    }),
    end: api.incidents.end.handler(({ input }) => runnerOf(input.pipeline).end()),
    watch: api.incidents.watch.handler(({ input, signal }) => runnerOf(input.pipeline).watch(signal)),
  })
  return {
    router,
    /** The one that is on. */
    on: (id: string): RunningIncident | null => runners.get(id)?.get().on ?? null,
    close: async () => {
      await Promise.all([...runners.values()].map((runner) => runner.close()))
    },
  }
}
