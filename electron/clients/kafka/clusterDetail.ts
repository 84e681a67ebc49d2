/** The cluster itself: its brokers with their disks, and which requests it answers. */
import { apiVersionsV3 } from '@platformatic/kafka'
import { toErrorDetail } from '../../../shared/errors.ts'
import type { Cluster } from './cluster.ts'
import { toAppError } from './errors.ts'
import { logDirs } from './logDirs.ts'
import type { KafkaBrokerDetail, KafkaLogDir, KafkaWorkbench } from './workbench.ts'

export function createClusterDetail(cluster: Cluster): Pick<KafkaWorkbench, 'clusterDetail'> {
  const dirsOf = async (node: number): Promise<Pick<KafkaBrokerDetail, 'dirs' | 'silent'>> => {
    try {
      const found = await logDirs(cluster, node)
      const dirs = found.map(({ topics, ...dir }): KafkaLogDir => {
        const partitions = topics.flatMap((topic) => topic.partitions)
        const bytes = partitions.reduce((sum, { partitionSize }) => sum + Number(partitionSize), 0)
        return { ...dir, partitions: partitions.length, bytes }
      })
      return { dirs, silent: null }
    } catch (error) {
      return { dirs: null, silent: toErrorDetail(toAppError(error)).message }
    }
  }

  return {
    clusterDetail: () =>
      cluster.patiently(async () => {
        const { clusterId, controller, brokers } = await cluster.metadata([])
        const versions = await cluster.any((link) => link.call([apiVersionsV3], 'pipeline-control', '1'))
        const level = versions.finalizedFeatures?.find(({ name }) => name === 'metadata.version')
        return {
          clusterId,
          controller,
          brokers: await Promise.all(
            brokers.map(async (broker) => ({ ...broker, ...(await dirsOf(broker.id)) })),
          ),
          metadataLevel: level?.maxVersionLevel ?? null,
          requests: new Set(versions.apiKeys.map(({ apiKey }) => apiKey)),
        }
      }),
  }
}
