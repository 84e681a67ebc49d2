/** How a cluster is spoken to, and its two parts that may cross to a worker thread: plain data, and what proves who we are (decision 6). */
import type { KafkaAccessKind } from '../../../shared/settings.ts'
import type { LiveSecrets, Received } from '../../lib/openFor.ts'
import type { Secret } from '../../lib/secret.ts'

/** What may cross as plain data. */
export interface PlainSecurity {
  readonly kind: Exclude<KafkaAccessKind, 'plaintext'>
  /** PEM of authorities besides those of Node.js and of the system; may be empty. */
  readonly ca: string
  /** Empty where there is no password. */
  readonly user: string
}

/** Null, where this is used, speaks in clear. */
export interface KafkaSecurity extends PlainSecurity {
  /** Another one where somebody else signs in: what is open then is not for them. Never crosses to a worker. */
  readonly whose?: string
  /** The password, or a token signed a moment ago. Asked for at each sign-in, never for `tls`. Rejects with AppError. */
  proof(): Promise<Secret>
}

export interface PackedSecurity {
  readonly plain: PlainSecurity | null
  /** For `openFor`: fetched back at each sign-in, so a worker never holds the keys that sign. */
  readonly live: LiveSecrets
}

const name = 'kafka'

export function packSecurity(security: KafkaSecurity | null): PackedSecurity {
  if (security === null) return { plain: null, live: {} }
  const { kind, ca, user, proof } = security
  return { plain: { kind, ca, user }, live: { [name]: proof } }
}

/** Within the worker. */
export function openSecurity(plain: PlainSecurity | null, { live }: Received): KafkaSecurity | null {
  return plain === null ? null : { ...plain, proof: () => live(name) }
}
