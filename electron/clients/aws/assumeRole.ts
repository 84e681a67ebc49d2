/** Takes a role on, under a session name that stays the same: rights that hang on the name survive a renewal. */
import { userInfo } from 'node:os'
import { AppError } from '../../../shared/errors.ts'
import type { Network } from '../../lib/network.ts'
import { secret } from '../../lib/secret.ts'
import { clientConfig, wayOf } from './clientConfig.ts'
import { awsError, saidOf } from './errors.ts'
import type { AwsKeys } from './types.ts'

/** `pipeline-control-` and the user of this computer, in the letters a session name takes (2 to 64). */
export function roleSessionName(): string {
  const user = userInfo().username.replace(/[^\w+=,.@-]/g, '-')
  return `pipeline-control-${user}`.slice(0, 64)
}

export interface RoleRequest {
  readonly roleArn: string
  readonly sessionName: string
  readonly externalId?: string | undefined
  /** Seconds. */
  readonly duration?: number | undefined
  readonly mfa?: { readonly serial: string; readonly code: string } | undefined
}

export interface RoleWay {
  readonly region: string
  readonly endpoint: string
  readonly network: Network
}

/** What STS answers to both ways of taking a role on. */
export interface RoleAnswer {
  readonly AccessKeyId?: string | undefined
  readonly SecretAccessKey?: string | undefined
  readonly SessionToken?: string | undefined
  readonly Expiration?: Date | undefined
}

/** Rejects with AppError AWS_MFA_WRONG, AWS_ROLE_REFUSED and those of `awsError`. */
export async function assumeRole(way: RoleWay, from: AwsKeys, request: RoleRequest): Promise<AwsKeys> {
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts')
  const client = new STSClient(clientConfig({ ...way, keys: async () => from }))
  const { roleArn, sessionName, externalId, duration, mfa } = request
  try {
    const { Credentials } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        ExternalId: externalId,
        DurationSeconds: duration,
        SerialNumber: mfa?.serial,
        TokenCode: mfa?.code,
      }),
    )
    return keysOf(Credentials)
  } catch (thrown) {
    throw roleError(thrown, roleArn, mfa !== undefined)
  } finally {
    client.destroy()
  }
}

/** With a token of another identity provider instead of keys. Rejects as `assumeRole`. */
export async function assumeRoleWithToken(
  way: RoleWay,
  request: RoleRequest & { readonly token: string },
): Promise<AwsKeys> {
  const { AssumeRoleWithWebIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
  const client = new STSClient(wayOf(way.region, way.endpoint, way.network))
  try {
    const { Credentials } = await client.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: request.roleArn,
        RoleSessionName: request.sessionName,
        WebIdentityToken: request.token,
        DurationSeconds: request.duration,
      }),
    )
    return keysOf(Credentials)
  } catch (thrown) {
    throw roleError(thrown, request.roleArn, false)
  } finally {
    client.destroy()
  }
}

function keysOf({
  AccessKeyId = '',
  SecretAccessKey = '',
  SessionToken = '',
  Expiration,
}: RoleAnswer = {}): AwsKeys {
  return {
    accessKeyId: secret(AccessKeyId),
    secretAccessKey: secret(SecretAccessKey),
    sessionToken: secret(SessionToken),
    expiresAt: Expiration?.getTime() ?? null,
  }
}

function roleError(thrown: unknown, role: string, withCode: boolean): unknown {
  const { name = '', message = '' } = thrown as Partial<Error>
  if (withCode && /MultiFactorAuthentication|MFA|TokenCode/i.test(message)) {
    return new AppError(
      {
        code: 'AWS_MFA_WRONG',
        message: `AWS did not take the code: ${saidOf(thrown)}`,
        hint: 'Each code works once: wait for the next one and enter that.',
        field: 'mfaCode',
      },
      thrown,
    )
  }
  if (name !== 'AccessDenied' && name !== 'AccessDeniedException') return awsError(thrown, role)
  return new AppError(
    {
      code: 'AWS_ROLE_REFUSED',
      message: `The role was not given: ${role}`,
      hint: 'The role’s trust policy must name this identity, and this identity needs sts:AssumeRole on it; a role that asks for MFA needs mfa_serial in the profile.',
      field: 'choice.roleArn',
    },
    thrown,
  )
}
