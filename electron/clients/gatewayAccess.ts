/** Who we are to a gateway (decision 14): nobody, the holder of an API key, or an identity of AWS that signs each request. */
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { Sha256 } from '@smithy/core/checksum'
import { SignatureV4 } from '@smithy/signature-v4'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import type { GatewayAccessKind } from '../../shared/settings.ts'
import { isLoopback, type Network } from '../lib/network.ts'
import { redact } from '../lib/redact.ts'
import type { Secret } from '../lib/secret.ts'
import { openKeys } from './aws/clientConfig.ts'
import type { WhoseKeys } from './aws/types.ts'
import { awsHandler } from './awsHandler.ts'

export interface GatewayAccess {
  readonly kind: GatewayAccessKind
  /** Only of `apiKey`. */
  readonly key: Secret | null
  /** Only of a signature. */
  readonly keys: WhoseKeys
  /** Of a signature, where the gateway's own name does not say it. */
  readonly region: string
}

export const openAccess: GatewayAccess = { kind: 'none', key: null, keys: null, region: '' }

export interface Unsigned {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Signed {
  readonly headers: Readonly<Record<string, string>>
  /** Values that must not be repeated to anybody: an answer may quote them. */
  readonly hidden: readonly string[]
}

/** Adds what proves who we are. Rejects with AppError GATEWAY_KEY_MISSING, GATEWAY_CREDENTIALS_MISSING, or AWS_… of the identity. */
export type Sign = (request: Unsigned) => Promise<Signed>

/** Throws AppError GATEWAY_ACCESS_INSECURE where a key or signature would be sent readable for everybody on the way. */
export function checkAccess(base: string, kind: GatewayAccessKind): void {
  const { protocol, hostname } = new URL(base)
  if (kind === 'none' || protocol === 'https:' || isLoopback(hostname)) return
  throw new AppError({
    code: 'GATEWAY_ACCESS_INSECURE',
    message: `A key or signature is not sent over plain http to another computer: ${base}`,
    hint: 'Use the https address of the gateway, or set its access to none.',
    field: 'endpoints.gateway',
  })
}

/** Looks for credentials with the first request only. Throws AppError GATEWAY_ACCESS_INSECURE. */
export function signerFor(base: string, access: GatewayAccess, network: Network): Sign {
  checkAccess(base, access.kind)
  if (access.kind === 'apiKey') return withKey(access.key)
  if (access.kind === 'sigv4')
    return withSignature(regionOf(base) ?? access.region, credentialsFor(access, network))
  return async ({ headers }) => ({ headers, hidden: [] })
}

/** What is shown of a request's headers before anything is sent. */
export function shownAccess({ kind }: GatewayAccess): readonly { name: string; value: string }[] {
  if (kind === 'apiKey') return [{ name: 'x-api-key', value: '[REDACTED]' }]
  if (kind === 'sigv4') return [{ name: 'authorization', value: 'AWS4-HMAC-SHA256 [REDACTED]' }]
  return []
}

/** `abc.execute-api.<region>.amazonaws.com`, in all partitions, also of VPC endpoints and dual stack. */
export function regionOf(base: string): string | null {
  const { hostname } = new URL(base)
  const match =
    /\.execute-api(?:-fips)?\.([a-z0-9-]+)\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws)$/.exec(hostname)
  return match?.[1] ?? null
}

function withKey(key: Secret | null): Sign {
  return async ({ headers }) => {
    if (key === null) throw keyMissing()
    const value = key.reveal()
    return { headers: { ...headers, 'x-api-key': value }, hidden: [value] }
  }
}

type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials']

function credentialsFor({ keys, region }: GatewayAccess, network: Network): Credentials {
  if (keys !== null) return async () => openKeys(await keys())
  return defaultProvider({
    clientConfig: { region },
    parentClientConfig: { region, requestHandler: awsHandler('', network) },
  })
}

function withSignature(region: string, credentials: Credentials): Sign {
  const signer = new SignatureV4({ service: 'execute-api', region, sha256: Sha256, credentials })
  return async ({ method, url, headers, body }) => {
    const { protocol, hostname, host, port, pathname, searchParams } = new URL(url)
    const signed = await signer
      .sign({
        method,
        protocol,
        hostname,
        ...(port === '' ? {} : { port: Number(port) }),
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: { ...headers, host },
        body,
      })
      .catch((thrown) => Promise.reject(noCredentials(thrown)))
    const { host: _, ...rest } = signed.headers
    return { headers: rest, hidden: partsOf(rest) }
  }
}

/** The signature, the id of the key behind it, and the session's token. */
function partsOf({ authorization = '', 'x-amz-security-token': token }: Record<string, string>): string[] {
  const parts = [
    authorization,
    /Credential=([^/,]+)/.exec(authorization)?.[1],
    /Signature=(\w+)/.exec(authorization)?.[1],
    token,
  ]
  return parts.filter((part) => part !== undefined && part !== '') as string[]
}

export const keyMissing = () =>
  new AppError({
    code: 'GATEWAY_KEY_MISSING',
    message: 'The gateway wants an API key and none was given in this session.',
    hint: 'Enter it on the Settings page; in the terminal set PIPELINE_GATEWAY_KEY.',
    field: 'gatewayKey',
  })

/** An identity that fails says itself what is wrong. */
const noCredentials = (thrown: unknown) => (thrown instanceof AppError ? thrown : noneFound(thrown))

const noneFound = (thrown: unknown) =>
  new AppError(
    {
      code: 'GATEWAY_CREDENTIALS_MISSING',
      message: `No credentials to sign requests with: ${redact(toErrorDetail(thrown).message)}`,
      hint: 'Sign in with "aws configure" or "aws sso login", or choose another access for the gateway.',
    },
    thrown,
  )
