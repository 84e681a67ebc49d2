/** Who we are to AWS: account, alias, and the role or user. */

import { clientConfig } from './clientConfig.ts'
import { awsError } from './errors.ts'
import type { AwsAccess, AwsIdentity } from './types.ts'

/** `GetCallerIdentity` is always allowed; the alias is not, and is left out then. Rejects with AppError. */
export async function callerIdentity(access: AwsAccess): Promise<AwsIdentity> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
  const client = new STSClient(clientConfig(access))
  try {
    const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}))
    return { account: Account, alias: await aliasOf(access), arn: Arn, ...whoIs(Arn) }
  } catch (thrown) {
    throw awsError(thrown, access.endpoint || access.region)
  } finally {
    client.destroy()
  }
}

async function aliasOf(access: AwsAccess): Promise<string | null> {
  const { IAMClient, ListAccountAliasesCommand } = await import('@aws-sdk/client-iam')
  const client = new IAMClient({ ...clientConfig(access), maxAttempts: 1 })
  return client
    .send(new ListAccountAliasesCommand({}))
    .then(({ AccountAliases }) => AccountAliases?.[0] ?? null)
    .catch(() => null)
    .finally(() => client.destroy())
}

/** What an ARN of `GetCallerIdentity` says in short: the role's or user's own name. */
export function whoIs(arn: string): Pick<AwsIdentity, 'kind' | 'name'> {
  const resource = arn.split(':').slice(5).join(':')
  const [type = '', ...path] = resource.split('/')
  if (resource === 'root') return { kind: 'root', name: 'root' }
  if (type === 'assumed-role') return { kind: 'role', name: path[0] ?? '' }
  if (type === 'user') return { kind: 'user', name: path.at(-1) ?? '' }
  if (type === 'federated-user') return { kind: 'federated', name: path.join('/') }
  return { kind: 'other', name: resource }
}
