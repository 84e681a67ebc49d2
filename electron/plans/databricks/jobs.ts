/** The steps that make the pipeline's jobs, and bring them in line: what a person added to one stays. */
import { isDeepStrictEqual } from 'node:util'
import { ownNames } from '../../../shared/notebooks.ts'
import {
  createJob,
  deleteJob,
  type JobSchedule,
  type JobSettings,
  type JobTask,
  updateJob,
} from '../../clients/databricks/jobs.ts'
import { volumeFolder } from '../../clients/databricks/volumes.ts'
import { absent, drifted, notNeeded, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import { type DatabricksDeps, needsScope } from './deps.ts'
import { idThing, jobName, jobSteps, markTag, type OwnJobId, ownJobs } from './ownJob.ts'

type Outputs = StepContext['outputs']

/** A cluster that has ended takes 3 to 7 minutes to start, and the batch some more (F-72), seconds. */
const timeoutSeconds = 3_600

interface Kind {
  readonly job: OwnJobId
  readonly title: string
  readonly needs: readonly string[]
  isWanted(deps: DatabricksDeps): boolean
  tasks(deps: DatabricksDeps, outputs: Outputs): JobTask[]
}

const batch: Kind = {
  job: 'batch',
  title: 'Job: clean, then batch',
  needs: ['workspace', 'compute', 'notebooks', 'lake', 'scope'],
  isWanted: () => true,
  tasks(deps, outputs) {
    const { userId, topics, settings } = deps.wanted()
    const { folder = '', scope = '' } = outputs.workspace ?? {}
    const keys = settings.lake.place === 'keys' || settings.lake.place === 'mount'
    const on = { clusterId: outputs.compute?.clusterId ?? null, otherwise: false, timeoutSeconds }
    const parameters = {
      user_id: userId,
      ...ownNames('topic', topics),
      lake: outputs.lake?.lake ?? '',
      secret_scope: keys ? scope : '',
      mount_bucket: settings.lake.place === 'mount' ? settings.lake.bucket : '',
    }
    return [
      { key: 'batch', after: ['clean'], notebook: `${folder}/batch`, parameters, ...on },
      { key: 'clean', after: [], notebook: `${folder}/clean`, parameters: {}, ...on },
    ]
  },
}

const streaming: Kind = {
  job: 'streaming',
  title: 'Job: the streams',
  needs: ['workspace', 'compute', 'notebooks', 'volume', 'scope'],
  isWanted: (deps) => deps.wanted().settings.streams,
  tasks(deps, outputs) {
    const wanted = deps.wanted()
    const { folder = '', scope = '', volume = '' } = outputs.workspace ?? {}
    const { serviceCredential } = wanted.settings
    const place = volume === '' ? `dbfs:/pipeline-control/${deps.mark}` : volumeFolder(volume)
    const parameters = {
      user_id: wanted.userId,
      ...ownNames('stream', wanted.streams),
      region: wanted.region,
      service_credential: serviceCredential,
      secret_scope: serviceCredential === '' && needsScope(wanted) ? scope : '',
      checkpoints: `${place}/checkpoints`,
      schema: volume === '' ? 'default' : volume.split('.').slice(0, 2).join('.'),
    }
    const on = { clusterId: outputs.compute?.clusterId ?? null, otherwise: false, timeoutSeconds }
    return [{ key: 'streaming', after: [], notebook: `${folder}/streaming`, parameters, ...on }]
  },
}

/** Shown before they are applied, as a person reads it. */
const text = (settings: unknown) => JSON.stringify(settings, null, 2)

function jobStep(deps: DatabricksDeps, kind: Kind): Step {
  const wantedJob = (outputs: Outputs): JobSettings => {
    const { owner, settings } = deps.wanted()
    const { schedule, timezone } = settings
    return {
      name: jobName(owner, kind.job),
      tags: { 'pipeline-owner': owner, [markTag]: deps.mark },
      tasks: kind.tasks(deps, outputs),
      schedule: schedule === '' ? null : { cron: schedule, timezone, paused: false },
    }
  }
  const find = async (signal: AbortSignal) =>
    ownJobs(await deps.workspace(), kind.job, { ...deps, owner: deps.wanted().owner }, signal)
  const takeBack = async (context: StepContext, signal: AbortSignal) => {
    const workspace = await deps.workspace()
    for (const { id } of await find(signal)) await deleteJob(workspace, id, signal)
    for (const thing of deps.ledger.things(jobSteps[kind.job])) await context.disown(thing)
  }
  return {
    id: jobSteps[kind.job],
    title: kind.title,
    needs: kind.needs,
    cost: 'Databricks bills compute while it runs',
    async check({ outputs, owns }, signal) {
      const [found, second] = await find(signal)
      if (!kind.isWanted(deps))
        return found === undefined
          ? notNeeded('it was not asked for')
          : drifted(`${found.settings.name} (${found.id}) is there and no longer asked for`)
      const wanted = wantedJob(outputs)
      if (found === undefined)
        return { ...absent('the job is not there yet'), changes: [change(wanted, null)] }
      if (second !== undefined)
        return drifted(`there are several of it: ${found.id}, ${second.id}; the later ones are to be deleted`)
      const now = ours(found.settings, wanted, owns)
      if (!isDeepStrictEqual(now, wanted))
        return { ...drifted('the job is not as this pipeline needs it'), changes: [change(wanted, now)] }
      const on = wanted.tasks[0]?.clusterId ?? 'serverless'
      const at = wanted.schedule === null ? 'run by hand or by Airflow' : `at ${wanted.schedule.cron}`
      return present(`${wanted.name} (${found.id}) on ${on}, ${at}`, { jobId: found.id })
    },
    async apply(context, signal) {
      const workspace = await deps.workspace()
      const [found, ...others] = await find(signal)
      if (!kind.isWanted(deps)) return takeBack(context, signal)
      const wanted = wantedJob(context.outputs)
      await context.own(wanted.name)
      for (const { id } of others) await deleteJob(workspace, id, signal)
      const there = found?.settings.schedule ?? null
      const dropSchedule = wanted.schedule === null && there !== null && context.owns(scheduleThing(there))
      if (wanted.schedule !== null) await context.own(scheduleThing(wanted.schedule))
      if (found === undefined) {
        const id = await createJob(workspace, wanted, signal)
        await context.own(idThing(id))
        context.log(`Made the job ${id}`)
      } else {
        await context.own(idThing(found.id))
        // Paused by a person, it stays paused; their name and tags stay too.
        const schedule =
          wanted.schedule === null ? null : { ...wanted.schedule, paused: there?.paused === true }
        const { name, tags: theirs } = found.settings
        const kept = { ...wanted, name, tags: { ...theirs, ...wanted.tags }, schedule }
        await updateJob(workspace, found.id, kept, dropSchedule, signal)
        context.log(`Brought the job ${found.id} in line`)
      }
      for (const thing of deps.ledger.things(jobSteps[kind.job]))
        if (
          thing.startsWith('schedule ') &&
          (wanted.schedule === null || thing !== scheduleThing(wanted.schedule))
        )
          await context.disown(thing)
    },
    undo: takeBack,
  }
}

const scheduleThing = ({ cron }: JobSchedule): string => `schedule ${cron}`

/** What is ours of a job: a person may have added tasks, tags, a schedule, and paused ours. */
function ours(now: JobSettings, wanted: JobSettings, owns: StepContext['owns']): JobSettings {
  const keys = new Set(wanted.tasks.map(({ key }) => key))
  const theirs = wanted.schedule === null && now.schedule !== null && !owns(scheduleThing(now.schedule))
  const schedule = theirs ? null : now.schedule
  return {
    // A person may call it otherwise.
    name: wanted.name,
    tags: Object.fromEntries(Object.entries(now.tags).filter(([name]) => name in wanted.tags)),
    tasks: now.tasks.filter(({ key }) => keys.has(key)),
    schedule: schedule === null || wanted.schedule === null ? schedule : { ...schedule, paused: false },
  }
}

const change = (wanted: JobSettings, now: JobSettings | null) => ({
  target: wanted.name,
  before: now === null ? '' : text(now),
  after: text(wanted),
})

export const batchJobStep = (deps: DatabricksDeps): Step => jobStep(deps, batch)
export const streamsJobStep = (deps: DatabricksDeps): Step => jobStep(deps, streaming)
