/** The sinks of a run. To add one, see docs/add-a-sink.md. */
import { join } from 'node:path'
import type { EmulationOptions, SinkId } from '../../../shared/emulation.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Network, Targets } from '../targets.ts'
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
}

/** Nothing is connected before the first record is sent, so this also serves the preview. Throws AppError NO_TARGET. */
export function createSinks(input: SinkOptions): Sink[] {
  return [...new Set(input.options.sinks)].map((id) => makers[id](input))
}

/** Throws AppError NO_TARGET where the pipeline has no address for one of the chosen sinks. */
export function checkTargets({ sinks }: EmulationOptions, targets: Targets): void {
  for (const sink of sinks) {
    if (sink === 'rest' || sink === 'streams') needed(targets.gatewayUrl, 'the gateway')
    if (sink === 'kafka') needed(targets.kafkaBootstrap, 'Kafka')
    if (sink === 'kinesis') needed(targets.kinesisEndpoint, 'Kinesis')
  }
}

const makers: Readonly<Record<SinkId, (input: SinkOptions) => Sink>> = {
  rest: ({ options, targets, network }) =>
    restSink({
      gateway: needed(targets.gatewayUrl, 'the gateway'),
      topics: targets.topics,
      connections: options.inFlight,
      network,
    }),
  streams: ({ options, targets, network }) =>
    streamsSink({
      gateway: needed(targets.gatewayUrl, 'the gateway'),
      streams: targets.streams,
      connections: options.inFlight,
      network,
    }),
  kafka: ({ options, targets }) =>
    kafkaSink({
      bootstrap: needed(targets.kafkaBootstrap, 'Kafka'),
      topics: targets.topics,
      acks: options.acks,
      compression: options.compression,
    }),
  kinesis: ({ targets, network }) =>
    kinesisSink({
      endpoint: needed(targets.kinesisEndpoint, 'Kinesis'),
      region: targets.region,
      streams: targets.streams,
      network,
    }),
  file: ({ options, folder }) => fileSink(options.filePath || join(folder, 'records')),
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
