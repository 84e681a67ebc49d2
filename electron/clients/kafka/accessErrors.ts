/** What goes wrong with TLS and the sign-in, in words: the hints are the fixes of facts/pipeline.md section 7 (F-08 to F-21). */
import type { ErrorDetail } from '../../../shared/errors.ts'
import type { LinkError } from './link.ts'
import { mechanisms, SignInError } from './signIn.ts'
import { tlsAnswered } from './sockets.ts'

export interface AccessFailure {
  readonly detail: ErrorDetail
  /** True where trying again in a moment may help. */
  readonly passes: boolean
}

type Row = (address: string, said: string) => ErrorDetail

/** MSK's ports: https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html */
const ports = 'MSK: 9092 in clear, 9094 TLS, 9096 SCRAM, 9098 IAM.'

const untrusted: Row = (address, said) => ({
  code: 'KAFKA_TLS_UNTRUSTED',
  message: `The certificate of this broker is signed by nobody this computer trusts: ${address} (${said})`,
  hint: 'Name the PEM file of the authority that signed it as “CA file of Kafka” (endpoints.kafkaCaFile).',
  field: 'endpoints.kafkaCaFile',
})

const otherName: Row = (address, said) => ({
  code: 'KAFKA_TLS_NAME',
  message: `The certificate of this broker is for another name than it is reached at: ${address} (${said})`,
  hint: 'Use a name that the certificate holds, as bootstrap address and in advertised.listeners of the broker; or have it made for this name (subjectAltName).',
})

const expired: Row = (address, said) => ({
  code: 'KAFKA_TLS_EXPIRED',
  message: `The certificate of this broker is not valid at this time: ${address} (${said})`,
  hint: 'It has to be renewed on the broker. Where it is new, look at this computer’s clock.',
})

const notSpoken: Row = (address) => ({
  code: 'KAFKA_TLS_NOT_SPOKEN',
  message: `TLS was spoken and the connection closed, as by a port that speaks no TLS: ${address}`,
  hint: `Use the port of the TLS listener, or set how Kafka is spoken to (endpoints.kafkaAccess) to plaintext. ${ports}`,
  field: 'endpoints.kafkaAccess',
})

const wanted: Row = (address) => ({
  code: 'KAFKA_TLS_WANTED',
  message: `This port of the broker wants TLS, and it was spoken to in clear: ${address}`,
  hint: `Set how Kafka is spoken to (endpoints.kafkaAccess) to what the port wants. ${ports}`,
  field: 'endpoints.kafkaAccess',
})

const tlsFailed: Row = (address, said) => ({
  code: 'KAFKA_TLS_FAILED',
  message: `No TLS connection to the broker came about: ${address} (${said})`,
  hint: 'Both must share a TLS version (1.2 or newer) and a cipher. A listener that asks clients for a certificate of their own cannot be used by this app.',
})

/** By Node.js' and OpenSSL's codes. */
const byCode: Readonly<Record<string, Row>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  INVALID_CA: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: otherName,
  HOSTNAME_MISMATCH: otherName,
  CERT_HAS_EXPIRED: expired,
  CERT_NOT_YET_VALID: expired,
  ERR_SSL_WRONG_VERSION_NUMBER: notSpoken,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notSpoken,
  [tlsAnswered]: wanted,
}

/** Node.js' own words; the code is the same as of any connection that was cut. */
const cutInHandshake = /before secure TLS connection was established/

const password: Row = (address, said) => ({
  code: 'KAFKA_AUTHENTICATION',
  message: `Kafka did not accept the user name or the password: ${address} (${said})`,
  hint: 'Check both; the user must have credentials of this very mechanism (endpoints.kafkaAccess).',
  field: 'endpoints.kafkaUser',
})

