/** The keys of a role that an identity takes on, kept while they last. */
import { assumeRole, roleSessionName } from './assumeRole.ts'
import type { AwsAccess, AwsKeys } from './types.ts'

/** Keys nearer to their end are not signed with: the session would be over as soon as it began, ms. */
const spareMs = 120_000

/** Those of the identity itself where `role` is empty. The name of the session stays (F-16). Rejects with AppError. */
export function roleKeys(
  access: () => Promise<AwsAccess>,
  role: string,
  sessionName = roleSessionName(),
): () => Promise<AwsKeys> {
  let kept: AwsKeys | null = null
  return async () => {
    const { region, endpoint, network, keys } = await access()
    if (role === '') return keys()
    const left = (kept?.expiresAt ?? 0) - Date.now()
    if (kept !== null && left > spareMs) return kept
    kept = await assumeRole({ region, endpoint, network }, await keys(), { roleArn: role, sessionName })
    return kept
  }
}
