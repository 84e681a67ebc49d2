/** Which certificate authorities a client trusts: those of Node.js and of the system, and the person's own besides. */
import { getCACertificates } from 'node:tls'

/** For the option `ca` of a TLS connection; `extra` is PEM text and may be empty. Given alone, it would replace all others. */
export function trustedAuthorities(extra: string): string[] {
  const own = extra === '' ? [] : [extra]
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system'), ...own])]
}
