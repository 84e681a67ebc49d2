/** A look at the targets before the first record goes out: where the report will read from, and what to warn about. */
import type { EmulationOptions } from '../../shared/emulation.ts'
import { toErrorDetail } from '../../shared/errors.ts'
import type { WhoseKeys } from '../clients/aws/types.ts'
import type { KafkaReach } from '../clients/kafka/reach.ts'
import { connectKinesis } from '../clients/kinesis/client.ts'
import type { Network } from '../lib/network.ts'
import type { StartPositions } from './protocol.ts'
import { bootstrapList, type Targets } from './targets.ts'
import { constantKeyWarnings, type Part, rateWarnings, staticWarnings } from './warnings.ts'

export interface Inspection {
  readonly start: StartPositions
  readonly warnings: readonly string[]
}

/** Never fails: what cannot be looked at is warned about, and the run's own errors will say more. */
export async function inspectTargets(input: {
  readonly options: EmulationOptions
  readonly targets: Targets
  readonly network: Network
  readonly reach: KafkaReach
  readonly keys: WhoseKeys
}): Promise<Inspection> {
  const { options, targets, network, reach, keys } = input
  const goes = (...sinks: readonly string[]) => options.sinks.some((sink) => sinks.includes(sink))
  const [kafka, kinesis] = await Promise.all([
    goes('rest', 'kafka') ? guarded('Kafka', () => lookAtKafka(targets, reach)) : nothing,
    goes('streams', 'kinesis') &&
    (options.partitionKey.kind === 'constant' ||
      options.rate.kind === 'constant' ||
      options.rate.kind === 'curve')
      ? guarded('Kinesis', () => lookAtKinesis(targets, network, keys))
      : nothing,
  ])
  return {
    start: { kafka: kafka.positions },
    warnings: [
      ...staticWarnings(options),
      ...kafka.warnings,
      ...kinesis.warnings,
      ...(targets.shardLimits === false ? [] : rateWarnings(options, kinesis.parts)),
      ...constantKeyWarnings(options, [...kafka.parts, ...kinesis.parts]),
    ],
  }
}

interface Look {
  readonly positions: StartPositions['kafka']
  readonly parts: readonly Part[]
  readonly warnings: readonly string[]
}
const nothing: Look = { positions: [], parts: [], warnings: [] }

async function guarded(what: string, look: () => Promise<Look>): Promise<Look> {
  try {
    return await look()
  } catch (thrown) {
    const { message } = toErrorDetail(thrown)
    return { ...nothing, warnings: [`${what} could not be looked at before the start: ${message}`] }
  }
}

async function lookAtKafka({ kafkaBootstrap, topics }: Targets, reach: KafkaReach): Promise<Look> {
  if (kafkaBootstrap === null) return nothing
  const address = { bootstrap: bootstrapList(kafkaBootstrap), clientId: 'pipeline-emulator' }
  const client = await reach(address)
  try {
    const all = await Promise.all(
      Object.values(topics).map(async (topic) => ({ topic, offsets: await client.offsets(topic) })),
    )
    return {
      positions: all.flatMap(({ topic, offsets }) =>
        offsets.map(({ partition, high }) => ({ topic, partition, offset: String(high) })),
      ),
      parts: all.map(({ topic, offsets }) => ({ name: topic, count: offsets.length, what: 'partitions' })),
      warnings: [],
    }
  } finally {
    await client.close()
  }
}

async function lookAtKinesis(targets: Targets, network: Network, keys: WhoseKeys): Promise<Look> {
  const { kinesisEndpoint, region, streams } = targets
  if (kinesisEndpoint === null) return nothing
  const client = connectKinesis({ endpoint: kinesisEndpoint, region }, network, keys)
  try {
    const infos = await Promise.all(Object.values(streams).map((stream) => client.describe(stream)))
    const parts = infos.map(({ name, openShards }) => ({ name, count: openShards, what: 'shards' as const }))
    return { ...nothing, parts }
  } finally {
    await client.close()
  }
}
