import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { secret } from '../lib/secret.ts'
import type { Cipher } from '../platform.ts'
import { openSecretFile } from './secretFile.ts'
import { openSecretStore } from './secretStore.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'secrets-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const open = async (cipher: Cipher | null = null) => openSecretStore(await openSecretFile(home), cipher)
const file = () => readFile(join(home, 'secrets.json'), 'utf8')
const passphrase = secret('correct horse battery')
const database = 'mysql:root@db:3306/pinterest_data'

/** A system's store, as the desktop has one: it only turns the bytes round. */
const keychain: Cipher = {
  store: 'gnome_libsecret',
  encrypt: async (text) => Buffer.from(text).reverse(),
  decrypt: async (data) => secret(Buffer.from(data).reverse().toString()),
}

describe('secrets', () => {
  it('are held for the session where there is no store, and remembering says so', async () => {
    const store = await open()
    expect(store.status()).toMatchObject({ tier: 'memory', vault: 'none', items: [] })
    store.hold(database, secret('one'))
    expect((await store.get(database))?.reveal()).toBe('one')
    await expect(store.remember(database, secret('one'))).rejects.toMatchObject({ code: 'SECRET_NO_STORE' })
    expect(await (await open()).get(database)).toBeNull()
  })

  it('are sealed in a vault, which a later session opens with its passphrase only', async () => {
    const first = await open()
    await first.createVault(passphrase)
    await first.remember(database, secret('one'))
    await first.remember('gateway:p', secret('two'))
    expect(await file()).not.toMatch(/correct horse|"one"|two/)
    if (process.platform !== 'win32')
      expect((await stat(join(home, 'secrets.json'))).mode & 0o777).toBe(0o600)

    const later = await open()
    expect(later.status()).toMatchObject({ tier: 'memory', vault: 'locked' })
    expect(later.has(database)).toBe(true)
    await expect(later.get(database)).rejects.toMatchObject({ code: 'SECRET_LOCKED' })
    await expect(later.remember('x', secret('y'))).rejects.toMatchObject({ code: 'SECRET_LOCKED' })
    await expect(later.unlock(secret('Correct horse battery'))).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    })
    await later.unlock(passphrase)
    expect((await later.get(database))?.reveal()).toBe('one')
    const unlocking = later.unlock(passphrase)
    await later.lock()
    await unlocking
    await expect(later.get(database)).rejects.toMatchObject({ code: 'SECRET_LOCKED' })
    await expect(later.createVault(passphrase)).rejects.toMatchObject({ code: 'VAULT_THERE' })
  })

  it('outlive a change of the passphrase, and the old one is worth nothing', async () => {
    const store = await open()
    await store.createVault(passphrase)
    await store.remember(database, secret('one'))
    await expect(store.changePassphrase(secret('wrong'), secret('next'))).rejects.toMatchObject({
      code: 'VAULT_WRONG_PASSPHRASE',
    })
    await store.changePassphrase(passphrase, secret('another long one'))
    const later = await open()
    await expect(later.unlock(passphrase)).rejects.toMatchObject({ code: 'VAULT_WRONG_PASSPHRASE' })
    await later.unlock(secret('another long one'))
    expect((await later.get(database))?.reveal()).toBe('one')
  })

  it('of a system’s store are opened by that store only, and others are told which', async () => {
    const desktop = await open(keychain)
    expect(desktop.status()).toMatchObject({ tier: 'keychain', vault: 'none' })
    await desktop.remember(database, secret('one'))
    expect((await (await open(keychain)).get(database))?.reveal()).toBe('one')

    // Entries changed about in the file are noticed here too.
    await desktop.remember('gateway:p', secret('two'))
    const text = await file()
    await writeFile(join(home, 'secrets.json'), text.replace('gateway:p', '-').replace(database, 'gateway:p'))
    await expect((await open(keychain)).get('gateway:p')).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' })
    await writeFile(join(home, 'secrets.json'), text)
    await desktop.remove('gateway:p')
    const failing = { ...keychain, decrypt: () => Promise.reject(new Error('locked')) }
    await expect((await open(failing)).get(database)).rejects.toMatchObject({ code: 'SECRET_STORE_FAILED' })

    const terminal = await open()
    expect(terminal.status().items).toMatchObject([
      { name: database, store: 'keychain:gnome_libsecret', openable: false },
    ])
    await expect(terminal.get(database)).rejects.toMatchObject({
      code: 'SECRET_ELSEWHERE',
      message: expect.stringContaining('gnome_libsecret'),
    })
    // Entered again here, it is this session's.
    terminal.hold(database, secret('again'))
    expect((await terminal.get(database))?.reveal()).toBe('again')
  })

  it('are forgotten one by one, or all with the vault', async () => {
    const store = await open()
    await store.createVault(passphrase)
    for (const name of ['a', 'b', 'c']) await store.remember(name, secret(name))
    await store.remove('b')
    expect(store.status().items.map(({ name }) => name)).toEqual(['a', 'c'])
    await store.forgetAll()
    expect(store.status()).toMatchObject({ vault: 'none', items: [] })
    expect(await (await open()).get('a')).toBeNull()
  })

  it('cannot be passed off under another name, and a damaged file is put aside', async () => {
    const store = await open()
    await store.createVault(passphrase)
    await store.remember('a', secret('one'))
    await store.remember('b', secret('two'))
    await writeFile(
      join(home, 'secrets.json'),
      (await file()).replaceAll('"name": "a"', '"name": "-"').replace('"name": "b"', '"name": "a"'),
    )
    const swapped = await open()
    await swapped.unlock(passphrase)
    await expect(swapped.get('a')).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' })

    await writeFile(join(home, 'secrets.json'), '{"version":1,"vault":{}')
    const { problem } = await openSecretFile(home)
    expect(problem).toMatchObject({ code: 'FILE_DAMAGED' })
    expect(await readFile(join(home, 'secrets.json.bad'), 'utf8')).toContain('"vault"')
  })
})
