/** MSK through the AWS SDK: the clusters there are, and the brokers of one by how they may be spoken to. */
import type { Cluster, GetBootstrapBrokersResponse, KafkaClient } from '@aws-sdk/client-kafka'
import type { KafkaAccessKind } from '../../../shared/settings.ts'
import { clientConfig } from './clientConfig.ts'
import type { AwsAccess } from './types.ts'
import { withClient } from './withClient.ts'

export interface FoundCluster {
  readonly arn: string
  readonly name: string
  readonly state: string
  readonly type: 'provisioned' | 'serverless'
  readonly kafkaVersion: string | null
  readonly brokers: number | null
  /** Ids of the security groups that its brokers are in. */
  readonly groups: readonly string[]
}

/** One way to its brokers. */
export interface MskWay {
  readonly access: KafkaAccessKind
  readonly bootstrap: string
  /** Reached from anywhere, and not only from within the VPC. */
  readonly public: boolean
}

async function withMsk<T>(
  access: AwsAccess,
  what: string,
  work: (client: KafkaClient) => Promise<T>,
): Promise<T> {
  const sdk = await import('@aws-sdk/client-kafka')
  return withClient(new sdk.KafkaClient(clientConfig(access)), what, work)
}

/** All of the region, by name. Rejects with AppError. */
export function listClusters(access: AwsAccess): Promise<FoundCluster[]> {
  return withMsk(access, access.region, async (client) => {
    const { paginateListClustersV2 } = await import('@aws-sdk/client-kafka')
    const found: FoundCluster[] = []
    for await (const { ClusterInfoList = [] } of paginateListClustersV2({ client }, {}))
      found.push(...ClusterInfoList.map(clusterOf))
    return found.sort((a, b) => a.name.localeCompare(b.name))
  })
}

function clusterOf(cluster: Cluster): FoundCluster {
  const { ClusterArn, ClusterName, State, ClusterType, Provisioned, Serverless } = cluster
  return {
    arn: ClusterArn ?? '',
    name: ClusterName ?? '',
    state: State ?? '',
    type: ClusterType === 'SERVERLESS' ? 'serverless' : 'provisioned',
    kafkaVersion: Provisioned?.CurrentBrokerSoftwareInfo?.KafkaVersion ?? null,
    brokers: Provisioned?.NumberOfBrokerNodes ?? null,
    groups:
      Provisioned?.BrokerNodeGroupInfo?.SecurityGroups ??
      (Serverless?.VpcConfigs ?? []).flatMap(({ SecurityGroupIds = [] }) => SecurityGroupIds),
  }
}

/** The ways it offers, the one to be preferred first; empty while it is being made. Rejects with AppError. */
export function mskWays(access: AwsAccess, arn: string): Promise<MskWay[]> {
  return withMsk(access, arn, async (client) => {
    const { GetBootstrapBrokersCommand } = await import('@aws-sdk/client-kafka')
    return waysIn(await client.send(new GetBootstrapBrokersCommand({ ClusterArn: arn })))
  })
}

/** Private ones first: a public one costs by the byte and is open to the world. */
export function waysIn(brokers: GetBootstrapBrokersResponse): MskWay[] {
  const all: readonly (readonly [KafkaAccessKind, string | undefined, boolean])[] = [
    ['mskIam', brokers.BootstrapBrokerStringSaslIam, false],
    ['mskIam', brokers.BootstrapBrokerStringPublicSaslIam, true],
    ['scram512', brokers.BootstrapBrokerStringSaslScram, false],
    ['scram512', brokers.BootstrapBrokerStringPublicSaslScram, true],
    ['tls', brokers.BootstrapBrokerStringTls, false],
    ['tls', brokers.BootstrapBrokerStringPublicTls, true],
    ['plaintext', brokers.BootstrapBrokerString, false],
  ]
  return all.flatMap(([way, bootstrap, open]) =>
    bootstrap === undefined || bootstrap === '' ? [] : [{ access: way, bootstrap, public: open }],
  )
}

/** MSK's broker names hold the cluster's own: `b-1.name.a1b2c3.c2.kafka.region.amazonaws.com`, `boot-….c2.kafka-serverless.…`. */
export const hasBrokers = ({ name, type }: Pick<FoundCluster, 'name' | 'type'>, bootstrap: string): boolean =>
  type === 'provisioned' &&
  bootstrap
    .split(',')
    .some((broker) => broker.includes(`.${name.toLowerCase()}.`) && broker.includes('.kafka.'))
