/**
 * The token of MSK's IAM: a presigned call of `kafka-cluster:Connect`, as AWS's own aws-msk-iam-sasl-signer makes it. Signed
 * with the signer this app has already: that package (1.0.3) brings a second, old one and a client of STS with it.
 */
import { Sha256 } from '@smithy/core/checksum'
import { SignatureV4 } from '@smithy/signature-v4'
import { type Secret, secret } from '../../lib/secret.ts'
import { openKeys } from './clientConfig.ts'
import type { AwsKeys } from './types.ts'

/** Seconds; MSK takes no more. A session of the broker ends with its token, and is renewed with the next. */
const lifeSeconds = 900

/** Pure but for the clock: nothing is asked of AWS. It ends with its keys, so that no session outlives who began it. */
export async function mskToken(keys: AwsKeys, region: string): Promise<Secret> {
  const left = keys.expiresAt === null ? lifeSeconds : Math.floor((keys.expiresAt - Date.now()) / 1_000)
  const hostname = `kafka.${region}.amazonaws.com`
  const signer = new SignatureV4({
    service: 'kafka-cluster',
    region,
    sha256: Sha256,
    credentials: openKeys(keys),
    applyChecksum: false,
  })
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      headers: { host: hostname },
      query: { Action: 'kafka-cluster:Connect' },
    },
    { expiresIn: Math.max(1, Math.min(lifeSeconds, left)) },
  )
  // Not signed, as in AWS's own: the broker's log names it.
  const all = { ...query, 'User-Agent': 'pipeline-control' }
  const text = Object.entries(all)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&')
  return secret(Buffer.from(`https://${hostname}/?${text}`).toString('base64url'))
}

/** The region in the name of a broker of MSK, serverless too; null in any other name. */
export function mskRegion(bootstrap: string): string | null {
  return (
    /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?(?::\d+)?(?:,|$)/.exec(bootstrap)?.[1] ??
    null
  )
}
