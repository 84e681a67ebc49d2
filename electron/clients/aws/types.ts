/** What the rest of the app knows of AWS: keys that do not print, and where calls go. */
import type { AwsSource } from '../../../shared/aws.ts'
import type { AwsIdentity } from '../../../shared/contract/aws.ts'
import type { Problem } from '../../../shared/contract/base.ts'
import type { Network } from '../../lib/network.ts'
import type { Secret } from '../../lib/secret.ts'

export interface AwsKeys {
  readonly accessKeyId: Secret
  readonly secretAccessKey: Secret
  readonly sessionToken: Secret | null
  /** Milliseconds since 1970; null where they do not end, or it is not known. */
  readonly expiresAt: number | null
}

/**
 * Whose keys sign what a client sends: asked for before each call, never kept beyond it. Null is whoever the SDK's own chain
 * finds on this computer.
 */
export type WhoseKeys = (() => Promise<AwsKeys>) | null

/** What a call needs besides its own input. */
export interface AwsAccess {
  readonly region: string
  /** Empty means AWS itself. */
  readonly endpoint: string
  readonly network: Network
  /** Asked before each call: renewed where they are near their end. Rejects with AppError. */
  keys(): Promise<AwsKeys>
}

/** Whom AWS calls the one who asks. */
export interface Caller {
  readonly access: AwsAccess
  readonly arn: string
}

export interface Tried {
  readonly source: AwsSource
  readonly state: 'used' | 'absent' | 'failed'
  readonly text: string
}

/** What the sources came to: keys, or the reason why there are none. */
export interface Resolved {
  readonly keys: AwsKeys | null
  readonly source: AwsSource
  /** The source in words. */
  readonly via: string
  readonly region: string
  readonly endpoint: string
  /** The profile that a sign-in is for. */
  readonly profile: string | null
  /** Can be done again without a person. */
  readonly renewable: boolean
  readonly tried: readonly Tried[]
  readonly problem: Problem | null
}

export type { AwsIdentity }
