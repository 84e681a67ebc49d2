/** The host keys that cloud-init prints to an instance's console at its first start. */
import type { HostKeyPin } from '../../../shared/host.ts'

const begins = '-----BEGIN SSH HOST KEY FINGERPRINTS-----'
const ends = '-----END SSH HOST KEY FINGERPRINTS-----'
const algorithms: Readonly<Record<string, string>> = {
  ED25519: 'ssh-ed25519',
  ECDSA: 'ecdsa-sha2-nistp256',
  RSA: 'ssh-rsa',
}

/** Lines such as `ci-info: 256 SHA256:… root@ip-… (ED25519)`; empty while the console does not have them yet. */
export function hostKeysIn(console: string): HostKeyPin[] {
  const begin = console.lastIndexOf(begins)
  const end = console.indexOf(ends, begin)
  if (begin < 0 || end < 0) return []
  return console
    .slice(begin, end)
    .split('\n')
    .flatMap((line) => {
      const [, sha256, kind] = /\d+ (SHA256:[A-Za-z0-9+/]{43}) .*\((\w+)\)/.exec(line) ?? []
      const algorithm = algorithms[kind ?? '']
      return sha256 === undefined || algorithm === undefined ? [] : [{ algorithm, sha256 }]
    })
}
