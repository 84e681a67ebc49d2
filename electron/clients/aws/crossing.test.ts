import { expect, it } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import type { Secret } from '../../lib/secret.ts'
import { toKeys } from './clientConfig.ts'
import { openPackedKeys, packKeys } from './crossing.ts'
import type { AwsKeys, WhoseKeys } from './types.ts'

/** Both ends, without the thread between. */
function packed(keys: WhoseKeys): WhoseKeys {
  const { plain, live } = packKeys(keys)
  const ask = (name: string): Promise<Secret> => live[name]?.() ?? Promise.reject(new Error(name))
  return openPackedKeys(plain, { secrets: {}, live: ask })
}
const crossed = (keys: () => Promise<AwsKeys>): (() => Promise<AwsKeys>) =>
  packed(keys) ?? (() => Promise.reject(new Error('The identity was lost on the way.')))
const opened = ({ accessKeyId, secretAccessKey, sessionToken, expiresAt }: AwsKeys) => [
  accessKeyId.reveal(),
  secretAccessKey.reveal(),
  sessionToken?.reveal() ?? null,
  expiresAt,
]
const some = (id: string, more: object = {}) =>
  toKeys({ accessKeyId: id, secretAccessKey: 'secret', ...more })

it('carries keys with and without an end, and leaves those without an identity to the chain', async () => {
  const temporary = some('ASIA', { sessionToken: 'token', expiration: new Date(1_000_000) })
  expect(opened(await crossed(async () => temporary)())).toEqual(['ASIA', 'secret', 'token', 1_000_000])
  expect(opened(await crossed(async () => some('AKIA'))())).toEqual(['AKIA', 'secret', null, null])
  expect(packed(null)).toBeNull()
})

it('asks once for calls that begin together, and anew for each later one, also after a failure', async () => {
  let asked = 0
  const keys = crossed(async () => {
    asked += 1
    if (asked === 2) throw new AppError({ code: 'AWS_SSO_NEEDED', message: 'no', hint: 'sign in' })
    return some(`AKIA${asked}`)
  })
  const ids = async () => (await keys()).accessKeyId.reveal()
  expect(await Promise.all([ids(), ids(), ids()])).toEqual(['AKIA1', 'AKIA1', 'AKIA1'])
  await expect(keys()).rejects.toMatchObject({ code: 'AWS_SSO_NEEDED' })
  expect(await ids()).toBe('AKIA3')
})
