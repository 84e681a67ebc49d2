/** The plan `airflow` of a pipeline: its steps over the pipeline's own identity of AWS and its Databricks. */
import { join } from 'node:path'
import type { ConsentQuestion } from '../../../shared/contract/app.ts'
import { deletes } from '../../../shared/contract/app.ts'
import type { PlanAction, PlanState } from '../../../shared/contract/plan.ts'
import type { AwsAccess, Caller } from '../../clients/aws/types.ts'
import { type PlanRunner, planRunner } from '../../plan/engine.ts'
import { openLedger } from '../../plan/ledger.ts'
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
): Promise<PlanRunner> {
  const ledger = await openLedger(join(pipelines.get(id).folder, 'airflow-ledger.json'))
  const parse: AirflowDeps['parse'] = async (file, text, airflow, tell, signal) => {
    try {
      return await airflowHere.read(file, text, airflow, tell.progress, signal)
    } catch (thrown) {
      if (!noAirflow(thrown)) throw thrown
      tell.log(`Not read by a real Airflow, only checked: ${thrown.message}. ${thrown.hint}`)
      return null
    }
  }
  return planRunner({
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
}

/** What a person is asked before it is taken back. */
export const airflowQuestion = (name: string, { steps }: PlanState): ConsentQuestion => ({
  title: `Remove the DAG of ${name} from Airflow?`,
  ...deletes,
  losses: steps.flatMap(({ undoable, title, finding }) =>
    undoable && finding !== null && !finding.unused && /^(?:present|drifted)$/.test(finding.state)
      ? [`${title}: ${finding.reason}`]
      : [],
  ),
  typed: name,
  agree: 'Remove',
})
