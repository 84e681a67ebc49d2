/** The identity that a machine has by itself. */
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { toKeys } from './clientConfig.ts'
import type { AwsKeys } from './types.ts'

/** By the SDK's own chain: the environment, then the instance profile, renewed in time. Rejects where there is none. */
export function machineKeys(): () => Promise<AwsKeys> {
  const provider = defaultProvider()
  return async () => toKeys(await provider())
}
