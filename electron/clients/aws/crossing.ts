/** Whose keys sign, in two parts that may cross to a worker thread: whether there is an identity, and its keys (decision 6). */
import type { LiveSecrets, Received } from '../../lib/openFor.ts'
import { secret } from '../../lib/secret.ts'
import { type OpenedKeys, openKeys, toKeys } from './clientConfig.ts'
import type { AwsKeys, WhoseKeys } from './types.ts'

export interface PackedKeys {
  /** What crosses as plain data: false leaves the worker the SDK's own chain. */
  readonly plain: boolean
  /** For `openFor`: fetched back for each call, so a worker holds no keys, and acts as whoever the pipeline is now. */
  readonly live: LiveSecrets
}

const name = 'aws'

export function packKeys(keys: WhoseKeys): PackedKeys {
  if (keys === null) return { plain: false, live: {} }
  return { plain: true, live: { [name]: async () => secret(JSON.stringify(openKeys(await keys()))) } }
}

/** Within the worker. Calls that begin while the keys are on their way share them. */
export function openPackedKeys(plain: boolean, { live }: Received): WhoseKeys {
  if (!plain) return null
  let coming: Promise<AwsKeys> | null = null
  const fetched = async (): Promise<AwsKeys> => {
    try {
      const { expiration, ...rest } = JSON.parse((await live(name)).reveal()) as Crossed
      return toKeys({ ...rest, expiration: expiration === undefined ? undefined : new Date(expiration) })
    } finally {
      coming = null
    }
  }
  return () => {
    coming ??= fetched()
    return coming
  }
}

type Crossed = Omit<OpenedKeys, 'expiration'> & { readonly expiration?: string }
