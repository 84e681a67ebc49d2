/** One look at a cluster: who its brokers say they are, by one question to an address that is known to be open. */
import { createCluster, type Metadata } from './cluster.ts'
import { throughHost } from './tunnel.ts'
import type { KafkaAddress } from './types.ts'

export type ClusterGlance = Pick<Metadata, 'clusterId' | 'controller' | 'brokers'>

/** `host` opens the connection as a machine sees the address; null from here. Waits for nothing. Throws AppError. */
export async function glanceAt(
  address: KafkaAddress,
  host: Parameters<typeof throughHost>[0] | null,
): Promise<ClusterGlance> {
  const cluster = createCluster(address, host === null ? undefined : throughHost(host))
  try {
    const { clusterId, controller, brokers } = await cluster.patiently(() => cluster.metadata([]), {
      patienceMs: 0,
    })
    return { clusterId, controller, brokers }
  } finally {
    cluster.close()
  }
}
