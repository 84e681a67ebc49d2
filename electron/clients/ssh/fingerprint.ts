/** Sums of host keys, as OpenSSH prints them. */
import { createHash } from 'node:crypto'
import type { HostKey } from './types.ts'

/** The algorithm and sum of a public key in SSH's own form: a length and the algorithm's name come first (RFC 4253, 6.6). */
export function hostKeyOf(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0
  const algorithm = blob.toString('latin1', 4, 4 + Math.min(length, 64))
  const sum = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')
  return { algorithm, sha256: `SHA256:${sum}` }
}
