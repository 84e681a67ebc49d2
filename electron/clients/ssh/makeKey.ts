/** A new key pair in OpenSSH's form. */
import ssh2 from 'ssh2'
import { type Secret, secret } from '../../lib/secret.ts'

export interface MadeKey {
  readonly privateKey: Secret
  /** As in `authorized_keys`. */
  readonly publicKey: string
}

/** Ed25519: short, and what Amazon Linux 2023 and every newer system takes. */
export function makeKey(comment: string): MadeKey {
  const made = ssh2.utils.generateKeyPairSync('ed25519', { comment })
  return { privateKey: secret(made.private), publicKey: made.public }
}