const connect: Row = (address, said) => ({
  code: 'KAFKA_CONNECT_DENIED',
  message: `Kafka did not let this identity of AWS in: ${address} (${said})`,
  hint: 'Its policy needs kafka-cluster:Connect on the ARN of this cluster (kafka:* is another service). Look at the page AWS for who we are, and whether the region is the cluster’s and this computer’s clock is right.',
})

const tooMany: Row = (address) => ({
  code: 'KAFKA_TOO_MANY_CONNECTS',
  message: `The broker takes only so many new sign-ins by IAM a second: ${address}`,
  hint: 'It is tried again by itself. Fewer clients at once help; small brokers (t3.small) take four a second.',
})

const otherPrincipal: Row = (address) => ({
  code: 'KAFKA_PRINCIPAL_CHANGED',
  message: `The session was renewed as somebody else than it began: ${address}`,
  hint: 'It is begun anew by itself. A role must keep its session name from one renewal to the next (role_session_name of the profile).',
})

/** Null where it is a failure of the network alone. */
export function accessFailure(error: LinkError): AccessFailure | null {
  const { address, cause } = error
  if (cause instanceof SignInError) return signInFailure(address, cause)
  const { code = '', message = '' } = (cause ?? {}) as { readonly code?: string; readonly message?: string }
  // Node.js adds advice of its own about a flag that a person cannot give here.
  const said = message.replace(/^Connection error: /, '').replace(/; if the root CA.*$/, '')
  // A broker that goes down cuts handshakes too.
  if (cutInHandshake.test(message)) return { detail: notSpoken(address, said), passes: true }
  const row = byCode[code] ?? (/^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code) ? tlsFailed : null)
  if (row !== null) return { detail: row(address, said), passes: false }
  if (error.unwelcome && /Closed connection/.test(message))
    return { detail: signInWanted(address), passes: true }
  return null
}

function signInFailure(address: string, { why, kind, message, offered }: SignInError): AccessFailure {
  if (why === 'mechanism') return { detail: otherMechanism(address, kind, offered), passes: false }
  if (why === 'unspoken') return { detail: unspoken(address), passes: false }
  if (/too many connects/i.test(message)) return { detail: tooMany(address, message), passes: true }
  if (/change (principals|mechanism)/i.test(message))
    return { detail: otherPrincipal(address, message), passes: true }
  return { detail: (kind === 'mskIam' ? connect : password)(address, message), passes: false }
}

function otherMechanism(address: string, kind: SignInError['kind'], offered: readonly string[]): ErrorDetail {
  const ours = kind === 'tls' ? '' : mechanisms[kind]
  const iam = offered.includes('AWS_MSK_IAM') && kind !== 'mskIam'
  return {
    code: 'KAFKA_MECHANISM',
    message: `This port of the broker does not take ${ours}; it takes ${offered.join(', ') || 'nothing else'}: ${address}`,
    hint: iam
      ? 'It is the port of IAM: set endpoints.kafkaAccess to mskIam.'
      : `Set endpoints.kafkaAccess to one of these, or use the port of the listener that takes ours. ${ports}`,
    field: 'endpoints.kafkaAccess',
  }
}

const unspoken = (address: string): ErrorDetail => ({
  code: 'KAFKA_SIGN_IN_NOT_SPOKEN',
  message: `This port of the broker takes no sign-in: ${address}`,
  hint: `Set endpoints.kafkaAccess to tls or plaintext, or use the port of the listener with a sign-in. ${ports}`,
  field: 'endpoints.kafkaAccess',
})

/** Also told by the doctor, who asks the broker what it takes. */
export const signInWanted = (address: string, offered: readonly string[] = []): ErrorDetail => ({
  code: 'KAFKA_SIGN_IN_WANTED',
  message: `The broker closed the connection at the first question, as one does that wants a sign-in${offered.length === 0 ? '' : ` (${offered.join(', ')})`}: ${address}`,
  hint: `Set endpoints.kafkaAccess to the sign-in that the port wants. ${ports}`,
  field: 'endpoints.kafkaAccess',
})
