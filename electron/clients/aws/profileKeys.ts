/** Credentials of a profile: the SDK follows the profile's own words, and takes roles on through us. */
import { AppError } from '../../../shared/errors.ts'
import { http1Handler } from '../awsHandler.ts'
import { assumeRole, assumeRoleWithToken, type RoleWay, roleSessionName } from './assumeRole.ts'
import { openKeys, toKeys } from './clientConfig.ts'
import { awsError, saidOf } from './errors.ts'
import { type ProfileFiles, profilePaths } from './profileFiles.ts'
import { checkProfile, kindOf, ssoProfileOf, wantsMfa } from './profiles.ts'
import type { AwsKeys } from './types.ts'

/** A program that gives credentials may ask a person, but not for ever, ms. */
const programMs = 60_000

export interface ProfileRequest {
  readonly profile: string
  readonly way: RoleWay
  readonly mfaCode: string | undefined
}

/** The SDK's own name for a session has the time in it, and changes with each renewal. */
const steadyName = (name: string | undefined) =>
  name === undefined || name.startsWith('aws-sdk-js-') ? roleSessionName() : name

/** Rejects with AppError, those of `checkProfile`, `assumeRole`, and AWS_MFA_NEEDED, AWS_SSO_NEEDED, AWS_PROCESS_FAILED. */
export async function profileKeys(files: ProfileFiles, request: ProfileRequest): Promise<AwsKeys> {
  const { profile, way, mfaCode } = request
  checkProfile(files, profile)
  if (wantsMfa(files, profile) && mfaCode === undefined) throw mfaNeeded(profile)
  const { fromIni } = await import('@aws-sdk/credential-providers')
  const { config, credentials } = profilePaths()
  const provider = fromIni({
    profile,
    configFilepath: config,
    filepath: credentials,
    ignoreCache: true,
    clientConfig: { requestHandler: http1Handler('', way.network) },
    // Asked only after the check above, so that it never has to say no.
    mfaCodeProvider: async () => mfaCode ?? '',
    roleAssumer: async (from, params) =>
      openKeys(
        await assumeRole(way, toKeys(from), {
          roleArn: params.RoleArn ?? '',
          sessionName: steadyName(params.RoleSessionName),
          externalId: params.ExternalId,
          duration: params.DurationSeconds,
          mfa:
            params.SerialNumber === undefined
              ? undefined
              : { serial: params.SerialNumber, code: params.TokenCode ?? '' },
        }),
      ),
    roleAssumerWithWebIdentity: async (params) =>
      openKeys(
        await assumeRoleWithToken(way, {
          roleArn: params.RoleArn ?? '',
          sessionName: steadyName(params.RoleSessionName),
          duration: params.DurationSeconds,
          token: params.WebIdentityToken ?? '',
        }),
      ),
  })
  try {
    return toKeys(await inTime(provider(), profile))
  } catch (thrown) {
    throw profileError(files, profile, thrown)
  }
}

async function inTime<T>(work: Promise<T>, profile: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(processFailed(profile, `it did not answer within ${programMs / 1_000} s`)),
      programMs,
    )
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function profileError(files: ProfileFiles, profile: string, thrown: unknown): unknown {
  if (thrown instanceof AppError) return thrown
  const known = awsError(thrown, profile)
  if (known instanceof AppError && known.code !== 'AWS_FAILED') return known
  const sso = ssoProfileOf(files, profile)
  if (sso !== null) return ssoNeeded(sso, thrown)
  if (kindOf(files.profiles[profile] ?? {}) === 'process' || /credential_process/.test(saidOf(thrown))) {
    return processFailed(profile, processWords(thrown))
  }
  return known
}

/** The command line is left out: it may hold a secret. What the program said last stands on its last line. */
function processWords(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : ''
  if (!message.startsWith('Command failed')) return saidOf(thrown)
  const lines = message.trim().split('\n').slice(1)
  return saidOf(new Error(lines.at(-1) ?? 'it ended with an error and said nothing'))
}

export const mfaNeeded = (profile: string) =>
  new AppError({
    code: 'AWS_MFA_NEEDED',
    message: `The profile wants the code of your authenticator: ${profile}`,
    hint: 'Enter the six digits that the authenticator shows now.',
    field: 'mfaCode',
  })

export const ssoNeeded = (profile: string, cause: unknown) =>
  new AppError(
    {
      code: 'AWS_SSO_NEEDED',
      message: `The sign-in has run out or was never made: ${profile}`,
      hint: 'Press Sign in, or run "pipeline aws login" or "aws sso login".',
      field: 'choice.profile',
    },
    cause,
  )

const processFailed = (profile: string, why: string) =>
  new AppError({
    code: 'AWS_PROCESS_FAILED',
    message: `The program of the profile ${profile} gave no credentials: ${why}`,
    hint: 'Run its credential_process in a terminal: it must print JSON with "Version": 1.',
    field: 'choice.profile',
  })
