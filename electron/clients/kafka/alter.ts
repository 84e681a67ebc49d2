/** Changes to a topic that exists: more partitions, and fewer records. */
import { createPartitionsV3, deleteRecordsV2 } from '@platformatic/kafka'
import { pause } from '../../lib/broadcast.ts'
import type { Cluster } from './cluster.ts'
import { AnswerError, check, toAppError } from './errors.ts'
import type { KafkaWorkbench } from './workbench.ts'

/** How long the controller may take, ms. */
const controllerTimeoutMs = 30_000
/** Until each new partition has its leader, ms. */
const settleMs = 30_000

export function createAlter(cluster: Cluster): Pick<KafkaWorkbench, 'addPartitions' | 'deleteRecords'> {
  return {
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

    async deleteRecords(topic, before) {
      // Each leader deletes its own; asked again after a failure it answers the same.
      await Promise.all(
        before.map(({ partition, offset }) =>
          cluster.patiently(async () => {
            cluster.forget(topic)
            const { partitions } = await cluster.topic(topic)
            const leader = partitions.find((each) => each.partition === partition)?.leader ?? -1
            const link = await cluster.link(leader, 'main')
            const request = { name: topic, partitions: [{ partitionIndex: partition, offset }] }
            const answer = await link.call([deleteRecordsV2], [request], controllerTimeoutMs)
            check(answer.topics[0]?.partitions[0]?.errorCode ?? 0, `${topic}, partition ${partition}`)
          }),
        ),
      )
    },
  }
}
