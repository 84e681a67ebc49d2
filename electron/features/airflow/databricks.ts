/** A pipeline's Databricks as Airflow is to reach it: with something that lasts, not with a person's session. */
import { AppError } from '../../../shared/errors.ts'
import { profileSignIn } from '../../clients/databricks/configFile.ts'
import type { Secret } from '../../lib/secret.ts'
import type { DatabricksForAirflow } from '../../plans/airflow/deps.ts'
import { ownJobs } from '../../plans/databricks/ownJob.ts'
import type { WorkspaceLedgers } from '../databricks/ledger.ts'
import type { DatabricksSessions } from '../databricks/sessions.ts'
import type { Pipelines } from '../deps.ts'
import { databricksSecret } from '../secretNames.ts'
import type { SecretStore } from '../secretStore.ts'

export interface AirflowDatabricksDeps {
  readonly pipelines: Pipelines
  readonly secrets: Pick<SecretStore, 'get'>
  readonly databricks: Pick<DatabricksSessions, 'access' | 'workspace'>
  databricksLedgers(pipeline: string): Promise<WorkspaceLedgers>
}

/** Null where the pipeline has none. Rejects with AppError AIRFLOW_NEEDS_TOKEN, DATABRICKS_…. */
export async function databricksForAirflow(
  id: string,
  deps: AirflowDatabricksDeps,
): Promise<DatabricksForAirflow | null> {
  if (deps.pipelines.get(id).settings.databricks.auth === 'none') return null
  const access = await deps.databricks.access(id)
  const { mark, of } = await deps.databricksLedgers(id)
  const ours = { owner: id, mark, ledger: of(() => access.host) }
  const [job] = await ownJobs(await deps.databricks.workspace(id), 'batch', ours)
  const task = job?.settings.tasks.find(({ key }) => key === 'batch')
  const signIn = await lasting(id, deps, () => access.token(undefined))
  return {
    host: access.host,
    ...signIn,
    jobId: job?.id ?? '',
    notebook: task?.notebook ?? '',
    parameters: task?.parameters ?? {},
  }
}

async function lasting(
  id: string,
  { pipelines, secrets }: AirflowDatabricksDeps,
  token: () => Promise<Secret>,
): Promise<Pick<DatabricksForAirflow, 'token' | 'clientId'>> {
  const { auth, clientId, profile } = pipelines.get(id).settings.databricks
  if (auth === 'token') return { token: await token(), clientId: '' }
  if (auth === 'oauth') {
    const key = await secrets.get(databricksSecret(id, 'oauth'))
    if (key !== null) return { token: key, clientId }
  }
  if (auth === 'profile') {
    const way = await profileSignIn(profile)
    if (way.kind === 'token') return { token: way.token, clientId: '' }
    if (way.kind === 'oauth') return { token: way.clientSecret, clientId: way.clientId }
  }
  throw new AppError({
    code: 'AIRFLOW_NEEDS_TOKEN',
    message: 'Airflow cannot use a person’s session of Databricks, which ends within the hour.',
    hint: 'Choose a personal access token or a service principal on the page Databricks.',
    field: 'databricks.auth',
  })
}
