/** The plan `local`: what it takes to have the whole pipeline on this computer, as a list of steps. */
import type { Step } from '../../plan/step.ts'
import { brokerStep, gatewayStep, kinesisStep } from './children.ts'
import { streamsStep, topicsStep } from './contents.ts'
import type { LocalPlanDeps } from './deps.ts'
import { javaStep, kafkaStep } from './programs.ts'

/** In the order in which data flows. */
export function localSteps(deps: LocalPlanDeps): Step[] {
  return [
    javaStep(deps),
    kafkaStep(deps),
    brokerStep(deps),
    topicsStep(deps),
    kinesisStep(deps),
    streamsStep(deps),
    gatewayStep(deps),
  ]
}
