/** A pipeline's jobs in its workspace: found by their mark, run, watched, cancelled and repaired. */
import { randomUUID } from 'node:crypto'
import type {
  DatabricksJob,
  DatabricksJobId,
  JobRun,
  JobRunDetail,
} from '../../../shared/contract/databricks.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Answers } from '../../../shared/notebooks.ts'
import type { Workspace } from '../../clients/databricks/http.ts'
import { type Job, runNow } from '../../clients/databricks/jobs.ts'
import { cancelRun, getRun, listRuns, repairRun } from '../../clients/databricks/runs.ts'
import { pause } from '../../lib/broadcast.ts'
import { until } from '../../lib/until.ts'
import { ownJobs } from '../../plans/databricks/ownJob.ts'
import type { ActivityLog } from '../deps.ts'
import type { WorkspaceLedgers } from './ledger.ts'
import { isOver, runAnswers, taskErrors } from './runDetail.ts'

export interface RunAnswersKept {
  readonly runId: string
  readonly url: string | null
  readonly at: number
  readonly answers: Answers
}

export interface DatabricksJobsDeps {
  workspace(pipeline: string): Promise<Workspace>
  ledgers(pipeline: string): Promise<WorkspaceLedgers>
  /** Its id among the pipeline's answers. */
  keepAnswers(pipeline: string, kept: RunAnswersKept): Promise<string>
  readonly activity: ActivityLog
}

/** Between two looks at a run, ms: it changes by the second while it runs, and waits for minutes for its compute. */
const lookMs = 2_000
const waitingLookMs = 5_000

/** A repair is seen within seconds, ms. */
const repairMs = 30_000

const kinds: readonly DatabricksJobId[] = ['batch', 'streaming']

export function databricksJobs({ workspace, ledgers, keepAnswers, activity }: DatabricksJobsDeps) {
  /** What a run that has ended came to does not change, but for a repair: by run and its end. */
  const ended = new Map<string, JobRunDetail>()

  const list = async (id: string): Promise<DatabricksJob[]> => {
    const [at, { mark, of }] = await Promise.all([workspace(id), ledgers(id)])
    const own = { owner: id, mark, ledger: of(() => at.host) }
    const found = await Promise.all(kinds.map(async (job) => ({ job, jobs: await ownJobs(at, job, own) })))
    return found.flatMap(({ job, jobs }) => jobs.slice(0, 1).map((each) => shown(job, each, at.host)))
  }

  const detail = async (id: string, runId: string, signal?: AbortSignal): Promise<JobRunDetail> => {
    const at = await workspace(id)
    const { run } = await getRun(at, runId, signal)
    if (!isOver(run)) return { run, errors: [], answers: null }
    const key = `${id} ${runId} ${run.endedAt} ${run.tasks.map((task) => task.runId).join()}`
    const known = ended.get(key)
    if (known !== undefined) return known
    const errors = await taskErrors(at, run, signal)
    const { answers, problem } = await runAnswers(at, run, signal)
    const kept =
      answers === null
        ? null
        : await keepAnswers(id, { runId, url: run.url, at: run.endedAt ?? Date.now(), answers })
    const whole = {
      run,
      errors: problem === null ? errors : [...errors, { key: 'batch', problem, trace: null }],
      answers: kept,
    }
    ended.set(key, whole)
    return whole
  }

  return {
    list,
    runs: async (id: string, jobId: string, page: string | null) => {
      const { items, next } = await listRuns(await workspace(id), jobId, page)
      return { items: [...items], next }
    },
    detail,
    /** Now and with each change, until it has ended. */
    async *watch(
      id: string,
      runId: string,
      signal: AbortSignal | undefined,
    ): AsyncGenerator<JobRunDetail, void, void> {
      let told = ''
      while (!signal?.aborted) {
        const now = await detail(id, runId, signal)
        const text = JSON.stringify(now)
        if (text !== told) yield now
        told = text
        if (isOver(now.run)) return
        await pause(now.run.state === 'waiting' ? waitingLookMs : lookMs, signal)
      }
    },
    async runNow(id: string, jobId: string): Promise<JobRun> {
      const at = await workspace(id)
      // The same press never starts two runs, however often it is sent.
      const runId = await runNow(at, jobId, randomUUID())
      activity.add({
        level: 'info',
        area: 'databricks',
        pipeline: id,
        text: `Started the run ${runId} in Databricks`,
      })
      return (await getRun(at, runId)).run
    },
    async cancel(id: string, runId: string): Promise<JobRun> {
      const at = await workspace(id)
      await cancelRun(at, runId)
      activity.add({
        level: 'warn',
        area: 'databricks',
        pipeline: id,
        text: `Cancelled the run ${runId} in Databricks`,
      })
      return (await getRun(at, runId)).run
    },
    async repair(id: string, runId: string): Promise<JobRun> {
      const at = await workspace(id)
      const { run, repairs } = await getRun(at, runId)
      if (!isOver(run)) throw notOver(runId)
      if (run.state === 'done') throw nothingToRepair(runId)
      const repair = await repairRun(at, runId, repairs.at(-1))
      activity.add({
        level: 'info',
        area: 'databricks',
        pipeline: id,
        text: `Repairs the run ${runId} in Databricks`,
      })
      // For a moment the run still shows its old end.
      return until(
        async () => {
          const { run: now, repairs: known } = await getRun(at, runId)
          return known.includes(repair) || !isOver(now) ? now : null
        },
        { withinMs: repairMs, everyMs: 500, what: 'the workspace shows the repair of the run' },
      )
    },
  }
}

const shown = (job: DatabricksJobId, { id, settings }: Job, host: string): DatabricksJob => ({
  job,
  jobId: id,
  name: settings.name,
  url: `${host}/jobs/${id}`,
  tasks: settings.tasks.map(({ key }) => key),
  compute: settings.tasks[0]?.clusterId ?? 'serverless',
  schedule: settings.schedule === null ? null : `${settings.schedule.cron} ${settings.schedule.timezone}`,
  paused: settings.schedule?.paused ?? false,
})

const notOver = (runId: string) =>
  new AppError({
    code: 'DATABRICKS_STATE',
    message: `This run is still at work: ${runId}`,
    hint: 'Wait for its end, or cancel it; then repair it.',
  })

const nothingToRepair = (runId: string) =>
  new AppError({
    code: 'DATABRICKS_STATE',
    message: `Nothing failed in this run: ${runId}`,
    hint: 'Start a new one instead.',
  })
