/** The links TLS and SASL: how the brokers are spoken to, and whether they let us in; in clear, whether they would want more. */
import { type KafkaAccessKind, wantsPassword } from '../../../shared/settings.ts'
import { signInWanted } from '../../clients/kafka/accessErrors.ts'
import { type BrokerPlace, lookAtSignIn, lookAtTls, type SignInLook } from '../../clients/kafka/accessLook.ts'
import type { KafkaSecurity } from '../../clients/kafka/security.ts'
import { type Found, type Part, problemOf, single } from './chain.ts'

export interface AccessLookDeps {
  readonly kind: KafkaAccessKind
  security(): Promise<KafkaSecurity | null>
  /** The addresses that open; at least one once the link of the port is not bad. */
  places(): Promise<readonly BrokerPlace[]>
}

const clientId = 'pipeline-control-doctor'

export function accessParts(deps: AccessLookDeps): Part[] {
  return [
    single('tls', ['brokerPort'], () => mended(() => tls(deps))),
    single('sasl', ['tls'], () => mended(() => sasl(deps))),
  ]
}

/** What is wrong is mended in the settings, or on the page AWS where the identity has nothing to sign with. */
async function mended(look: () => Promise<Found>): Promise<Found> {
  try {
    return await look()
  } catch (thrown) {
    const problem = problemOf(thrown)
    const page = problem.code.startsWith('AWS_')
      ? ('/aws' as const)
      : problem.field === undefined
        ? null
        : ('/settings' as const)
    return { state: 'bad', text: '', problem, ...(page === null ? {} : { action: { kind: 'open', page } }) }
  }
}

async function tls({ security, places }: AccessLookDeps): Promise<Found> {
  const how = await security()
  const all = await places()
  if (how === null) {
    for (const place of all) await inClear(place)
    return { state: 'unused', text: 'Kafka is spoken to in clear' }
  }
  const looks = await Promise.all(all.map((place) => lookAtTls(place, how.ca, clientId)))
  const [first] = looks
  if (first === undefined) return { state: 'unused', text: 'there is no address to look at' }
  const until = looks.map((look) => look.until).sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? ''
  const whose = first.subject === '' ? 'the certificate' : `the certificate of ${first.subject}`
  return { state: 'good', text: `${first.protocol}; ${whose} is trusted, until ${dayOf(until)}` }
}

/** What a port that is spoken to in clear takes; null where it does not answer as Kafka, which the next link tells. */
async function inClear(place: BrokerPlace): Promise<SignInLook | null> {
  try {
    return await lookAtSignIn(place, null, clientId)
  } catch (thrown) {
    if (problemOf(thrown).code === 'KAFKA_TLS_WANTED') throw thrown
    return null
  }
}

/** `2027-11-30`, of a certificate's own way to write it. */
const dayOf = (text: string) => {
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? text : time.toISOString().slice(0, 10)
}

async function sasl({ kind, security, places }: AccessLookDeps): Promise<Found> {
  const how = await security()
  const [place] = await places()
  if (place === undefined) return { state: 'unused', text: 'there is no address to look at' }
  const look = how === null ? await inClear(place) : await lookAtSignIn(place, how, clientId)
  if (look === null) return { state: 'unused', text: 'no sign-in is used' }
  const { mechanism, sessionMs, offered } = look
  const address = `${place.host}:${place.port}`
  if (mechanism === null) {
    if (offered === null) return { state: 'unused', text: 'the broker wants no sign-in' }
    return {
      state: 'bad',
      text: '',
      problem: signInWanted(address, offered),
      action: { kind: 'open', page: '/settings' },
    }
  }
  const as = wantsPassword(kind) && how !== null ? ` as ${how.user}` : ''
  const life = sessionMs === 0 ? '' : `; renewed within ${Math.round(sessionMs / 1_000)} s`
  return { state: 'good', text: `${address} let us in by ${mechanism}${as}${life}` }
}
