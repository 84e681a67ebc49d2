import { expect, it } from 'vitest'
import { draftOf, emptyHop, secretsOf, settingsOf, withHop } from './hopDraft.ts'

const pin = { algorithm: 'ssh-ed25519', sha256: `SHA256:${'a'.repeat(43)}` }
const typed = { ...emptyHop, host: 'box', path: '~/k.pem', hostKey: pin }

it('goes to settings and back', () => {
  const { settings } = settingsOf({ host: typed, jump: { ...emptyHop, host: 'between', kind: 'agent' } })
  expect(settings).toMatchObject({
    host: 'box',
    port: 22,
    key: { kind: 'file', path: '~/k.pem' },
    hostKey: pin,
  })
  expect(settings?.jump).toMatchObject({ host: 'between', key: { kind: 'agent' }, hostKey: null })
  expect(settingsOf(draftOf(settings)).settings).toEqual(settings)
})

it('names each wrong field, also of the jump host', () => {
  const { errors } = settingsOf({
    host: { ...emptyHop, host: 'user@box', port: '0', user: '-x' },
    jump: { ...emptyHop, kind: 'agent' },
  })
  expect(Object.keys(errors ?? {}).sort()).toEqual(['host', 'jump.host', 'key.path', 'port', 'user'])
})

it('hands on only the secrets of the way that is chosen', () => {
  const host = { ...typed, key: 'KEY', passphrase: 'p' }
  expect(secretsOf({ host, jump: null })).toEqual({ host: { passphrase: 'p' } })
  expect(secretsOf({ host: { ...host, kind: 'agent' }, jump: null })).toEqual({ host: {} })
})

it('forgets the key of a machine at another address, and no other time', () => {
  expect(withHop(typed, { host: 'other' }).hostKey).toBeNull()
  expect(withHop(typed, { port: '2222' }).hostKey).toBeNull()
  expect(withHop(typed, { user: 'admin' }).hostKey).toEqual(pin)
})
