/** Where a pipeline's Kafka, Kinesis and gateway are: on this computer, or at the addresses the user gave. */

import { join } from 'node:path'
import type { Pipeline } from '../../shared/contract/settings.ts'
import { AppError } from '../../shared/errors.ts'
import { type Kind, kinds } from '../../shared/names.ts'
import type { PipelineSettings } from '../../shared/settings.ts'
import type { WhoseKeys } from '../clients/aws/types.ts'
import { type KafkaWay, kafkaReach } from '../clients/kafka/reach.ts'
import { type KafkaSecurity, packSecurity } from '../clients/kafka/security.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import { connectKinesis, isAwsKinesis } from '../clients/kinesis/client.ts'
import type { KinesisClient } from '../clients/kinesis/types.ts'
import { type PackedTarget, packTarget } from '../clients/ssh/crossing.ts'
import type { SshHost } from '../clients/ssh/types.ts'
import { bootstrapList, type Targets } from '../emulator/targets.ts'
import { networkOf } from '../lib/network.ts'
import type { LiveSecrets, Secrets } from '../lib/openFor.ts'
import { lakeGroup, region } from '../local/stack.ts'
import { connection } from './awsSessionState.ts'
import type { Pipelines, SettingsStore } from './deps.ts'
import type { HostLinks } from './hostLinks.ts'
import type { KafkaSecurityOf } from './kafkaSecurity.ts'
import type { Stacks } from './stacks.ts'
import type { PipelineKinesis } from './streams.ts'

/** What may lie behind a pipeline's machine. */
const parts = ['kafka', 'gateway'] as const

export interface OpenedWay {
  readonly way: KafkaWay
  readonly secrets: Secrets
  readonly live: LiveSecrets
}

function missing(what: string): AppError {
  return new AppError({
    code: 'ENDPOINT_MISSING',
    message: `This pipeline has no address for ${what}.`,
    hint: 'Give it in the pipeline’s settings.',
    field: 'endpoints',
  })
}

interface OpenKafka {
  readonly way: string
  readonly host: SshHost | null
  readonly kafka: Promise<KafkaWorkbench>
}

