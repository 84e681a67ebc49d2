/** The step that lets the pipeline use them: Kafka's and the gateway's addresses go into its settings, through the machine. */

import { absent, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import type { HostAddresses, KafkaHostDeps } from './deps.ts'

export function addressStep(deps: KafkaHostDeps): Step {
  const wanted = (outputs: StepContext['outputs']): HostAddresses => ({
    bootstrap: outputs.broker?.bootstrap ?? '',
    // A broker that was set up on the machine speaks in clear.
    access: deps.wanted().broker === 'msk' ? 'mskIam' : 'plaintext',
    gateway: deps.addresses().gateway === null ? null : (outputs.proxy?.url ?? ''),
  })
  return {
    id: 'address',
    title: 'Addresses in this pipeline',
    needs: ['broker', 'proxy'],
    check: async ({ outputs }) => {
      const { bootstrap, access, gateway } = wanted(outputs)
      if (bootstrap === '') return absent('the broker does not run')
      const now = deps.addresses()
      const changes = [
        { target: 'Kafka’s address', before: now.bootstrap, after: bootstrap },
        { target: 'How Kafka is spoken to', before: now.access, after: access },
        { target: 'The gateway’s address', before: now.gateway ?? '', after: gateway ?? '' },
      ].filter(({ before, after }) => before !== after)
      if (changes.length === 0)
        return present(
          `pages and emulations use ${[bootstrap, gateway].filter((each) => each).join(' and ')} through the machine`,
        )
      return now.bootstrap !== '' || (now.gateway ?? '') !== ''
        ? { state: 'drifted', reason: 'this pipeline uses other addresses', changes }
        : { ...absent('this pipeline has no address of them yet'), changes }
    },
    apply: async ({ outputs, own }) => {
      const addresses = wanted(outputs)
      for (const address of [addresses.bootstrap, addresses.gateway]) if (address) await own(address)
      await deps.setAddresses(addresses)
    },
    undo: async ({ owns }) => {
      const { bootstrap, access, gateway } = deps.addresses()
      await deps.setAddresses({
        bootstrap: owns(bootstrap) ? '' : bootstrap,
        access: owns(bootstrap) ? 'plaintext' : access,
        gateway: gateway !== null && owns(gateway) ? '' : gateway,
      })
    },
  }
}
