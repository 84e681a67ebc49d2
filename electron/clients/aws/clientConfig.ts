/** What every client of AWS's SDK is made with: region, endpoint, keys and the way out of this network. */
import { AppError } from '../../../shared/errors.ts'
import { isLoopback, type Network } from '../../lib/network.ts'
import { secret } from '../../lib/secret.ts'
import { http1Handler } from '../awsHandler.ts'
import type { AwsAccess, AwsKeys } from './types.ts'

/** AWS's own services answer within seconds; three tries with back-off are the SDK's standard. */
const maxAttempts = 3

/** Throws AppError AWS_ENDPOINT_INSECURE where tokens would be sent readable for everybody on the way. */
export function checkEndpoint(endpoint: string): void {
  if (endpoint === '') return
  const { protocol, hostname } = new URL(endpoint)
  if (protocol === 'https:' || isLoopback(hostname)) return
  throw new AppError({
    code: 'AWS_ENDPOINT_INSECURE',
    message: `Credentials are not sent over plain http to another computer: ${endpoint}`,
    hint: 'Use an https address, or an emulator on this computer.',
    field: 'choice.endpoint',
  })
}

/** Without keys: for the calls that need none. Throws AppError AWS_ENDPOINT_INSECURE. */
export function wayOf(region: string, endpoint: string, network: Network) {
  checkEndpoint(endpoint)
  return {
    region,
    maxAttempts,
    ...(endpoint === '' ? {} : { endpoint }),
    requestHandler: http1Handler(endpoint, network),
  }
}

/** Throws AppError AWS_ENDPOINT_INSECURE. */
export function clientConfig({ region, endpoint, network, keys }: AwsAccess) {
  return { ...wayOf(region, endpoint, network), credentials: async () => openKeys(await keys()) }
}

/**
 * For a client that lives on. The SDK keeps what it was given until five minutes before its end, and for ever where there is
 * none: it is told that the end is now, so that a renewal or another identity counts from the next call on.
 */
export function askedEachTime(keys: () => Promise<AwsKeys>) {
  return async () => ({ ...openKeys(await keys()), expiration: new Date() })
}

export interface OpenedKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  readonly expiration?: Date | undefined
}

/** From what a provider of the SDK answered. */
export const toKeys = ({ accessKeyId, secretAccessKey, sessionToken, expiration }: OpenedKeys): AwsKeys => ({
  accessKeyId: secret(accessKeyId),
  secretAccessKey: secret(secretAccessKey),
  sessionToken: sessionToken === undefined ? null : secret(sessionToken),
  expiresAt: expiration?.getTime() ?? null,
})

/** As the SDK takes them; opened here, next to the call. */
export function openKeys({ accessKeyId, secretAccessKey, sessionToken, expiresAt }: AwsKeys) {
  return {
    accessKeyId: accessKeyId.reveal(),
    secretAccessKey: secretAccessKey.reveal(),
    ...(sessionToken === null ? {} : { sessionToken: sessionToken.reveal() }),
    ...(expiresAt === null ? {} : { expiration: new Date(expiresAt) }),
  }
}
