/** A secret of AWS Secrets Manager, as Airflow reads its connections from there. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { type Secret, secret } from '../../lib/secret.ts'
import { clientConfig } from './clientConfig.ts'
import { ownerTag } from './ec2Launch.ts'
import type { AwsAccess } from './types.ts'
import { withClient } from './withClient.ts'

async function withSecrets<T>(
  access: AwsAccess,
  what: string,
  work: (client: SecretsManagerClient) => Promise<T>,
): Promise<T> {
  const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager')
  return withClient(new SecretsManagerClient(clientConfig(access)), what, work)
}

const isMissing = (thrown: unknown) => thrown instanceof Error && thrown.name === 'ResourceNotFoundException'

export interface StoredSecret {
  readonly arn: string
  readonly value: Secret
  /** The pipeline that made it; null where somebody else did. */
  readonly owner: string | null
}

/** Null where there is none. Rejects with AppError. */
export function getStored(access: AwsAccess, SecretId: string): Promise<StoredSecret | null> {
  return withSecrets(access, SecretId, async (client) => {
    const { DescribeSecretCommand, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager')
    try {
      const { SecretString = '', ARN: arn = '' } = await client.send(new GetSecretValueCommand({ SecretId }))
      const { Tags = [] } = await client.send(new DescribeSecretCommand({ SecretId }))
      return {
        arn,
        value: secret(SecretString),
        owner: Tags.find(({ Key }) => Key === ownerTag)?.Value ?? null,
      }
    } catch (thrown) {
      if (isMissing(thrown)) return null
      throw thrown
    }
  })
}

/** Whether it has a policy of its own, by which others may read it than IAM's policies say; null where that is not told. */
export function hasOwnPolicy(access: AwsAccess, SecretId: string): Promise<boolean | null> {
  return withSecrets(access, SecretId, async (client) => {
    const { GetResourcePolicyCommand } = await import('@aws-sdk/client-secrets-manager')
    const { ResourcePolicy = '' } = await client.send(new GetResourcePolicyCommand({ SecretId }))
    return ResourcePolicy !== ''
  }).catch(() => null)
}

/** Makes it, or gives it another value where it is there. Rejects with AppError. */
export function putStored(
  access: AwsAccess,
  {
    name,
    value,
    owner,
    exists,
  }: { readonly name: string; readonly value: Secret; readonly owner: string; readonly exists: boolean },
): Promise<void> {
  return withSecrets(access, name, async (client) => {
    const { CreateSecretCommand, PutSecretValueCommand } = await import('@aws-sdk/client-secrets-manager')
    const SecretString = value.reveal()
    if (exists) await client.send(new PutSecretValueCommand({ SecretId: name, SecretString }))
    else {
      const Tags = [{ Key: ownerTag, Value: owner }]
      await client.send(new CreateSecretCommand({ Name: name, SecretString, Tags }))
    }
  })
}

/** For good, so that its name is free at once. Rejects with AppError. */
export function deleteStored(access: AwsAccess, SecretId: string): Promise<void> {
  return withSecrets(access, SecretId, async (client) => {
    const { DeleteSecretCommand } = await import('@aws-sdk/client-secrets-manager')
    await client
      .send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }))
      .catch((thrown) => {
        if (!isMissing(thrown)) throw thrown
      })
  })
}
