/** Named secrets: in memory for the session, or remembered by the system's own store or by a vault under a passphrase. */
import { z } from 'zod'
import type { SecretsStatus } from '../../shared/contract/secrets.ts'
import { AppError } from '../../shared/errors.ts'
import { deriveKey, type Kdf, newKdf, seal, unreadable, unseal } from '../lib/seal.ts'
import { type Secret, secret } from '../lib/secret.ts'
import type { Cipher } from '../platform.ts'
import type { OpenSecretFile, StoredSecret } from './secretFile.ts'

export interface SecretStore {
  status(): SecretsStatus
  /** Null where there is none of this name. Throws AppError SECRET_LOCKED, SECRET_ELSEWHERE, SECRET_UNREADABLE. */
  get(name: string): Promise<Secret | null>
  /** True where there is one of this name, also where it cannot be opened now. */
  has(name: string): boolean
  /** For this session only. */
  hold(name: string, value: Secret): void
  /** For good, where a store is there and open; throws AppError SECRET_LOCKED or SECRET_NO_STORE. */
  remember(name: string, value: Secret): Promise<void>
  remove(name: string): Promise<void>
  createVault(passphrase: Secret): Promise<void>
  unlock(passphrase: Secret): Promise<void>
  lock(): Promise<void>
  changePassphrase(passphrase: Secret, next: Secret): Promise<void>
  forgetAll(): Promise<void>
}

const checkName = 'check'
const checkText = secret('pipeline-control')

export function openSecretStore(file: OpenSecretFile, cipher: Cipher | null): SecretStore {
  const held = new Map<string, Secret>()
  let key: Buffer | null = null
  /** Changes wait for one another; guessing passphrases in parallel would also eat the memory. */
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }
  const useKey = (next: Buffer | null) => {
    key?.fill(0)
    key = next
  }
  const others = (name: string) => file.get().items.filter((item) => item.name !== name)
  const put = (item: StoredSecret) => file.set({ ...file.get(), items: [...others(item.name), item] })

  const checked = async (passphrase: Secret): Promise<Buffer> => {
    const { vault } = file.get()
    if (vault === null) throw noVault()
    const derived = await deriveKey(passphrase, vault.kdf)
    try {
      unseal(derived, checkName, vault.check)
    } catch {
      throw wrongPassphrase()
    }
    return derived
  }
  const vaultOf = (made: Buffer, kdf: Kdf) => ({ kdf, check: seal(made, checkName, checkText) })

  const openItem = async (item: StoredSecret): Promise<Secret> => {
    if (item.kind === 'keychain') {
      if (cipher?.store !== item.store) throw elsewhere(item.name, item.store)
      return fromKeychain(cipher, item.name, Buffer.from(item.data, 'base64'))
    }
    if (key === null) throw locked(item.name)
    return unseal(key, item.name, item.sealed)
  }

  return {
    status() {
      const { vault, items } = file.get()
      const state = vault === null ? 'none' : key === null ? 'locked' : 'open'
      return {
        ...tierOf(cipher, state),
        vault: state,
        items: items.map((item) => ({
          name: item.name,
          what: whatIs(item.name),
          store: item.kind === 'vault' ? 'vault' : `keychain:${item.store}`,
          openable: item.kind === 'vault' ? key !== null : cipher?.store === item.store,
        })),
      }
    },
    has: (name) => held.has(name) || file.get().items.some((item) => item.name === name),
    async get(name) {
      const known = held.get(name)
      if (known !== undefined) return known
      const item = file.get().items.find((each) => each.name === name)
      return item === undefined ? null : openItem(item)
    },
    hold: (name, value) => void held.set(name, value),
    remember: (name, value) =>
      inTurn(async () => {
        if (cipher !== null) {
          const data = (await toKeychain(cipher, name, value)).toString('base64')
          await put({ kind: 'keychain', name, store: cipher.store, data })
        } else if (key !== null) {
          await put({ kind: 'vault', name, sealed: seal(key, name, value) })
        } else {
          throw file.get().vault === null ? noStore() : locked(name)
        }
        held.delete(name)
      }),
    remove: (name) =>
      inTurn(async () => {
        held.delete(name)
        if (others(name).length < file.get().items.length)
          await file.set({ ...file.get(), items: others(name) })
      }),
    createVault: (passphrase) =>
      inTurn(async () => {
        if (file.get().vault !== null) throw vaultThere()
        const kdf = newKdf()
        const made = await deriveKey(passphrase, kdf)
        await file.set({ ...file.get(), vault: vaultOf(made, kdf) })
        useKey(made)
      }),
    unlock: (passphrase) =>
      inTurn(async () => {
        useKey(await checked(passphrase))
      }),
    lock: () => inTurn(async () => useKey(null)),
    changePassphrase: (passphrase, next) =>
      inTurn(async () => {
        const before = await checked(passphrase)
        const kdf = newKdf()
        const made = await deriveKey(next, kdf)
        const items = file
          .get()
          .items.map((item) =>
            item.kind === 'vault'
              ? { ...item, sealed: seal(made, item.name, unseal(before, item.name, item.sealed)) }
              : item,
          )
        await file.set({ vault: vaultOf(made, kdf), items })
        before.fill(0)
        useKey(made)
      }),
    forgetAll: () =>
      inTurn(async () => {
        await file.clear()
        held.clear()
        useKey(null)
      }),
  }
}

