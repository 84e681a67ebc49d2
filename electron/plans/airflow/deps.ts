/** What the steps of the plan `airflow` are made from. */
import type { AirflowSettings } from '../../../shared/airflow.ts'
import { AppError } from '../../../shared/errors.ts'
import type { AirflowAt } from '../../clients/aws/airflowCall.ts'
import type { Workspace } from '../../clients/aws/airflowConnection.ts'
import { getEnvironment, type MwaaEnvironment } from '../../clients/aws/mwaa.ts'
import type { AwsAccess, Caller } from '../../clients/aws/types.ts'
import type { DagReading } from '../../local/airflow/parse.ts'
import type { Ledger } from '../../plan/ledger.ts'

/** The pipeline's Databricks, as Airflow is to reach it. */
export interface DatabricksForAirflow extends Workspace {
  /** Of the pipeline's job there; empty where none was made. */
  readonly jobId: string
  /** Path of the notebook `batch` in the workspace; empty where it is not known. */
  readonly notebook: string
  /** What its widgets are set to. */
  readonly parameters: Readonly<Record<string, string>>
}

export interface AirflowWanted {
  /** The pipeline; the mark of what it made. */
  readonly owner: string
  readonly userId: string
  readonly airflow: AirflowSettings
}

export interface AirflowDeps {
  access(): Promise<AwsAccess>
  /** Who that is. Throws AppError. */
  caller(): Promise<Caller>
  wanted(): AirflowWanted
  /** Null where the pipeline has no Databricks. Throws AppError. */
  databricks(): Promise<DatabricksForAirflow | null>
  readonly ledger: Ledger
  /** The text of `notebooks/dag.py`. */
  template(): Promise<string>
  /** By a real Airflow of that version's generation; null, with the reason in the log, where none can be had. Throws AppError. */
  parse(
    file: string,
    text: string,
    airflow: string,
    tell: { log(line: string): void; progress(text: string): void },
    signal: AbortSignal,
  ): Promise<DagReading | null>
}

/** What the step `environment` tells the others; they are texts, as of all steps. */
export interface Place {
  readonly bucket: string
  readonly folder: string
  readonly airflow: string
  /** Key of the requirements. */
  readonly requirements: string
  /** Empty where connections are not looked for in Secrets Manager. */
  readonly secretsPrefix: string
  /** ARN of the role that the environment works as. */
  readonly role: string
  readonly privateOnly: string
}

/** Null where the environment is not there, or not known yet. */
export function placeIn(outputs: Readonly<Record<string, Readonly<Record<string, string>>>>): Place | null {
  const found = outputs.environment
  return found?.bucket === undefined ? null : (found as unknown as Place)
}

export const airflowAt = async (deps: AirflowDeps, { airflow }: Place): Promise<AirflowAt> => ({
  access: await deps.access(),
  environment: deps.wanted().airflow.environment,
  airflow,
})

/** For taking back: null where it is gone, and what was in it with it. Throws AppError. */
export async function environmentNow(deps: AirflowDeps): Promise<MwaaEnvironment | null> {
  const { environment } = deps.wanted().airflow
  if (environment === '') return null
  try {
    return await getEnvironment(await deps.access(), environment)
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'MWAA_UNKNOWN') return null
    throw thrown
  }
}

/** As `environmentNow`. */
export async function airflowNow(deps: AirflowDeps): Promise<AirflowAt | null> {
  const found = await environmentNow(deps)
  if (found === null) return null
  return { access: await deps.access(), environment: found.name, airflow: found.airflow }
}

/** What every step says that comes after one that is not done. */
export const notYet = 'the environment is not ready'
