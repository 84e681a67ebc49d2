/** Changes to a topic that exists: its settings, and more partitions. */
import { createPartitionsV3, incrementalAlterConfigsV1 } from '@platformatic/kafka'
import { pause } from '../../lib/broadcast.ts'
import type { Cluster } from './cluster.ts'
import { AnswerError, check, toAppError } from './errors.ts'
import type { KafkaWorkbench } from './workbench.ts'

/** How long the controller may take, ms. */
const controllerTimeoutMs = 30_000
/** Until each new partition has its leader, ms. */
const settleMs = 30_000
const topicResource = 2
const setOperation = 0

export function createAlter(cluster: Cluster): Pick<KafkaWorkbench, 'setTopicConfig' | 'addPartitions'> {
  return {
    setTopicConfig: (topic, config) =>
      cluster.patiently(async () => {
        const configs = Object.entries(config).map(
          ([name, value]) => ({ name, value, configOperation: setOperation }) as const,
        )
        const resource = { resourceType: topicResource, resourceName: topic, configs } as const
        const answer = await cluster.any((link) => link.call([incrementalAlterConfigsV1], [resource], false))
        const result = answer.responses[0]
        check(result?.errorCode ?? 0, topic, result?.errorMessage)
      }),

    async addPartitions(topic, count) {
      const there = async () => {
        const { topics } = await cluster.patiently(() => cluster.metadata([topic]))
        return topics[0]?.partitions ?? []
      }
      // Looked at in each try: one that broke off after it was sent may have done it.
      await cluster.patiently(async () => {
        if ((await there()).length >= count) return
        const request = { name: topic, count, assignments: null }
        // Brokers before 3.0 leave this to the controller alone.
        const { controller, brokers } = await cluster.metadata([])
        const node = brokers.some(({ id }) => id === controller) ? controller : (brokers[0]?.id ?? controller)
        const link = await cluster.link(node, 'main')
        const answer = await link.call([createPartitionsV3], [request], controllerTimeoutMs, false)
        const result = answer.results[0]
        check(result?.errorCode ?? 0, topic, result?.errorMessage)
      })
      const deadline = Date.now() + settleMs
      for (;;) {
        const partitions = await there()
        if (partitions.length >= count && partitions.every(({ leader }) => leader >= 0)) return
        if (Date.now() > deadline) throw toAppError(new AnswerError(5, topic))
        await pause(50, undefined)
      }
    },
  }
}
