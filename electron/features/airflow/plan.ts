/** The plan `airflow` of a pipeline: its steps over the pipeline's own identity of AWS and its Databricks. */
import { join } from 'node:path'
import { type ConsentQuestion, deletes } from '../../../shared/contract/app.ts'
import type { PlanAction, PlanState } from '../../../shared/contract/plan.ts'
import type { AwsAccess, Caller } from '../../clients/aws/types.ts'
import { type PlanRunner, planRunner } from '../../plan/engine.ts'
import { openLedger } from '../../plan/ledger.ts'
import { ledgerAt } from '../../plan/ledgerAt.ts'
import type { AirflowDeps, DatabricksForAirflow } from '../../plans/airflow/deps.ts'
import { airflowSteps } from '../../plans/airflow/steps.ts'
import type { OpenPipelines } from '../pipelineStore.ts'
import { type AirflowHere, noAirflow } from './here.ts'

export interface AirflowPlanDeps {
  readonly pipelines: OpenPipelines
  /** The pipeline's identity of AWS. Throws AppError. */
  awsAccess(pipeline: string): Promise<AwsAccess>
  /** The same, and who that is. Throws AppError. */
  awsCaller(pipeline: string): Promise<Caller>
  /** Null where the pipeline has no Databricks. Throws AppError. */
  databricksForAirflow(pipeline: string): Promise<DatabricksForAirflow | null>
  readonly airflowHere: AirflowHere
}

/** Throws AppError. */
export async function openAirflowPlan(
  id: string,
  { pipelines, awsAccess, awsCaller, databricksForAirflow, airflowHere }: AirflowPlanDeps,
  onEnd: (action: PlanAction, state: PlanState) => void,
): Promise<AirflowPlan> {
  const whole = await openLedger(join(pipelines.get(id).folder, 'airflow-ledger.json'))
  // Of the environment that is chosen now: what was made in another is taken back when that is chosen again.
  const ledger = ledgerAt(whole, () => pipelines.get(id).settings.airflow.environment)
  const parse: AirflowDeps['parse'] = async (file, text, airflow, tell, signal) => {
    try {
      return await airflowHere.read(file, text, airflow, tell.progress, signal)
    } catch (thrown) {
      if (!noAirflow(thrown)) throw thrown
      tell.log(`Not read by a real Airflow, only checked: ${thrown.message}. ${thrown.hint}`)
      return null
    }
  }
  const runner = planRunner({
    plan: 'airflow',
    title: 'Airflow',
    ledger,
    steps: airflowSteps({
      ledger,
      access: () => awsAccess(id),
      caller: () => awsCaller(id),
      wanted: () => {
        const { userId, airflow } = pipelines.get(id).settings
        return { owner: id, userId, airflow }
      },
      databricks: () => databricksForAirflow(id),
      template: airflowHere.template,
      parse,
    }),
    onEnd,
  })
  const losses = () =>
    Object.entries(kinds).flatMap(([step, words]) =>
      ledger.things(step).flatMap((thing) => words(thing.split(' '))),
    )
  return { runner, losses }
}

export interface AirflowPlan {
  readonly runner: PlanRunner
  /** What undoing would take away, in words: only what stands in the ledger. */
  losses(): string[]
}

/** What the ledger's entries are, by step. */
const kinds: Readonly<Record<string, (parts: readonly string[]) => string[]>> = {
  dag: ([bucket, key]) => [`our versions of s3://${bucket}/${key}`],
  requirements: ([mark, bucket, key]) =>
    mark === 'file' ? [`our versions of s3://${bucket}/${key}; MWAA then takes 10 to 30 minutes`] : [],
  connection: ([mark, name]) => (mark === 'token' ? [] : [`the ${mark} ${name}`]),
  unpaused: ([, dag]) => [`runs by the schedule of ${dag}: it is paused`],
  bucket: ([, bucket]) => [`the keeping of versions in ${bucket}: it is suspended`],
}

/** What a person is asked before it is taken back. */
export const airflowQuestion = (name: string, losses: readonly string[]): ConsentQuestion => ({
  title: `Remove the DAG of ${name} from Airflow?`,
  ...deletes,
  losses: [...losses],
  typed: name,
  agree: 'Remove',
})
