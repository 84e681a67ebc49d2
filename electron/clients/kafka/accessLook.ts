/** Two looks at one broker, for the doctor: its TLS, and its sign-in. Nothing but these is asked. */
import type { TLSSocket } from 'node:tls'
import { toAppError } from './errors.ts'
import { type Link, type LinkOptions, openLink } from './link.ts'
import type { KafkaSecurity } from './security.ts'
import { type Ask, mechanisms, offeredMechanisms, signIn } from './signIn.ts'
import { inClear, type OpenSocket, openTcp, overTls } from './sockets.ts'
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

/** Does the handshake and says hello. Rejects with AppError KAFKA_TLS_…, KAFKA_UNREACHABLE. */
export async function lookAtTls(place: BrokerPlace, ca: string, clientId: string): Promise<TlsLook> {
  const over = overTls(opener(place), ca)
  let stream: TLSSocket | null = null
  const openSocket: OpenSocket = (target) => {
    // What it makes is Node.js' own.
    stream = over(target) as TLSSocket
    return stream
  }
  // A broker that wants a certificate of ours says so only when it is spoken to.
  return looked({ ...place, clientId, openSocket, signIn: null }, async () => {
    const certificate = stream?.getPeerCertificate()
    const [subject = ''] = [certificate?.subject?.CN ?? ''].flat()
    return { protocol: stream?.getProtocol() ?? '', subject, until: certificate?.valid_to ?? '' }
  })
}

/** Signs in and leaves; without a sign-in of ours, asks what the broker takes. Rejects with AppError. */
export async function lookAtSignIn(
  place: BrokerPlace,
  security: KafkaSecurity | null,
  clientId: string,
): Promise<SignInLook> {
  const open = opener(place)
  const openSocket = security === null ? inClear(open) : overTls(open, security.ca)
  const base = { ...place, clientId, openSocket }
  if (security === null || security.kind === 'tls')
    return looked({ ...base, signIn: null }, async ({ ask }) => ({
      mechanism: null,
      sessionMs: 0,
      offered: await offeredMechanisms(ask),
    }))
  const mechanism = mechanisms[security.kind]
  let sessionMs = 0
  const enter = async (ask: Ask) => {
    sessionMs = await signIn(security, ask)
    return sessionMs
  }
  return looked({ ...base, signIn: enter }, async () => ({ mechanism, sessionMs, offered: null }))
}

const opener = ({ via }: BrokerPlace) => (via === null ? openTcp : throughHost(via))

async function looked<T>(options: LinkOptions, look: (link: Link) => Promise<T>): Promise<T> {
  try {
    const link = await openLink(options)
    try {
      return await look(link)
    } finally {
      link.close()
    }
  } catch (thrown) {
    throw toAppError(thrown)
  }
}
