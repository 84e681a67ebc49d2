/** Two looks at one broker, for the doctor: its TLS, and its sign-in. Nothing but these is asked. */
import type { TLSSocket } from 'node:tls'
import { toAppError } from './errors.ts'
import { LinkError, openLink } from './link.ts'
import type { KafkaSecurity } from './security.ts'
import { mechanisms, offeredMechanisms, signIn } from './signIn.ts'
import { inClear, openTcp, overTls } from './sockets.ts'
import { throughHost } from './tunnel.ts'

export interface BrokerPlace {
  readonly host: string
  readonly port: number
  /** Opens the connection as a machine sees the address; null from here. */
  readonly via: Parameters<typeof throughHost>[0] | null
}

export interface TlsLook {
  /** `TLSv1.3` */
  readonly protocol: string
  /** Its common name; may be empty. */
  readonly subject: string
  /** As the certificate writes it: `Nov 30 02:00:00 2027 GMT`. */
  readonly until: string
}

export interface SignInLook {
  /** Kafka's name of the mechanism; null where none is used. */
  readonly mechanism: string | null
  /** Life of the session, ms; 0 without end. */
  readonly sessionMs: number
  /** What the broker takes, asked only where we use none; null where it takes no sign-in. */
  readonly offered: readonly string[] | null
}

const opener = ({ via }: BrokerPlace) => (via === null ? openTcp : throughHost(via))
const addressOf = ({ host, port }: BrokerPlace) => `${host}:${port}`

/** Does the handshake and leaves. Rejects with AppError KAFKA_TLS_…, KAFKA_UNREACHABLE. */
export async function lookAtTls(place: BrokerPlace, ca: string, signal: AbortSignal): Promise<TlsLook> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stream = overTls(opener(place), ca)({ ...place, onConnect: resolve }) as TLSSocket
  // Stays: what is destroyed may still fail.
  stream.on('error', reject)
  stream.once('close', () => reject(new Error('The connection was closed.')))
  const stop = () => stream.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await promise
    const { subject, valid_to: until } = stream.getPeerCertificate()
    const name = subject?.CN ?? ''
    return { protocol: stream.getProtocol() ?? '', subject: [name].flat()[0] ?? '', until }
  } catch (thrown) {
    throw toAppError(new LinkError(addressOf(place), false, thrown))
  } finally {
    signal.removeEventListener('abort', stop)
    stream.destroy()
  }
}

/** Signs in and leaves; without a sign-in of ours, asks what the broker takes. Rejects with AppError. */
export async function lookAtSignIn(
  place: BrokerPlace,
  security: KafkaSecurity | null,
  clientId: string,
): Promise<SignInLook> {
  const { host, port } = place
  const open = opener(place)
  const openSocket = security === null ? inClear(open) : overTls(open, security.ca)
  const kind = security?.kind ?? 'tls'
  let sessionMs = 0
  try {
    const link = await openLink({
      ...{ host, port, clientId, openSocket },
      signIn:
        security === null || kind === 'tls'
          ? null
          : async (ask) => {
              sessionMs = await signIn(security, ask)
              return sessionMs
            },
    })
    try {
      if (kind !== 'tls') return { mechanism: mechanisms[kind], sessionMs, offered: null }
      return { mechanism: null, sessionMs, offered: await offeredMechanisms(link.ask) }
    } finally {
      link.close()
    }
  } catch (thrown) {
    throw toAppError(thrown)
  }
}
