/** The contract's branch `secrets`: what is stored and where, and the vault. */
import { deletes } from '../../shared/contract/app.ts'
import { secret } from '../lib/secret.ts'
import type { ActivityLog, ConsentDesk } from './deps.ts'
import { api } from './rpc.ts'
import { type SecretStore, whatIs } from './secretStore.ts'

export interface SecretsDeps {
  readonly store: SecretStore
  readonly consent: ConsentDesk
  readonly activity: ActivityLog
}

export function secretsFeature({ store, consent, activity }: SecretsDeps) {
  consent.describe('secrets.forgetAll', async ({ names }) => ({
    title: 'Forget every stored secret?',
    ...deletes,
    losses: [...names.map(whatIs), ...(store.status().vault === 'none' ? [] : ['the vault'])],
    typed: 'forget',
  }))
  const names = () => store.status().items.map(({ name }) => name)
  /** Says what was done, and answers how it stands now. */
  const done = (level: 'info' | 'warn', text: string) => {
    activity.add({ level, area: 'secrets', pipeline: null, text })
    return store.status()
  }
  const s = api.secrets
  return s.router({
    status: s.status.handler(() => store.status()),
    createVault: s.createVault.handler(async ({ input }) => {
      await store.createVault(secret(input.passphrase))
      return done('info', 'Made a vault for secrets')
    }),
    unlock: s.unlock.handler(async ({ input }) => {
      await store.unlock(secret(input.passphrase))
      return done('info', 'Unlocked the vault')
    }),
    lock: s.lock.handler(async () => {
      await store.lock()
      return done('info', 'Locked the vault')
    }),
    changePassphrase: s.changePassphrase.handler(async ({ input }) => {
      await store.changePassphrase(secret(input.passphrase), secret(input.next))
      return done('info', 'Changed the passphrase of the vault')
    }),
    remove: s.remove.handler(async ({ input }) => {
      await store.remove(input.name)
      return done('info', 'Removed a stored secret')
    }),
    forgetAll: s.forgetAll.handler(async ({ input }) => {
      await consent.redeem(input.consent, { action: 'secrets.forgetAll', names: names() })
      await store.forgetAll()
      return done('warn', 'Forgot every stored secret')
    }),
  })
}
