/** The step that lets the pipeline use the broker: its address goes into the pipeline's settings, through the machine. */
import type { Step } from '../../plan/step.ts'
import { absent, type KafkaHostDeps, present } from './deps.ts'

export function addressStep(deps: KafkaHostDeps): Step {
  return {
    id: 'address',
    title: 'Address in this pipeline',
    needs: ['broker'],
    check: async ({ outputs }) => {
      const { bootstrap } = outputs.broker ?? {}
      if (bootstrap === undefined) return absent('the broker does not run')
      const now = deps.address()
      if (now === bootstrap) return present(`pages and emulations use ${bootstrap} through the machine`)
      const changes = [{ target: 'Kafka’s address', before: now, after: bootstrap }]
      return now === ''
        ? { ...absent('this pipeline has no address of Kafka yet'), changes }
        : { state: 'drifted', reason: `this pipeline uses another address: ${now}`, changes }
    },
    apply: async ({ outputs, own }) => {
      const bootstrap = outputs.broker?.bootstrap ?? ''
      await own(bootstrap)
      await deps.setAddress(bootstrap)
    },
    undo: async ({ owns }) => {
      if (owns(deps.address())) await deps.setAddress('')
    },
  }
}
