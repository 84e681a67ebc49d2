/** What a broker keeps on disk, folder by folder. */
import { describeLogDirsV1, describeLogDirsV2, describeLogDirsV4 } from '@platformatic/kafka'
import type { Cluster } from './cluster.ts'
import { nameOf } from './errors.ts'

interface LogDir {
  readonly path: string
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly {
      readonly partitionIndex: number
      readonly partitionSize: bigint
      readonly isFutureKey: boolean
    }[]
  }[]
  readonly total: number | null
  readonly usable: number | null
  readonly failure: string | null
}

/** Kafka's "not known", of sizes. */
const known = (bytes: bigint): number | null => (bytes < 0n ? null : Number(bytes))

/** Throws LinkError or UnsupportedError. A folder that failed has no topics. */
export async function logDirs(cluster: Cluster, node: number): Promise<LogDir[]> {
  const link = await cluster.link(node, 'main')
  const answer = await link.call([describeLogDirsV4, describeLogDirsV2, describeLogDirsV1], null)
  return answer.results.map((result) => ({
    path: result.logDir,
    topics: result.topics,
    total: 'totalBytes' in result ? known(result.totalBytes as bigint) : null,
    usable: 'usableBytes' in result ? known(result.usableBytes as bigint) : null,
    failure: result.errorCode === 0 ? null : nameOf(result.errorCode),
  }))
}
