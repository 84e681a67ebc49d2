/** Where a pipeline's parts are reached: all that a run needs to know of it. Plain data, it crosses to the worker. */
import type { Kind } from '../../shared/names.ts'
import type { GatewayAccessKind } from '../../shared/settings.ts'

export interface Targets {
  /** What is reached through the pipeline's machine, as that sees the addresses; nothing by default. */
  readonly through?: readonly ('kafka' | 'gateway')[]
  /** `host:port`, several separated by commas; null where only the gateway is known. */
  readonly kafkaBootstrap: string | null
  /** With its stage, if it has one; null while there is no gateway. */
  readonly gatewayUrl: string | null
  /** Who we are to the gateway; left out, nobody. Its key is a secret and not among this. */
  readonly gatewayAccess?: GatewayAccessKind
  /** Empty means AWS's own endpoint of the region; null where Kinesis is not known. */
  readonly kinesisEndpoint: string | null
  readonly region: string
  /** False where the local Kinesis was told not to enforce AWS's limits. */
  readonly shardLimits?: boolean
  /** The folder that holds `topics/`; null where the lake is not on this computer. */
  readonly lakeDir: string | null
  /** The lake's `rotate.schedule.interval.ms`: how long it may hold records back. */
  readonly lakeRotateMs?: number
  readonly topics: Readonly<Record<Kind, string>>
  readonly streams: Readonly<Record<Kind, string>>
}

/** The single addresses of a bootstrap text. */
export function bootstrapList(text: string): string[] {
  return text
    .split(',')
    .map((address) => address.trim().replace(/^PLAINTEXT:\/\//, ''))
    .filter((address) => address !== '')
}
