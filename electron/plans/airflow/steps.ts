/** The plan `airflow`: the DAG in an environment of MWAA that is there, from its bucket to its being switched on. */
import type { Step } from '../../plan/step.ts'
import { bucketStep } from './bucket.ts'
import { connectionStep } from './connection.ts'
import { dagStep } from './dag.ts'
import type { AirflowDeps } from './deps.ts'
import { environmentStep } from './environment.ts'
import { requirementsStep } from './requirements.ts'
import { rightsStep } from './rights.ts'
import { unpausedStep, visibleStep } from './visible.ts'

/** In the order in which they need each other. */
export const airflowSteps = (deps: AirflowDeps): Step[] => [
  rightsStep(deps),
  environmentStep(deps),
  bucketStep(deps),
  dagStep(deps),
  requirementsStep(deps),
  connectionStep(deps),
  visibleStep(deps),
  unpausedStep(deps),
]
