/** The identity that a machine has by itself. */
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { secret } from '../../lib/secret.ts'
import type { AwsKeys } from './types.ts'

/** By the SDK's own chain: the environment, then the instance profile, renewed in time. Rejects where there is none. */
export function machineKeys(): () => Promise<AwsKeys> {
  const provider = defaultProvider()
  return async () => {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provider()
    return {
      accessKeyId: secret(accessKeyId),
      secretAccessKey: secret(secretAccessKey),
      sessionToken: sessionToken === undefined ? null : secret(sessionToken),
      expiresAt: expiration?.getTime() ?? null,
    }
  }
}
