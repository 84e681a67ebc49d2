/** The contract's branch `databricks`: the connection, the pipeline's jobs, and their runs. */
import { AppError } from '../../../shared/errors.ts'
import { listProfiles } from '../../clients/databricks/configFile.ts'
import type { Workspace } from '../../clients/databricks/http.ts'
import { getRun } from '../../clients/databricks/runs.ts'
import { secret } from '../../lib/secret.ts'
import { servicePage } from '../../lib/servicePage.ts'
import type { Platform } from '../../platform.ts'
import type { ActivityLog, Pipelines } from '../deps.ts'
import { api } from '../rpc.ts'
import { databricksSecret } from '../secretNames.ts'
import type { SecretStore } from '../secretStore.ts'
import { type DatabricksJobsDeps, databricksJobs } from './jobs.ts'
import type { DatabricksSessions } from './sessions.ts'

export interface DatabricksFeatureDeps extends Omit<DatabricksJobsDeps, 'workspace'> {
  readonly sessions: DatabricksSessions
  readonly pipelines: Pipelines
  readonly secrets: Pick<SecretStore, 'hold' | 'remember' | 'remove'>
  readonly platform: Pick<Platform, 'openPage'>
  readonly activity: ActivityLog
  /** Applies the pipeline's plan `databricks`. Rejects with AppError. */
  applied(pipeline: string): Promise<void>
}

export function databricksFeature(deps: DatabricksFeatureDeps) {
  const { sessions, pipelines, secrets, platform, activity } = deps
  const { databricks } = api
  const jobs = databricksJobs({ ...deps, workspace: sessions.workspace })
  const idOf = (pipeline: string) => pipelines.get(pipeline).id

  return databricks.router({
    profiles: databricks.profiles.handler(async () => {
      const { file, found, items } = await listProfiles()
      return { file, found, items: [...items] }
    }),
    status: databricks.status.handler(({ input }) => sessions.status(idOf(input.pipeline))),
    watch: databricks.watch.handler(async function* ({ input, signal }) {
      yield* sessions.watch(idOf(input.pipeline), signal)
    }),
    setSecret: databricks.setSecret.handler(async ({ input }) => {
      const { id, settings } = pipelines.get(input.pipeline)
      const { auth } = settings.databricks
      if (auth === 'none' || auth === 'profile') throw noSecret()
      // A person's session is made by signing in; it can only be forgotten here.
      if (auth === 'browser' && input.value !== null) throw noSecret()
      const name = databricksSecret(id, auth)
      if (input.value === null) await secrets.remove(name)
      else if (input.remember) await secrets.remember(name, secret(input.value))
      else secrets.hold(name, secret(input.value))
      const text = input.value === null ? 'Forgot the sign-in to Databricks' : 'Holds a sign-in to Databricks'
      activity.add({ level: 'info', area: 'databricks', pipeline: id, text })
      return sessions.test(id)
    }),
    test: databricks.test.handler(({ input }) => sessions.test(idOf(input.pipeline))),
    login: databricks.login.handler(({ input }) => sessions.login(idOf(input.pipeline), input.remember)),
    cancelLogin: databricks.cancelLogin.handler(({ input }) => sessions.cancelLogin(idOf(input.pipeline))),
    jobs: databricks.jobs.handler(({ input }) => jobs.list(idOf(input.pipeline))),
    runs: databricks.runs.handler(({ input }) => jobs.runs(idOf(input.pipeline), input.jobId, input.page)),
    run: databricks.run.handler(({ input, signal }) =>
      jobs.detail(idOf(input.pipeline), input.runId, signal),
    ),
    watchRun: databricks.watchRun.handler(async function* ({ input, signal }) {
      yield* jobs.watch(idOf(input.pipeline), input.runId, signal)
    }),
    runNow: databricks.runNow.handler(({ input }) => jobs.runNow(idOf(input.pipeline), input.jobId)),
    applyAndRun: databricks.applyAndRun.handler(async ({ input }) => {
      const id = idOf(input.pipeline)
      await deps.applied(id)
      const job = (await jobs.list(id)).find((each) => each.job === 'batch')
      if (job === undefined) throw noJob()
      return jobs.runNow(id, job.jobId)
    }),
    cancel: databricks.cancel.handler(({ input }) => jobs.cancel(idOf(input.pipeline), input.runId)),
    repair: databricks.repair.handler(({ input }) => jobs.repair(idOf(input.pipeline), input.runId)),
    open: databricks.open.handler(async ({ input: { pipeline, page } }) => {
      const workspace = await sessions.workspace(idOf(pipeline))
      const { host } = workspace
      const url = page.kind === 'run' ? await runPage(workspace, page.id) : pageOf(host, page)
      return { opened: await platform.openPage('databricks', url), url }
    }),
  })
}

const pageOf = (
  host: string,
  page: { readonly kind: 'workspace' } | { readonly kind: 'job'; readonly id: string },
) => (page.kind === 'job' ? `${host}/jobs/${page.id}` : host)

/** As the workspace names it; where that is at another address than its own, as it is known to be. */
async function runPage(workspace: Workspace, runId: string): Promise<string> {
  const { run } = await getRun(workspace, runId)
  const named = run.url === null ? null : servicePage(run.url, workspace.host)
  return named ?? `${workspace.host}/jobs/${run.jobId ?? ''}/runs/${runId}`
}

const noSecret = () =>
  new AppError({
    code: 'DATABRICKS_NO_SECRET',
    message: 'The way of signing in that was chosen takes no token or secret from here.',
    hint: 'Choose a token or a service principal first.',
    field: 'databricks.auth',
  })

const noJob = () =>
  new AppError({
    code: 'DATABRICKS_NO_JOB',
    message: 'The workspace has no job of this pipeline: batch',
    hint: 'Apply the plan on the page Databricks again: somebody may have deleted it meanwhile.',
  })
