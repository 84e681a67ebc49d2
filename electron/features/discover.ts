/** Looks at what somebody already has: are the topics and streams at the addresses they gave? Changes nothing. */
import type { Problem } from '../../shared/contract/base.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { kinds, streamName, topicName } from '../../shared/names.ts'
import type { PipelineSettings } from '../../shared/settings.ts'
import type { WhoseKeys } from '../clients/aws/types.ts'
import { listOf } from '../clients/gatewayLists.ts'
import { connectKafka } from '../clients/kafka/client.ts'
import type { KafkaSecurity } from '../clients/kafka/security.ts'
import { connectKinesis } from '../clients/kinesis/client.ts'
import { type Network, networkOf } from '../lib/network.ts'
import { secret } from '../lib/secret.ts'
import type { SettingsStore } from './deps.ts'
import { draftKeys } from './draftKeys.ts'
import { noPassword, securityFor } from './kafkaSecurity.ts'

type List = (what: 'topics' | 'streams') => Promise<string[]>

interface Found {
  readonly name: string
  readonly found: boolean
  readonly detail: string
}

export interface Discovery {
  readonly topics: Found[]
  readonly streams: Found[]
  readonly problems: Problem[]
}

async function topicsAt(
  { endpoints }: PipelineSettings,
  list: List,
  security: () => Promise<KafkaSecurity | null>,
): Promise<ReadonlyMap<string, string> | null> {
  if (endpoints.bootstrap !== '') {
    const kafka = await connectKafka({
      bootstrap: endpoints.bootstrap.split(','),
      clientId: 'pipeline-control',
      security: await security(),
    })
    try {
      const topics = await kafka.topics()
      return new Map(
        topics.map((topic) => [
          topic.name,
          `${topic.partitions.length} partitions at ${endpoints.bootstrap}`,
        ]),
      )
    } finally {
      await kafka.close()
    }
  }
  if (endpoints.gateway === '') return null
  const names = await list('topics')
  return new Map(names.map((name) => [name, `through ${endpoints.gateway}`]))
}

async function streamsAt(
  { endpoints }: PipelineSettings,
  list: List,
  network: Network,
  keys: WhoseKeys,
): Promise<ReadonlyMap<string, string> | null> {
  if (endpoints.kinesis !== '') {
    const kinesis = connectKinesis({ endpoint: endpoints.kinesis, region: endpoints.region }, network, keys)
    try {
      return new Map((await kinesis.listStreams()).map((name) => [name, `at ${endpoints.kinesis}`]))
    } finally {
      await kinesis.close()
    }
  }
  if (endpoints.gateway === '') return null
  const names = await list('streams')
  return new Map(names.map((name) => [name, `through ${endpoints.gateway}`]))
}

/** Never throws: an address that does not answer is a problem of the result. */
export async function discover(
  settings: PipelineSettings,
  given: { readonly gatewayKey?: string | undefined; readonly kafkaPassword?: string | undefined },
  store: SettingsStore,
): Promise<Discovery> {
  const { gatewayKey, kafkaPassword } = given
  const network = await networkOf(store.get())
  const problems: Problem[] = []
  const { gateway: base, gatewayAccess: kind, region } = settings.endpoints
  const key = gatewayKey === undefined ? null : secret(gatewayKey)
  const keys = draftKeys(settings, network)
  const list: List = (what) =>
    listOf({ base, connections: 1, network, access: { kind, key, keys, region } }, what)
  const security = () =>
    securityFor(settings, store, {
      password: async () => {
        if (kafkaPassword === undefined) throw noPassword()
        return secret(kafkaPassword)
      },
      token: () => Promise.reject(noIdentity()),
    })
  const look = async (
    where: () => Promise<ReadonlyMap<string, string> | null>,
    names: readonly string[],
  ): Promise<Found[]> => {
    const none = (detail: string) => names.map((name) => ({ name, found: false, detail }))
    try {
      const there = await where()
      if (there === null) return none('no address was given')
      return names.map((name) => ({ name, found: there.has(name), detail: there.get(name) ?? 'not there' }))
    } catch (thrown) {
      problems.push(toErrorDetail(thrown))
      return none('could not be looked at')
    }
  }
  const { userId } = settings
  const [topics, streams] = await Promise.all([
    look(
      () => topicsAt(settings, list, security),
      kinds.map((kind) => settings.topics.names[kind] ?? topicName(userId, kind)),
    ),
    look(
      () => streamsAt(settings, list, network, keys),
      kinds.map((kind) => settings.streams.names[kind] ?? streamName(userId, kind)),
    ),
  ])
  return { topics, streams, problems }
}

const noIdentity = () =>
  new AppError({
    code: 'KAFKA_IDENTITY_LATER',
    message: 'IAM is tried once the pipeline has its identity of AWS.',
    hint: 'Save it as it is, choose the identity on the page AWS, then look at the page Doctor.',
    field: 'endpoints.kafkaAccess',
  })
