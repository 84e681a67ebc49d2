/** The contract's branch `cluster`: brokers, partitions in trouble, disks, and what this cluster cannot do. */
import type { BrokerRow, ClusterDetail } from '../../shared/contract/cluster.ts'
import type { KafkaTopic } from '../clients/kafka/types.ts'
import type { KafkaBrokerDetail, KafkaWorkbench } from '../clients/kafka/workbench.ts'
import { api } from './rpc.ts'

/** The highest `metadata.version` of each release (Kafka's own `storage version-mapping`). */
const releases: readonly (readonly [level: number, release: string])[] = [
  [30, '4.3'],
  [29, '4.2'],
  [27, '4.1'],
  [25, '4.0'],
  [21, '3.9'],
  [20, '3.8'],
  [19, '3.7'],
  [14, '3.6'],
  [11, '3.5'],
  [8, '3.4'],
  [7, '3.3'],
]

/** What the app can do only where the broker answers the request of this number (Kafka's protocol guide). */
const abilities: readonly (readonly [what: string, request: number])[] = [
  ['Settings of a topic with their sources', 32],
  ['Change settings one by one', 44],
  ['Add partitions', 37],
  ['Empty a topic', 21],
  ['Bytes on disk', 35],
  ['Delete consumer groups', 42],
  ['Members of groups of the newer protocol', 69],
  ['Idempotent producing', 22],
]

/** A level between two releases belongs to the newer one's development. */
export function releaseOf(level: number | null): string | null {
  if (level === null) return null
  const newest = releases[0]
  if (newest !== undefined && level > newest[0]) return `newer than ${newest[1]}`
  return releases.findLast(([highest]) => level <= highest)?.[1] ?? null
}

export function clusterFeature({ kafka: kafkaOf }: { kafka(pipeline: string): Promise<KafkaWorkbench> }) {
  return api.cluster.router({
    get: api.cluster.get.handler(async ({ input }): Promise<ClusterDetail> => {
      const kafka = await kafkaOf(input.pipeline)
      const [detail, topics] = await Promise.all([kafka.clusterDetail(), kafka.topics()])
      const version = releaseOf(detail.metadataLevel)
      return {
        at: Date.now(),
        clusterId: detail.clusterId,
        version,
        topics: topics.length,
        partitions: topics.reduce((sum, { partitions }) => sum + partitions.length, 0),
        brokers: detail.brokers.map((broker) => rowOf(broker, detail.controller, topics)),
        troubled: troubledOf(topics),
        abilities: abilities.map(([what, request]) => ({
          what,
          missing: detail.requests.has(request)
            ? null
            : `The cluster does not answer this request of Kafka’s (${request}).`,
        })),
      }
    }),
  })
}

function rowOf(broker: KafkaBrokerDetail, controller: number, topics: readonly KafkaTopic[]): BrokerRow {
  const partitions = topics.flatMap((topic) => topic.partitions)
  const holds = partitions.filter(({ replicas }) => replicas.includes(broker.id))
  return {
    ...broker,
    dirs: broker.dirs === null ? null : broker.dirs.map((dir) => ({ ...dir })),
    controller: broker.id === controller,
    leads: partitions.filter(({ leader }) => leader === broker.id).length,
    replicas: holds.length,
    inSync: holds.filter(({ inSync }) => inSync.includes(broker.id)).length,
  }
}

function troubledOf(topics: readonly KafkaTopic[]): ClusterDetail['troubled'] {
  return topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ leader, replicas, inSync }) => leader < 0 || inSync.length < replicas.length)
      .map(({ partition, leader, replicas, inSync }) => ({
        topic: name,
        partition,
        leader,
        replicas: [...replicas],
        inSync: [...inSync],
      })),
  )
}
