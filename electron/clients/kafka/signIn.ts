/** Signing in to a broker (SASL): which mechanism, the words of each, and how long the session lasts. */
import { type API, saslAuthenticateV1, saslAuthenticateV2, saslHandshakeV1 } from '@platformatic/kafka'
import { redact } from '../../lib/redact.ts'
import { scramDialog } from './scram.ts'
import type { KafkaSecurity, PlainSecurity } from './security.ts'

/** As Kafka names them. */
export const mechanisms = {
  saslPlain: 'PLAIN',
  scram256: 'SCRAM-SHA-256',
  scram512: 'SCRAM-SHA-512',
  mskIam: 'OAUTHBEARER',
} as const satisfies Readonly<Record<Exclude<PlainSecurity['kind'], 'tls'>, string>>

/** The broker did not let us in; `text` is what it said, without what proves who we are. */
export class SignInError extends Error {
  /** `mechanism`: it offers others. `unspoken`: this port takes no sign-in. `refused`: it does not believe us. */
  readonly why: 'mechanism' | 'unspoken' | 'refused'
  readonly kind: PlainSecurity['kind']
  readonly offered: readonly string[]

  constructor(
    kind: PlainSecurity['kind'],
    why: SignInError['why'],
    text: string,
    offered: readonly string[] = [],
  ) {
    super(text)
    this.name = 'SignInError'
    this.why = why
    this.kind = kind
    this.offered = offered
  }
}

/** Sends one request of the sign-in itself, whatever state the session is in. */
export type Ask = <Args extends unknown[], Answer>(
  apis: readonly { readonly api: API<Args, Answer> }[],
  ...args: Args
) => Promise<Answer>

/** Kafka's codes: https://kafka.apache.org/protocol#protocol_error_codes */
const unsupportedMechanism = 33
const illegalState = 34

const handshake = [saslHandshakeV1]
const authenticate = [saslAuthenticateV2, saslAuthenticateV1]

/** What the broker offers; null where this port takes no sign-in. The connection is of no use afterwards. */
export async function offeredMechanisms(ask: Ask): Promise<readonly string[] | null> {
  const { errorCode, mechanisms: offered } = await ask(handshake, '')
  return errorCode === illegalState ? null : offered
}

/**
 * Signs in, or renews the session, and answers its life in ms, counted by the broker from about now; 0 lasts as long as the
 * connection. Rejects with SignInError, LinkError, and the AppErrors of `proof`.
 */
export async function signIn(security: KafkaSecurity, ask: Ask): Promise<number> {
  const { kind } = security
  if (kind === 'tls') return 0
  const mechanism = mechanisms[kind]
  // Before the first word: between the first and the last the broker waits.
  const proof = (await security.proof()).reveal()
  const hide = (text: string) => redact(text, [proof])
  const { errorCode, mechanisms: offered } = await ask(handshake, mechanism)
  if (errorCode === unsupportedMechanism)
    throw new SignInError(kind, 'mechanism', `it offers ${offered.join(', ') || 'none'}`, offered)
  if (errorCode !== 0) throw new SignInError(kind, 'unspoken', 'this port takes no sign-in')
  const say = async (text: string) => {
    const answer = await ask(authenticate, Buffer.from(text))
    if (answer.errorCode !== 0)
      throw new SignInError(kind, 'refused', hide(answer.errorMessage ?? 'without a reason'))
    return { words: answer.authBytes.toString(), lifetimeMs: Number(answer.sessionLifetimeMs ?? 0n) }
  }
  return dialogs[kind](say, { kind, user: security.user, proof, hide })
}

type Say = (text: string) => Promise<{ readonly words: string; readonly lifetimeMs: number }>

interface Who {
  readonly kind: PlainSecurity['kind']
  readonly user: string
  readonly proof: string
  hide(text: string): string
}

const dialogs: Readonly<Record<keyof typeof mechanisms, (say: Say, who: Who) => Promise<number>>> = {
  // RFC 4616.
  saslPlain: async (say, { user, proof }) => (await say(`\0${user}\0${proof}`)).lifetimeMs,
  scram256: (say, who) => scram('sha256', say, who),
  scram512: (say, who) => scram('sha512', say, who),
  // RFC 7628. A refusal comes as words without an error; after the client's last byte the broker ends it with its reason.
  mskIam: async (say, { kind, proof, hide }) => {
    const { words, lifetimeMs } = await say(`n,,\x01auth=Bearer ${proof}\x01\x01`)
    if (words === '') return lifetimeMs
    await say('\x01')
    throw new SignInError(kind, 'refused', hide(words))
  },
}

async function scram(hash: 'sha256' | 'sha512', say: Say, { kind, user, proof }: Who): Promise<number> {
  const dialog = scramDialog(hash, user, proof)
  const { words } = await say(dialog.first)
  const { message, isServer } = await dialog.final(words).catch((thrown: Error) => {
    throw new SignInError(kind, 'refused', thrown.message)
  })
  const last = await say(message)
  if (!isServer(last.words))
    throw new SignInError(kind, 'refused', 'the broker itself does not know the password')
  return last.lifetimeMs
}