/** The name goes in with the value, so that entries changed about in the file are noticed. */
async function toKeychain(cipher: Cipher, name: string, value: Secret): Promise<Buffer> {
  try {
    return Buffer.from(await cipher.encrypt(JSON.stringify([name, value.reveal()])))
  } catch (cause) {
    throw keychainFailed(cipher.store, name, cause)
  }
}

async function fromKeychain(cipher: Cipher, name: string, data: Uint8Array): Promise<Secret> {
  try {
    const [whose, value] = z
      .tuple([z.string(), z.string()])
      .parse(JSON.parse((await cipher.decrypt(data)).reveal()))
    if (whose === name) return secret(value)
  } catch (cause) {
    throw keychainFailed(cipher.store, name, cause)
  }
  throw unreadable(name)
}

function keychainFailed(store: string, name: string, cause: unknown): AppError {
  return new AppError(
    {
      code: 'SECRET_STORE_FAILED',
      message: `Your system’s store did not do it (${store}): ${whatIs(name)}`,
      hint: 'Unlock the store of your system and try again; if it stays so, remove the secret and enter it again.',
    },
    // Its text could quote what was to be stored.
    cause instanceof z.ZodError ? undefined : cause,
  )
}

function tierOf(cipher: Cipher | null, vault: SecretsStatus['vault']): Pick<SecretsStatus, 'tier' | 'words'> {
  if (cipher !== null) return { tier: 'keychain', words: `Your system keeps them: ${cipher.store}.` }
  if (vault === 'open') return { tier: 'vault', words: 'The vault keeps them, sealed under your passphrase.' }
  if (vault === 'locked') {
    return {
      tier: 'memory',
      words: 'The vault is locked: what is stored cannot be used, and nothing can be added.',
    }
  }
  return { tier: 'memory', words: 'They are kept in memory only and are gone when the app ends.' }
}

/** A secret's name in words. */
export function whatIs(name: string): string {
  const [kind = '', ...rest] = name.split(':')
  const of = rest.join(':')
  if (kind === 'mysql') return `Password of the database ${of}`
  if (kind === 'kafka') return `Password for Kafka of ${of}`
  if (kind === 'aws') return `AWS keys of ${of}`
  if (kind === 'databricks-token') return `Databricks token of ${of}`
  if (kind === 'databricks-oauth') return `Databricks service principal’s secret of ${of}`
  if (kind === 'databricks-browser') return `Databricks session of ${of}`
  const ssh = /^ssh-(key|passphrase|password)$/.exec(kind)?.[1]
  if (ssh !== undefined) {
    const what = { key: 'SSH key', passphrase: 'Passphrase of the SSH key', password: 'SSH password' }[ssh]
    return `${what} for ${rest.join(':').endsWith('/jump') ? `the jump host of ${of.slice(0, -'/jump'.length)}` : `the machine of ${of}`}`
  }
  return kind === 'gateway' ? `API key of the gateway of ${of}` : name
}

function locked(name: string): AppError {
  return new AppError({
    code: 'SECRET_LOCKED',
    message: `The vault is locked: ${whatIs(name)}`,
    hint: 'Unlock it in Settings, or with "pipeline secrets unlock".',
    field: 'passphrase',
  })
}

function elsewhere(name: string, store: string): AppError {
  return new AppError({
    code: 'SECRET_ELSEWHERE',
    message: `Another store holds it, which only the desktop app can open (${store}): ${whatIs(name)}`,
    hint: 'Do this in the window of the desktop app, or remove it in Settings and enter it again here.',
  })
}

function noStore(): AppError {
  return new AppError({
    code: 'SECRET_NO_STORE',
    message: 'There is no store that could remember it.',
    hint: 'Make a vault in Settings first, or go on without remembering.',
    field: 'remember',
  })
}

function noVault(): AppError {
  return new AppError({
    code: 'VAULT_NONE',
    message: 'There is no vault yet.',
    hint: 'Make one first: Settings, or "pipeline secrets create".',
  })
}

function vaultThere(): AppError {
  return new AppError({
    code: 'VAULT_THERE',
    message: 'There is a vault already.',
    hint: 'Unlock it with its passphrase; if that is lost, forget everything and make a new one.',
  })
}

function wrongPassphrase(): AppError {
  return new AppError({
    code: 'VAULT_WRONG_PASSPHRASE',
    message: 'This is not the passphrase of the vault.',
    hint: 'Try again; mind upper and lower case and the keyboard’s layout.',
    field: 'passphrase',
  })
}
