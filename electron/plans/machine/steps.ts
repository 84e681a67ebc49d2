/** The plan `machine`: an EC2 instance of the pipeline's own, from a key to an address that answers (decision 12). */
import type { Step } from '../../plan/step.ts'
import { connectStep } from './connect.ts'
import type { MachineDeps } from './deps.ts'
import { groupStep } from './group.ts'
import { instanceStep } from './instance.ts'
import { keyStep } from './key.ts'
import { rightsStep } from './rights.ts'

/** In the order in which they need each other. */
export const machineSteps = (deps: MachineDeps): Step[] => [
  rightsStep(deps),
  keyStep(deps),
  groupStep(deps),
  instanceStep(deps),
  connectStep(deps),
]
