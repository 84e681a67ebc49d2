/** The sinks of a run. To add one, see docs/add-a-sink.md. */
import { join } from 'node:path'
import type { EmulationOptions, SinkId } from '../../../shared/emulation.ts'
import { AppError } from '../../../shared/errors.ts'
import type { WhoseKeys } from '../../clients/aws/types.ts'
import { checkAccess, keyMissing } from '../../clients/gatewayAccess.ts'
import type { GatewayLine } from '../../clients/gatewayHttp.ts'
import { type KafkaReach, kafkaReach } from '../../clients/kafka/reach.ts'
import type { SshHost } from '../../clients/ssh/types.ts'
import type { Network } from '../../lib/network.ts'
import type { Secret } from '../../lib/secret.ts'
import type { Targets } from '../targets.ts'
import type { Sink } from '../types.ts'
import { fileSink } from './file.ts'
import { kafkaSink } from './kafka.ts'
import { kinesisSink } from './kinesis.ts'
import { restSink } from './rest.ts'
import { streamsSink } from './streams.ts'

export interface SinkOptions {
  readonly options: EmulationOptions
  readonly targets: Targets
  readonly network: Network
  /** The run's own folder. */
  readonly folder: string
  /** How Kafka is reached; straight by default. */
  readonly reach?: KafkaReach
  /** Opens what the gateway's client connects to; by default it connects by itself. */
  readonly gatewayVia?: Pick<SshHost, 'forward'> | null
  /** Of the gateway; a preview does without. */
  readonly gatewayKey?: Secret | null
  /** What signs where a signature is wanted; a preview does without. */
  readonly keys?: WhoseKeys
}

/**
 * Nothing is connected before the first record is sent, so this also serves the preview. Throws AppError NO_TARGET or
 * GATEWAY_ACCESS_INSECURE.
 */
export function createSinks(input: SinkOptions): Sink[] {
  return [...new Set(input.options.sinks)].map((id) => makers[id](input))
}

/**
 * Throws AppError NO_TARGET where the pipeline has no address for one of the chosen sinks, GATEWAY_ACCESS_INSECURE or
 * GATEWAY_KEY_MISSING where the gateway's access cannot be had.
 */
export function checkTargets(
  { sinks }: Pick<EmulationOptions, 'sinks'>,
  targets: Targets,
  hasKey: boolean,
): void {
  for (const sink of sinks) {
    if (sink === 'rest' || sink === 'streams') {
      const access = targets.gatewayAccess ?? 'none'
      checkAccess(needed(targets.gatewayUrl, 'the gateway'), access)
      if (access === 'apiKey' && !hasKey) throw keyMissing()
    }
    if (sink === 'kafka') needed(targets.kafkaBootstrap, 'Kafka')
    if (sink === 'kinesis') needed(targets.kinesisEndpoint, 'Kinesis')
  }
}

const makers: Readonly<Record<SinkId, (input: SinkOptions) => Sink>> = {
  rest: (input) => restSink({ topics: input.targets.topics, line: lineOf(input) }),
  streams: (input) => streamsSink({ streams: input.targets.streams, line: lineOf(input) }),
  kafka: ({ options, targets, reach = kafkaReach(null) }) =>
    kafkaSink({
      reach,
      bootstrap: needed(targets.kafkaBootstrap, 'Kafka'),
      topics: targets.topics,
      acks: options.acks,
      compression: options.compression,
    }),
  kinesis: ({ targets, network, keys = null }) =>
    kinesisSink({
      endpoint: needed(targets.kinesisEndpoint, 'Kinesis'),
      region: targets.region,
      streams: targets.streams,
      network,
      keys,
    }),
  file: ({ options, folder }) => fileSink(options.filePath || join(folder, 'records')),
}

function lineOf({
  options,
  targets,
  network,
  gatewayVia = null,
  gatewayKey = null,
  keys = null,
}: SinkOptions): Required<GatewayLine> {
  return {
    base: needed(targets.gatewayUrl, 'the gateway'),
    connections: options.inFlight,
    network,
    via: gatewayVia,
    access: { kind: targets.gatewayAccess ?? 'none', key: gatewayKey, keys, region: targets.region },
  }
}

function needed(address: string | null, what: string): string {
  if (address !== null) return address
  throw noTarget(what)
}

function noTarget(what: string): AppError {
  return new AppError({
    code: 'NO_TARGET',
    message: `There is no address for ${what}.`,
    hint: 'Start the local stack on the Set-up page, or enter the address in the pipeline’s settings.',
    field: 'options.sinks',
  })
}
