import { expect, it } from 'vitest'
import { scramDialog } from './scram.ts'

// The example of RFC 7677, section 3.
const nonce = 'rOprNGfwEbeRWgbNEkqO'
const serverFirst = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'
const proof =
  'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ='
const serverFinal = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='

it('says what RFC 7677 says, and knows the server by its answer', async () => {
  const dialog = scramDialog('sha256', 'user', 'pencil', nonce)
  expect(dialog.first).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
  const { message, isServer } = await dialog.final(serverFirst)
  expect(message).toBe(proof)
  expect(isServer(serverFinal)).toBe(true)
  expect(isServer(serverFinal.replace('6rri', '7rri'))).toBe(false)
  expect(isServer('e=other-error')).toBe(false)
})

it('escapes what separates the parts, wherever it stands', () => {
  expect(scramDialog('sha512', 'a,b=c,d', 'pw', 'n').first).toBe('n,,n=a=2Cb=3Dc=2Cd,r=n')
})

it('refuses a nonce of somebody else, and work that is too little or endless', async () => {
  const dialog = scramDialog('sha256', 'user', 'pencil', nonce)
  await expect(dialog.final(serverFirst.replace(nonce, 'other'))).rejects.toThrow('not SCRAM')
  await expect(dialog.final(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`)).rejects.toThrow('not SCRAM')
  await expect(dialog.final(serverFirst.replace('4096', '1'))).rejects.toThrow('iterations')
  await expect(dialog.final(serverFirst.replace('4096', '99999999'))).rejects.toThrow('iterations')
  await expect(dialog.final('e=unknown-user')).rejects.toThrow('not SCRAM')
})