export function openEndpoints({
  pipelines,
  settings: stored,
  stacks,
  links,
  kafkaSecurity,
  awsKeys,
}: {
  readonly pipelines: Pipelines
  readonly settings: SettingsStore
  readonly stacks: Stacks
  readonly links: Pick<HostLinks, 'of' | 'target'>
  readonly kafkaSecurity: KafkaSecurityOf
  /** The keys of the pipeline's identity; null where it has none. */
  readonly awsKeys: (pipeline: string) => WhoseKeys
}) {
  /** One for each pipeline: with another address, machine or way to speak there is another client. */
  const kafkas = new Map<string, OpenKafka>()
  const kafkaBy = (
    name: string,
    bootstrap: string,
    host: SshHost | null,
    security: KafkaSecurity | null,
  ): Promise<KafkaWorkbench> => {
    const known = kafkas.get(name)
    const way = JSON.stringify([bootstrap, security && { ...security, proof: undefined }])
    if (known?.way === way && known.host === host) return known.kafka
    known?.kafka.then((client) => client.close()).catch(() => {})
    const address = { bootstrap: bootstrap.split(','), clientId: 'pipeline-control' }
    const opened: OpenKafka = { way, host, kafka: kafkaReach(host, security)(address) }
    kafkas.set(name, opened)
    opened.kafka.catch(() => kafkas.get(name) === opened && kafkas.delete(name))
    return opened.kafka
  }
  /** For a broker that the app sets up on the machine, which speaks in clear to its loopback and its network. */
  const kafkaThrough = async (id: string, bootstrap: string): Promise<KafkaWorkbench> =>
    kafkaBy(`${id} by its machine`, bootstrap, await links.of(id), null)
  /** One for each pipeline too: with another address, network or identity there is another client. */
  const kineses = new Map<string, { readonly way: string; readonly client: KinesisClient }>()
  const kinesisOf = async (id: string, { endpoints, aws }: PipelineSettings): Promise<KinesisClient> => {
    const { kinesis: endpoint, region: at } = endpoints
    const network = await networkOf(stored.get())
    const way = JSON.stringify([endpoint, at, network, isAwsKinesis(endpoint) && connection(aws)])
    const known = kineses.get(id)
    if (known?.way === way) return known.client
    const client = connectKinesis({ endpoint, region: at }, network, awsKeys(id))
    kineses.set(id, { way, client })
    // What pushes to the one before must not go on as somebody else.
    await known?.client.close()
    return client
  }
  /** The machine through which threads reach what these targets say; null where they reach all straight. */
  const machineOf = async (
    id: string,
    { through = [] }: Pick<Targets, 'through'>,
  ): Promise<PackedTarget | null> => (through.length === 0 ? null : packTarget(await links.target(id)))
  const targetsOf = (id: string): Targets => {
    const { settings, names, folder } = pipelines.get(id)
    const { endpoints } = settings
    if (settings.kind === 'existing') {
      const { through: kafka, gatewayThrough: gateway } = endpoints
      return {
        through: parts.filter((part) => ({ kafka, gateway })[part] === 'machine'),
        kafkaBootstrap: endpoints.bootstrap || null,
        gatewayUrl: endpoints.gateway || null,
        gatewayAccess: endpoints.gatewayAccess,
        // Empty means AWS's own endpoint of the region.
        kinesisEndpoint: endpoints.kinesis,
        region: endpoints.region,
        lakeDir: null,
        ...names,
      }
    }
    const stack = stacks.of(id)
    return {
      kafkaBootstrap: stack.broker.running()?.address.bootstrap ?? null,
      gatewayUrl: stack.stack.running()?.address.gateway ?? null,
      kinesisEndpoint: stack.kinesis.running()?.address.endpoint ?? null,
      region,
      shardLimits: settings.streams.enforceLimits,
      lakeDir: join(folder, 'lake'),
      lakeRotateMs: settings.lake['rotate.schedule.interval.ms'],
      ...names,
    }
  }
  const kindIn = (names: Pipeline['names']['topics'], name: string): Kind | null =>
    kinds.find((kind) => names[kind] === name) ?? null

  return {
    kafkaThrough,
    async kafka(id: string): Promise<KafkaWorkbench> {
      const { settings } = pipelines.get(id)
      if (settings.kind === 'local') return stacks.of(id).kafka()
      const { bootstrap, through } = settings.endpoints
      if (bootstrap === '') throw missing('Kafka')
      const host = through === 'machine' ? await links.of(id) : null
      return kafkaBy(id, bootstrap, host, await kafkaSecurity(id))
    },
    async kinesis(id: string): Promise<PipelineKinesis> {
      const { settings } = pipelines.get(id)
      if (settings.kind === 'existing') {
        return { client: await kinesisOf(id, settings), counts: () => null }
      }
      const stack = stacks.of(id)
      return {
        client: stack.kinesisClient(),
        counts: () => {
          const prefix = 'records.'
          const found = Object.entries(stack.numbers()).filter(([name]) => name.startsWith(prefix))
          return new Map(found.map(([name, value]) => [name.slice(prefix.length), value]))
        },
      }
    },
    /** Which of the pipeline's three topics or streams it is. */
    kindOf: (id: string, name: string): Kind | null => {
      const { names } = pipelines.get(id)
      return kindIn(names.topics, name) ?? kindIn(names.streams, name)
    },
    /** The consumer group that only shows how far the lake is (decision 5). */
    lakeGroup: (id: string): string | null =>
      pipelines.get(id).settings.kind === 'local' ? lakeGroup(id) : null,
    /** Where runs send to and read back from. */
    targets: targetsOf,
    machine: machineOf,
    gatewayVia: async (id: string): Promise<SshHost | null> =>
      targetsOf(id).through?.includes('gateway') === true ? links.of(id) : null,
    /** What a thread of its own needs to reach Kafka; null while there is none. Throws AppError HOST_NONE, SSH_…. */
    kafkaWay: async (id: string): Promise<OpenedWay | null> => {
      const { kafkaBootstrap, through = [] } = targetsOf(id)
      if (kafkaBootstrap === null) return null
      const machine = await machineOf(id, { through: through.filter((part) => part === 'kafka') })
      const { plain: security, live } = packSecurity(await kafkaSecurity(id))
      const way = { bootstrap: bootstrapList(kafkaBootstrap), machine: machine?.plain ?? null, security }
      return { way, secrets: machine?.secrets ?? {}, live }
    },
    /** Called whenever the targets may have changed by themselves; answers how to leave. Addresses that a user gave stay. */
    onTargets: (id: string, listener: () => void): (() => void) =>
      pipelines.get(id).settings.kind === 'local' ? stacks.of(id).onChange(listener) : () => {},
    async close() {
      for (const { kafka } of kafkas.values()) await kafka.then((client) => client.close()).catch(() => {})
      for (const { client } of kineses.values()) await client.close()
    },
  }
}
