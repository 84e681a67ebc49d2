/** Signs in to IAM Identity Center in the browser (device authorisation), as "aws sso login --use-device-code" does. */
import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { pause } from '../../lib/broadcast.ts'
import { writeJsonFile } from '../../lib/jsonFile.ts'
import type { Network } from '../../lib/network.ts'
import { servicePage } from '../../lib/servicePage.ts'
import { http1Handler } from '../awsHandler.ts'
import { awsError, saidOf } from './errors.ts'
import { readProfileFiles } from './profileFiles.ts'
import { checkProfile, ssoProfileOf } from './profiles.ts'

export interface SignIn {
  /** Of Identity Center, with the code in it. */
  readonly url: string
  readonly code: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** Resolves when the person has agreed in the browser and the session is kept. Rejects with AppError AWS_SIGN_IN_FAILED. */
  finish(signal: AbortSignal): Promise<void>
}

const grant = 'urn:ietf:params:oauth:grant-type:device_code'
/** What the AWS CLI asks for too. */
const usualScope = 'sso:account:access'
/** Between two looks, where the answer names no time (RFC 8628: 5 s), and how much longer after SlowDown. */
const pollSeconds = 5

/** Rejects with AppError AWS_NOT_SSO, those of `checkProfile`, and AWS_SIGN_IN_FAILED. */
export async function beginSignIn(name: string, network: Network): Promise<SignIn> {
  const files = await readProfileFiles()
  checkProfile(files, name)
  const profile = ssoProfileOf(files, name)
  if (profile === null) throw notSso(name)
  const section = files.profiles[profile] ?? {}
  const sessionName = section.sso_session
  const session = { ...section, ...(sessionName === undefined ? {} : files.ssoSessions[sessionName]) }
  const { sso_start_url: startUrl = '', sso_region: region = '' } = session
  const sdk = await import('@aws-sdk/client-sso-oidc')
  const client = new sdk.SSOOIDCClient({ region, requestHandler: http1Handler('', network) })
  try {
    const scopes = (session.sso_registration_scopes ?? usualScope).split(',').map((scope) => scope.trim())
    const known = await client.send(
      new sdk.RegisterClientCommand({ clientName: 'pipeline-control', clientType: 'public', scopes }),
    )
    const { clientId, clientSecret } = known
    const begun = await client.send(
      new sdk.StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl }),
    )
    const expiresAt = Date.now() + (begun.expiresIn ?? 600) * 1_000
    const poll = () =>
      client.send(
        new sdk.CreateTokenCommand({
          clientId,
          clientSecret,
          grantType: grant,
          deviceCode: begun.deviceCode,
        }),
      )
    return {
      url: safeUrl(begun.verificationUriComplete ?? begun.verificationUri ?? ''),
      code: begun.userCode ?? '',
      expiresAt,
      async finish(signal) {
        try {
          const token = await untilAgreed(poll, (begun.interval ?? pollSeconds) * 1_000, signal)
          const kept = {
            startUrl,
            region,
            accessToken: token.accessToken,
            expiresAt: iso(Date.now() + (token.expiresIn ?? 0) * 1_000),
            clientId,
            clientSecret,
            registrationExpiresAt: iso((known.clientSecretExpiresAt ?? 0) * 1_000),
            ...(token.refreshToken === undefined ? {} : { refreshToken: token.refreshToken }),
          }
          // The AWS tools' own place for it, which is what shares one sign-in among them; only its owner can read it.
          await writeJsonFile(tokenFile(sessionName ?? startUrl), kept)
        } finally {
          client.destroy()
        }
      },
    }
  } catch (thrown) {
    client.destroy()
    throw thrown instanceof AppError ? thrown : failed(thrown)
  }
}

/** To the second, as the AWS CLI writes it and every tool reads it. */
const iso = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')

async function untilAgreed<T>(poll: () => Promise<T>, firstMs: number, signal: AbortSignal): Promise<T> {
  for (let waitMs = firstMs; ; ) {
    await pause(waitMs, signal)
    signal.throwIfAborted()
    try {
      return await poll()
    } catch (thrown) {
      const { name = '' } = thrown as Partial<Error>
      if (name === 'SlowDownException') waitMs += pollSeconds * 1_000
      else if (name !== 'AuthorizationPendingException') throw failed(thrown)
    }
  }
}

function tokenFile(id: string): string {
  const home = process.env.HOME || process.env.USERPROFILE || homedir()
  return join(home, '.aws', 'sso', 'cache', `${createHash('sha1').update(id).digest('hex')}.json`)
}

/** Opened in the system browser. */
function safeUrl(text: string): string {
  const page = servicePage(text)
  if (page !== null) return page
  throw failed(new Error('the address to sign in at is no https address'))
}

function failed(thrown: unknown): unknown {
  const { name = '' } = thrown as Partial<Error>
  if (name === 'AbortError') return thrown
  const known = awsError(thrown, 'IAM Identity Center')
  if (known instanceof AppError && /UNREACHABLE|UNTRUSTED|TIMEOUT|CLOCK/.test(known.code)) return known
  const why =
    name === 'ExpiredTokenException'
      ? 'the code was not entered in time'
      : name === 'AccessDeniedException'
        ? 'it was refused in the browser'
        : saidOf(thrown)
  return new AppError(
    {
      code: 'AWS_SIGN_IN_FAILED',
      message: `The sign-in did not come about: ${why}`,
      hint: 'Begin again; check sso_start_url and sso_region of the profile.',
    },
    thrown,
  )
}

const notSso = (profile: string) =>
  new AppError({
    code: 'AWS_NOT_SSO',
    message: `This profile has no sign-in in the browser: ${profile}`,
    hint: 'Set one up with "aws configure sso", or choose a profile that has one.',
    field: 'choice.profile',
  })
