/** The contract's branch `msk`: the clusters of the pipeline's account, and taking one as its Kafka. */
import type { MskCluster } from '../../shared/contract/msk.ts'
import { AppError } from '../../shared/errors.ts'
import type { KafkaAccessKind, PipelineSettings } from '../../shared/settings.ts'
import { type FoundCluster, hasBrokers, listClusters, type MskWay, mskWays } from '../clients/aws/msk.ts'
import type { AwsAccess } from '../clients/aws/types.ts'
import type { ActivityLog } from './deps.ts'
import type { OpenPipelines } from './pipelineStore.ts'
import { api } from './rpc.ts'

export interface MskDeps {
  access(pipeline: string): Promise<AwsAccess>
  readonly pipelines: OpenPipelines
  readonly activity: ActivityLog
}

export function mskFeature({ access, pipelines, activity }: MskDeps) {
  const { msk } = api
  const list = async (pipeline: string): Promise<MskCluster[]> => {
    const found = await listClusters(await access(pipeline))
    const { bootstrap } = pipelines.get(pipeline).settings.endpoints
    return found.map(({ groups: _, ...each }) => ({ ...each, chosen: hasBrokers(each, bootstrap) }))
  }
  const use = async (pipeline: string, arn: string, wanted: KafkaAccessKind | undefined) => {
    const { settings } = pipelines.get(pipeline)
    if (settings.kind === 'local') throw notElsewhere(settings.name)
    const aws = await access(pipeline)
    const cluster = (await listClusters(aws)).find((each) => each.arn === arn || each.name === arn)
    if (cluster === undefined) throw unknownCluster(arn, aws.region)
    const ways = await mskWays(aws, cluster.arn)
    const way = choose(ways, wanted, settings)
    if (way === undefined) throw noWay(cluster, ways, wanted)
    const endpoints = {
      ...settings.endpoints,
      bootstrap: way.bootstrap,
      region: aws.region,
      kafkaAccess: way.access,
      through: way.public || settings.host === null ? ('direct' as const) : ('machine' as const),
    }
    await pipelines.update(pipeline, { ...settings, endpoints })
    const text = `Kafka is the MSK cluster ${cluster.name}, spoken to by ${way.access}`
    activity.add({ level: 'good', area: 'aws', pipeline, text })
    return list(pipeline)
  }
  return msk.router({
    list: msk.list.handler(({ input }) => list(pipelines.get(input.pipeline).id)),
    use: msk.use.handler(({ input }) => use(pipelines.get(input.pipeline).id, input.arn, input.access)),
  })
}

/** A machine sees the private brokers; without one only public ones can be reached from here, if there are any. */
function choose(
  ways: readonly MskWay[],
  wanted: KafkaAccessKind | undefined,
  { host }: PipelineSettings,
): MskWay | undefined {
  const fitting = ways.filter(({ access }) => wanted === undefined || access === wanted)
  const first = fitting[0]
  return host === null ? (fitting.find((way) => way.public && way.access === first?.access) ?? first) : first
}

const notElsewhere = (name: string) =>
  new AppError({
    code: 'PIPELINE_LOCAL',
    message: `This pipeline runs on this computer and has a Kafka of its own: ${name}`,
    hint: 'Make a pipeline that uses what runs elsewhere: pipeline pipelines set <id> kind=existing.',
    field: 'pipeline',
  })

const unknownCluster = (arn: string, region: string) =>
  new AppError({
    code: 'MSK_UNKNOWN',
    message: `There is no such MSK cluster in ${region}: ${arn}`,
    hint: 'Take the name or the ARN from the list; check the region.',
    field: 'arn',
  })

const noWay = ({ name, state }: FoundCluster, ways: readonly MskWay[], wanted: KafkaAccessKind | undefined) =>
  new AppError({
    code: 'MSK_NO_WAY',
    message:
      ways.length === 0
        ? `The MSK cluster has no brokers yet: ${name} is ${state}`
        : `The MSK cluster ${name} is not spoken to by ${wanted}; it offers ${[...new Set(ways.map(({ access }) => access))].join(', ')}`,
    hint:
      ways.length === 0
        ? 'A new cluster takes about half an hour to become ACTIVE.'
        : 'Choose one of these, or switch the other on in the cluster’s security settings.',
    field: ways.length === 0 ? 'arn' : 'access',
  })
