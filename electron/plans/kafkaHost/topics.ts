/** The step that makes the three topics, through the connection to the host. */

import { absent, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import type { KafkaHostDeps } from './deps.ts'

export function topicsStep(deps: KafkaHostDeps): Step {
  const missing = async (bootstrap: string) => {
    const there = await (await deps.kafka(bootstrap)).topics()
    return deps.wanted().topics.filter((name) => !there.some((topic) => topic.name === name))
  }
  return {
    id: 'topics',
    title: 'Topics',
    needs: ['broker'],
    async check({ outputs }) {
      const { bootstrap } = outputs.broker ?? {}
      if (bootstrap === undefined) return absent('the broker does not run')
      const gone = await missing(bootstrap)
      return gone.length === 0
        ? present(deps.wanted().topics.join(', '))
        : absent(`missing: ${gone.join(', ')}`)
    },
    async apply({ outputs, own, log }) {
      const bootstrap = outputs.broker?.bootstrap ?? ''
      const kafka = await deps.kafka(bootstrap)
      const { partitions, retentionMs } = deps.wanted()
      for (const topic of await missing(bootstrap)) {
        await own(topic)
        await kafka.createTopic({ topic, partitions, config: { 'retention.ms': String(retentionMs) } })
        log(`Created ${topic} with ${partitions} partitions`)
      }
    },
  }
}
