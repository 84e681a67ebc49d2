/** The app's Kafka client: the one place that is handed out of this folder. */
import { createAdmin } from './admin.ts'
import { createAlter } from './alter.ts'
import { createCluster } from './cluster.ts'
import { createClusterDetail } from './clusterDetail.ts'
import { createConfigs } from './configs.ts'
import { createGroupConsumer } from './groupConsumer.ts'
import { createGroups } from './groups.ts'
import { createOffsets } from './offsets.ts'
import { createProducer } from './produce.ts'
import { readTopic } from './read.ts'
import type { OpenSocket } from './sockets.ts'
import type { KafkaAddress } from './types.ts'
import type { KafkaWorkbench } from './workbench.ts'

/**
 * Connects and looks at the cluster once, so that a wrong address is known at once. A broker that goes away later is
 * waited for: each call tries for 15 s, a following read for 30 s. `openSocket` puts in a tunnel. Throws AppError.
 */
export async function connectKafka(address: KafkaAddress, openSocket?: OpenSocket): Promise<KafkaWorkbench> {
  const cluster = createCluster(address, openSocket)
  try {
    await cluster.patiently(() => cluster.metadata([]), { patienceMs: 0 })
  } catch (error) {
    cluster.close()
    throw error
  }
  return {
    ...createAdmin(cluster),
    ...createAlter(cluster),
    ...createConfigs(cluster),
    ...createClusterDetail(cluster),
    ...createOffsets(cluster),
    ...createGroups(cluster),
    read: (options) => readTopic(cluster, options),
    producer: async (options) => createProducer(cluster, options),
    groupConsumer: async (options) => createGroupConsumer(cluster, options),
    close: async () => cluster.close(),
  }
}
