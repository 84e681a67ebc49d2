/** The step of the brokers: one that is kept running on the machine, or those of MSK, which answer it by IAM. */
import { absent, blocked, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import type { KafkaHostDeps } from './deps.ts'
import { type BrokerWork, ownBroker, silentBroker } from './ownBroker.ts'
import { kafkaUnit } from './wanted.ts'

/** Nothing of it is ours: it is looked at. */
function mskBroker(deps: KafkaHostDeps): Pick<BrokerWork, 'check' | 'apply'> {
  return {
    async check(context, signal) {
      if (context.owns(kafkaUnit))
        return blocked(
          'A broker that this app set up runs on this machine, with its messages.',
          'Undo the set-up first, which names what is lost, then choose MSK; or keep it: kafkaHost.broker=machine.',
        )
      const { bootstrap } = context.outputs.cluster ?? {}
      if (bootstrap === undefined) return absent('the cluster is not known yet')
      if (context.outputs.ports?.open === undefined) return absent('the machine does not reach it yet')
      const why = await silentBroker(deps, bootstrap, signal)
      return why === null
        ? present(`MSK answers at ${bootstrap}`, { bootstrap })
        : blocked(
            `MSK does not answer as it should: ${why}`,
            'The doctor looks at each link of the way to it.',
          )
    },
    apply: async () => {},
  }
}

export function brokerStep(deps: KafkaHostDeps): Step {
  const own = ownBroker(deps)
  const msk = mskBroker(deps)
  const work = () => (deps.wanted().broker === 'msk' ? msk : own)
  return {
    id: 'broker',
    title: 'Broker',
    needs: ['facts', 'account', 'java', 'kafka', 'cluster', 'ports'],
    check: (context, signal) => work().check(context, signal),
    apply: (context, signal) => work().apply(context, signal),
    undo: own.undo,
  }
}
