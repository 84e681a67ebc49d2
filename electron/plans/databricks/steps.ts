/** The plan `databricks`: notebooks, lake and jobs of the pipeline in a workspace. */
import type { Step } from '../../plan/step.ts'
import { computeStep } from './compute.ts'
import type { DatabricksDeps } from './deps.ts'
import { batchJobStep, streamsJobStep } from './jobs.ts'
import { lakeStep } from './lake.ts'
import { notebooksStep } from './notebooks.ts'
import { scopeStep } from './scope.ts'
import { volumeStep } from './volume.ts'
import { workspaceStep } from './workspace.ts'

/** In the order in which they need each other. */
export const databricksSteps = (deps: DatabricksDeps): Step[] => [
  workspaceStep(deps),
  computeStep(deps),
  scopeStep(deps),
  notebooksStep(deps),
  volumeStep(deps),
  lakeStep(deps),
  batchJobStep(deps),
  streamsJobStep(deps),
]
