/** The connectivity doctor of one pipeline: which links its way has, in order, and what they share. */
import type { Doctor } from '../../../shared/contract/doctor.ts'
import type { HostFacts } from '../../../shared/contract/hosts.ts'
import type { Pipeline } from '../../../shared/contract/settings.ts'
import { kafkaReach } from '../../clients/kafka/reach.ts'
import type { KafkaWorkbench } from '../../clients/kafka/workbench.ts'
import { networkOf } from '../../lib/network.ts'
import type { AwsSessions } from '../awsSessions.ts'
import type { SettingsStore } from '../deps.ts'
import type { HostLinks } from '../hostLinks.ts'
import type { KafkaSecurityOf } from '../kafkaSecurity.ts'
import { gatewaySecret, hostSecret } from '../secretNames.ts'
import type { SecretStore } from '../secretStore.ts'
import { awsParts } from './awsLooks.ts'
import { brokerParts } from './brokerLooks.ts'
import { type Part, runChain } from './chain.ts'
import { machineParts } from './machineLooks.ts'
import { proxyPart } from './proxyLook.ts'
import { topicParts } from './topicLooks.ts'
import { unitParts } from './unitLooks.ts'

export interface DoctorDeps {
  readonly aws: Pick<AwsSessions, 'test' | 'access' | 'keys'>
  readonly links: Pick<HostLinks, 'of'>
  readonly secrets: Pick<SecretStore, 'get'>
  readonly kafkaSecurity: KafkaSecurityOf
  readonly settings: SettingsStore
}

/** Each change of the chain; the last one is `done`. Never throws; ends with the signal. */
export async function* examine(
  pipeline: Pipeline,
  { aws, links, secrets, kafkaSecurity, settings }: DoctorDeps,
  signal: AbortSignal,
): AsyncGenerator<Doctor, void, void> {
  const { id, names, settings: own } = pipeline
  const { endpoints } = own
  const host = () => links.of(id)
  let facts: HostFacts | null = null
  let kafka: Promise<KafkaWorkbench> | null = null
  const ours = { kafka: false, proxy: false }

  const { parts: inAws, stopped } = awsParts({
    pipeline: id,
    settings: own,
    test: aws.test,
    access: aws.access,
  })
  const parts: Part[] = [
    ...inAws,
    ...machineParts({
      pipeline: id,
      host: own.host,
      secrets,
      stopped,
      facts: (found) => {
        facts = found
      },
    }),
    ...unitParts({
      settings: own,
      host,
      facts: () => facts,
      password: () => secrets.get(hostSecret(id, 'host', 'password')),
      seen: (what, loaded) => {
        ours[what] = loaded
      },
    }),
    proxyPart({
      settings: own,
      host,
      network: () => networkOf(settings.get()),
      access: async () => ({
        kind: endpoints.gatewayAccess,
        key: endpoints.gatewayAccess === 'apiKey' ? await secrets.get(gatewaySecret(id)) : null,
        keys: aws.keys(id),
        region: endpoints.region,
      }),
      proxyIsOurs: () => ours.proxy,
    }),
    ...brokerParts({
      settings: own,
      host: endpoints.through === 'machine' ? host : null,
      security: () => kafkaSecurity(id),
      kafkaIsOurs: () => ours.kafka,
    }),
    ...topicParts({
      used: endpoints.bootstrap !== '',
      topics: Object.values(names.topics),
      kafkaIsOurs: () => ours.kafka,
      // One of its own: what a shared client remembers of the cluster may be of yesterday.
      kafka: () => {
        kafka ??= (async () => {
          const via = endpoints.through === 'machine' ? await host() : null
          const reach = kafkaReach(via, await kafkaSecurity(id))
          return reach({ bootstrap: endpoints.bootstrap.split(','), clientId: 'pipeline-control-doctor' })
        })()
        return kafka
      },
    }),
  ]
  try {
    yield* runChain(parts, signal)
  } finally {
    const opened = kafka as Promise<KafkaWorkbench> | null
    void opened?.then((client) => client.close()).catch(() => {})
  }
}
