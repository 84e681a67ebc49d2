/** What each part of the stack is started with, as the pipeline's settings say now; pure. */
import type { Pipeline } from '../../shared/contract/settings.ts'

/** One part of the stack: gateway and lake live in one child, `stack` (decision 2). */
export type PartName = 'broker' | 'kinesis' | 'stack'

/** Names of the settings and their values, as a person reads them. */
export type Wanted = Readonly<Record<string, string>>

export interface Change {
  readonly target: string
  readonly before: string
  readonly after: string
}

/** Only what needs a restart to take effect. `bootstrap` and `endpoint` are where gateway and lake would find the others. */
export function wantedOf(
  part: PartName,
  { settings, names }: Pick<Pipeline, 'settings' | 'names'>,
  at: { readonly bootstrap: string; readonly endpoint: string },
): Wanted {
  const { ports, gateway, lake, streams } = settings
  if (part === 'broker') return { 'Kafka’s port': String(ports.kafka) }
  if (part === 'kinesis') {
    return {
      'Kinesis’ port': String(ports.kinesis),
      'limits as on AWS': streams.enforceLimits ? 'on' : 'off',
    }
  }
  return {
    'the gateway’s port': String(ports.gateway),
    stage: gateway.stage,
    'allowed origins': gateway.corsOrigins.join(', '),
    'largest body, MiB': String(gateway.maxBodyMiB),
    'the lake’s topics': Object.values(names.topics).join(', '),
    'flush.size': String(lake['flush.size']),
    'rotate.schedule.interval.ms': String(lake['rotate.schedule.interval.ms']),
    bootstrap: at.bootstrap,
    endpoint: at.endpoint,
  }
}

/** What differs, by name. */
export function changesBetween(before: Wanted, after: Wanted): Change[] {
  return Object.keys(after)
    .filter((target) => before[target] !== after[target])
    .map((target) => ({ target, before: before[target] ?? '', after: after[target] ?? '' }))
}
