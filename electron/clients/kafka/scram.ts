/** SCRAM (RFC 5802, 7677): proves that we know a password without sending it, and that the server knows it too. Pure. */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

export type ScramHash = 'sha256' | 'sha512'

/** Of both hashes: RFC 7677 and Kafka's own minimum. */
const leastIterations = 4_096
/** More would only keep this computer busy: Kafka's own maximum. */
const mostIterations = 16_384
/** No channel binding, no other identity; and the same in base64. */
const header = 'n,,'
const headerText = Buffer.from(header).toString('base64')

const derive = promisify(pbkdf2)

export interface ScramFinal {
  readonly message: string
  /** False where the server does not know the password: it is not who it says. */
  isServer(last: string): boolean
}

export interface ScramDialog {
  readonly first: string
  /** Throws Error for an answer that makes no sense. */
  final(serverFirst: string): Promise<ScramFinal>
}

/** `nonce` is fixed in tests only. */
export function scramDialog(
  hash: ScramHash,
  user: string,
  password: string,
  nonce = randomBytes(24).toString('base64url'),
): ScramDialog {
  const bare = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest()
  return {
    first: header + bare,
    async final(serverFirst) {
      const { r = '', s = '', i = '' } = attributes(serverFirst)
      const iterations = Number(i)
      if (!r.startsWith(nonce) || r === nonce || s === '')
        throw new Error('The server’s answer is not SCRAM’s.')
      if (!(iterations >= leastIterations && iterations <= mostIterations))
        throw new Error(
          `The server wants ${i} iterations instead of ${leastIterations} to ${mostIterations}.`,
        )
      const length = hash === 'sha256' ? 32 : 64
      const salted = await derive(password, Buffer.from(s, 'base64'), iterations, length, hash)
      const clientKey = hmac(salted, 'Client Key')
      const without = `c=${headerText},r=${r}`
      const all = `${bare},${serverFirst},${without}`
      const signature = hmac(createHash(hash).update(clientKey).digest(), all)
      const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0)))
      const expected = hmac(hmac(salted, 'Server Key'), all)
      return {
        message: `${without},p=${proof.toString('base64')}`,
        isServer: (last) => {
          const given = Buffer.from(attributes(last).v ?? '', 'base64')
          return given.length === expected.length && timingSafeEqual(given, expected)
        },
      }
    },
  }
}

function attributes(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(text.split(',').map((part) => [part.slice(0, 1), part.slice(2)]))
}
