/** Sealing texts under a passphrase: scrypt makes the key, AES-256-GCM seals each text under its own name. */
import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { type Secret, secret } from './secret.ts'

const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/)

/** How the key is made; stored beside what it seals, so that stronger numbers can come later. */
export const kdfSchema = z.object({
  name: z.literal('scrypt'),
  /** Bounds keep a damaged or planted file from asking for all memory. */
  N: z
    .int()
    .min(2 ** 14)
    .max(2 ** 20),
  r: z.int().min(8).max(16),
  p: z.int().min(1).max(4),
  salt: base64,
})
export type Kdf = z.infer<typeof kdfSchema>

/** The bytes and the tag behind them, both as base64 text, and the nonce, which is never used twice. */
export const sealedSchema = z.object({ nonce: base64, data: base64 })
export type Sealed = z.infer<typeof sealedSchema>

/** OWASP's first choice for scrypt (Password Storage Cheat Sheet): N = 2^17, r = 8, p = 1; 128 MiB, some 0.4 s. */
export function newKdf(): Kdf {
  return { name: 'scrypt', N: 2 ** 17, r: 8, p: 1, salt: randomBytes(16).toString('base64') }
}

/** 256 bits. */
export function deriveKey(passphrase: Secret, { N, r, p, salt }: Kdf): Promise<Buffer> {
  // Node refuses what needs more than `maxmem`; scrypt needs 128 · N · r bytes and a little.
  const options: ScryptOptions = { N, r, p, maxmem: 2 * 128 * N * r }
  return new Promise((resolve, reject) => {
    // The same passphrase typed on two systems must be the same bytes.
    const text = passphrase.reveal().normalize('NFKC')
    scrypt(text, Buffer.from(salt, 'base64'), 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

/** A text of one name cannot be passed off as that of another: the name is authenticated with it. */
export function seal(key: Buffer, name: string, text: Secret): Sealed {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
  const data = Buffer.concat([cipher.update(text.reveal(), 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { nonce: nonce.toString('base64'), data: data.toString('base64') }
}

/** Throws AppError SECRET_UNREADABLE for another key, another name, or a single changed bit. */
export function unseal(key: Buffer, name: string, { nonce, data }: Sealed): Secret {
  const bytes = Buffer.from(data, 'base64')
  const tag = bytes.subarray(-16)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: 16 })
      .setAAD(Buffer.from(name))
      .setAuthTag(tag)
    return secret(decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8'))
  } catch {
    throw unreadable(name)
  }
}

export function unreadable(name: string): AppError {
  return new AppError({
    code: 'SECRET_UNREADABLE',
    message: `A stored secret cannot be opened: ${name}`,
    hint: 'It was changed, or sealed under another passphrase. Remove it in Settings and enter it again.',
  })
}
