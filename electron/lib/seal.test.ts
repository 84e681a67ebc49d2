import { describe, expect, it } from 'vitest'
import { deriveKey, kdfSchema, newKdf, seal, unseal } from './seal.ts'
import { secret } from './secret.ts'

/** Quicker than the real one, which one test uses. */
const quick = () => ({ ...newKdf(), N: 2 ** 14 })
const passphrase = secret('correct horse battery')
const text = secret('pässword ✓')

describe('a sealed text', () => {
  it('opens under the same passphrase and name, and under nothing else', async () => {
    const kdf = newKdf()
    expect([kdf.N, kdf.r, kdf.p]).toEqual([131_072, 8, 1])
    const key = await deriveKey(passphrase, kdf)
    const sealed = seal(key, 'mysql:a', text)
    expect(JSON.stringify(sealed)).not.toContain('ssword')
    expect(unseal(await deriveKey(passphrase, kdf), 'mysql:a', sealed).reveal()).toBe('pässword ✓')
    expect(() => unseal(key, 'mysql:b', sealed)).toThrow('mysql:b')
    const other = await deriveKey(secret('correct horse batterz'), kdf)
    expect(() => unseal(other, 'mysql:a', sealed)).toThrow('cannot be opened')
    const salted = await deriveKey(passphrase, { ...kdf, salt: newKdf().salt })
    expect(() => unseal(salted, 'mysql:a', sealed)).toThrow('cannot be opened')
  })

  it('is refused when any bit of it was changed', async () => {
    const key = await deriveKey(passphrase, quick())
    const sealed = seal(key, 'n', text)
    const bytes = Buffer.from(sealed.data, 'base64')
    for (let bit = 0; bit < bytes.length * 8; bit += 5) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => unseal(key, 'n', { ...sealed, data: changed.toString('base64') })).toThrow(
        'cannot be opened',
      )
    }
    for (const data of ['', 'AAAA', bytes.subarray(0, -1).toString('base64')])
      expect(() => unseal(key, 'n', { ...sealed, data })).toThrow('cannot be opened')
  })

  it('never uses a nonce twice, so that the same text looks different each time', async () => {
    const key = await deriveKey(passphrase, quick())
    const all = Array.from({ length: 500 }, () => seal(key, 'n', text))
    expect(new Set(all.map(({ nonce }) => nonce)).size).toBe(500)
    expect(new Set(all.map(({ data }) => data)).size).toBe(500)
  })

  it('takes a passphrase however its accents were typed', async () => {
    const kdf = quick()
    const [a, b] = await Promise.all([
      deriveKey(secret('caf\u00e9 au lait'), kdf),
      deriveKey(secret('cafe\u0301 au lait'), kdf),
    ])
    expect(a.equals(b)).toBe(true)
  })

  it('refuses a file that asks for all memory, or for next to no work', () => {
    expect(kdfSchema.safeParse({ ...newKdf(), N: 2 ** 30 }).success).toBe(false)
    expect(kdfSchema.safeParse({ ...newKdf(), N: 2 }).success).toBe(false)
  })
})
