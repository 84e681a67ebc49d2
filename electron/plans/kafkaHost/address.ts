/** The step that lets the pipeline use them: Kafka's and the gateway's addresses go into its settings, through the machine. */
import type { Step, StepContext } from '../../plan/step.ts'
import { absent, type HostAddresses, type KafkaHostDeps, present } from './deps.ts'

export function addressStep(deps: KafkaHostDeps): Step {
  const wanted = (outputs: StepContext['outputs']): HostAddresses => ({
    bootstrap: outputs.broker?.bootstrap ?? '',
    gateway: deps.addresses().gateway === null ? null : (outputs.proxy?.url ?? ''),
  })
  return {
    id: 'address',
    title: 'Addresses in this pipeline',
    needs: ['broker', 'proxy'],
    check: async ({ outputs }) => {
      const { bootstrap, gateway } = wanted(outputs)
      if (bootstrap === '') return absent('the broker does not run')
      const now = deps.addresses()
      const changes = [
        { target: 'Kafka’s address', before: now.bootstrap, after: bootstrap },
        { target: 'The gateway’s address', before: now.gateway ?? '', after: gateway ?? '' },
      ].filter(({ before, after }) => before !== after)
      if (changes.length === 0)
        return present(
          `pages and emulations use ${[bootstrap, gateway].filter((each) => each).join(' and ')} through the machine`,
        )
      return changes.some(({ before }) => before !== '')
        ? { state: 'drifted', reason: 'this pipeline uses other addresses', changes }
        : { ...absent('this pipeline has no address of them yet'), changes }
    },
    apply: async ({ outputs, own }) => {
      const addresses = wanted(outputs)
      for (const address of [addresses.bootstrap, addresses.gateway]) if (address) await own(address)
      await deps.setAddresses(addresses)
    },
    undo: async ({ owns }) => {
      const { bootstrap, gateway } = deps.addresses()
      await deps.setAddresses({
        bootstrap: owns(bootstrap) ? '' : bootstrap,
        gateway: gateway !== null && owns(gateway) ? '' : gateway,
      })
    },
  }
}
