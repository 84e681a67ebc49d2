/** How the stream to a broker is opened: TCP or a tunnel's, and TLS over it under the broker's own name. */
import { connect, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext, connect as secure } from 'node:tls'
import { trustedAuthorities } from '../../lib/trust.ts'

/** Opens the stream to a broker at its advertised address; must answer at once and call `onConnect` when it is open. */
export type OpenSocket = (target: {
  readonly host: string
  readonly port: number
  readonly onConnect: () => void
}) => Duplex

/** Small requests must not wait for one another's acknowledgement, so no Nagle; a dead peer is noticed after a minute. */
export const openTcp: OpenSocket = ({ host, port, onConnect }) =>
  connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, onConnect)

/** The code of the error where a broker answers plain words with those of TLS. */
export const tlsAnswered = 'TLS_ANSWERED'

/** A broker that wants TLS answers with an alert, which would be taken for the length of a message of 352 MB (F-08). */
export function inClear(open: OpenSocket): OpenSocket {
  return (target) => {
    const stream = open(target)
    stream.once('data', (first: Buffer) => {
      // Content type 21 (alert) or 22 (handshake), then the major version 3 (RFC 8446, 5.1).
      if ((first[0] !== 21 && first[0] !== 22) || first[1] !== 3) return
      stream.destroy(Object.assign(new Error('The broker answered with TLS.'), { code: tlsAnswered }))
    })
    return stream
  }
}

/** `ca` is PEM of authorities besides the usual. The certificate must be for the name that is connected to. */
export function overTls(open: OpenSocket, ca: string): OpenSocket {
  // One for all connections: reading some 150 authorities takes longer than a handshake.
  let context: SecureContext | null = null
  return ({ host, port, onConnect }) => {
    context ??= createSecureContext({ ca: trustedAuthorities(ca) })
    const raw = open({ host, port, onConnect: () => {} })
    const stream = secure(
      {
        socket: raw,
        secureContext: context,
        // The certificate is compared with it; a server's name indication holds names only (RFC 6066).
        host,
        ...(isIP(host) === 0 ? { servername: host } : {}),
      },
      onConnect,
    )
    raw.once('error', (thrown) => stream.destroy(thrown))
    return stream
  }
}
