/** How Kafka is reached: straight, or through a machine; and how it is spoken to there. */
import type { PlainTarget } from '../ssh/crossing.ts'
import type { SshHost } from '../ssh/types.ts'
import { connectKafka } from './client.ts'
import type { KafkaSecurity, PlainSecurity } from './security.ts'
import { throughHost } from './tunnel.ts'
import type { KafkaAddress } from './types.ts'
import type { KafkaWorkbench } from './workbench.ts'

/** What a thread of its own needs to reach Kafka; the secrets of the machine and of the sign-in follow by `openFor`. */
export interface KafkaWay {
  readonly bootstrap: readonly string[]
  /** The machine between; null where this computer reaches Kafka straight. */
  readonly machine: PlainTarget | null
  /** Null speaks in clear. */
  readonly security: PlainSecurity | null
}

/** Connects to Kafka. Throws AppError; a machine's own trouble (SSH_…) before "the broker does not answer". */
export type KafkaReach = (address: KafkaAddress) => Promise<KafkaWorkbench>

/** `host` null reaches Kafka straight, `security` null speaks in clear. */
export const kafkaReach =
  (host: Pick<SshHost, 'connect' | 'forward'> | null, security: KafkaSecurity | null = null): KafkaReach =>
  async (address) => {
    await host?.connect()
    return connectKafka({ ...address, security }, host === null ? undefined : throughHost(host))
  }
