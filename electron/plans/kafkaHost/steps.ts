/** The plan `kafkaHost`: what it takes to have Kafka on a machine that is reached by SSH. */
import type { Step } from '../../plan/step.ts'
import { accountStep } from './account.ts'
import { addressStep } from './address.ts'
import { brokerStep } from './broker.ts'
import { clusterStep } from './cluster.ts'
import { confluentStep } from './confluent.ts'
import type { KafkaHostDeps } from './deps.ts'
import { factsStep } from './facts.ts'
import { healthStep } from './health.ts'
import { iamStep } from './iam.ts'
import { javaStep } from './java.ts'
import { kafkaStep } from './kafka.ts'
import { nodeStep } from './node.ts'
import { portsStep } from './ports.ts'
import { proxyStep } from './proxy.ts'
import { topicsStep } from './topics.ts'

/** In the order in which they need each other. */
export function kafkaHostSteps(deps: KafkaHostDeps): Step[] {
  return [
    factsStep(deps),
    accountStep(deps),
    javaStep(deps),
    kafkaStep(deps),
    iamStep(deps),
    clusterStep(deps),
    portsStep(deps),
    brokerStep(deps),
    topicsStep(deps),
    nodeStep(deps),
    confluentStep(deps),
    proxyStep(deps),
    healthStep(deps),
    addressStep(deps),
  ]
}
