/** From what the Kinesis API and the network answer to errors a person can act on. */
import { AppError } from '../../../shared/errors.ts'

interface Known {
  readonly code: string
  readonly message: string
  readonly hint: string
}

const byName: Readonly<Record<string, Known>> = {
  ResourceNotFoundException: {
    code: 'STREAM_NOT_FOUND',
    message: 'There is no such stream or shard',
    hint: 'Check the name on the Streams page. Right after it was made, a stream needs a moment to become ACTIVE.',
  },
  ResourceInUseException: {
    code: 'STREAM_IN_USE',
    message: 'The stream exists already or is being changed',
    hint: 'Choose another name, or wait until it is ACTIVE.',
  },
  ProvisionedThroughputExceededException: {
    code: 'THROUGHPUT_EXCEEDED',
    message: 'A shard takes 1,000 records and 1 MB a second, and gives 5 reads and 2 MB a second',
    hint: 'Go slower, spread the partition keys, or add shards.',
  },
  LimitExceededException: {
    code: 'KINESIS_LIMIT',
    message: 'A limit of the account was reached',
    hint: 'Wait a moment and try again, or delete streams that are not needed.',
  },
  ExpiredIteratorException: {
    code: 'ITERATOR_EXPIRED',
    message: 'The place to read from is older than five minutes',
    hint: 'Begin reading again.',
  },
  AccessDeniedException: {
    code: 'ACCESS_DENIED',
    message: 'The identity in use may not do this',
    hint: 'Add the Kinesis permissions to it, or choose another profile.',
  },
  UnrecognizedClientException: {
    code: 'CREDENTIALS_REFUSED',
    message: 'AWS does not know these credentials',
    hint: 'Sign in again, or choose another profile.',
  },
  ExpiredTokenException: {
    code: 'CREDENTIALS_EXPIRED',
    message: 'The credentials have expired',
    hint: 'Sign in again.',
  },
  CredentialsProviderError: {
    code: 'CREDENTIALS_MISSING',
    message: 'No AWS credentials were found',
    hint: 'Sign in with "aws configure" or "aws sso login".',
  },
  TimeoutError: {
    code: 'KINESIS_TIMEOUT',
    message: 'Kinesis did not answer in time',
    hint: 'Whether the call took effect is not known. Check the connection and look before repeating it.',
  },
}

/** What the same names mean where a shard is subscribed to. */
const ofSubscription: Readonly<Record<string, Known>> = {
  ResourceInUseException: {
    code: 'SUBSCRIPTION_IN_USE',
    message: 'Something else reads this shard with the same consumer, or did a moment ago',
    hint: 'Reading goes on by itself once it is free. Each program needs a consumer of its own.',
  },
  ResourceNotFoundException: {
    code: 'CONSUMER_NOT_FOUND',
    message: 'There is no such consumer any more, or no such shard',
    hint: 'Choose enhanced fan-out again to register it anew.',
  },
}

const refused: Known = {
  code: 'KINESIS_UNREACHABLE',
  message: 'Kinesis cannot be reached',
  hint: 'Start the local stack on the Set-up page, or check the address and the connection.',
}
const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ERR_PROXY_TUNNEL',
])
const untrusted: Known = {
  code: 'KINESIS_UNTRUSTED',
  message: 'The certificate of Kinesis, or of a proxy before it, is not trusted',
  hint: 'If it is your own, name its CA file in the settings.',
}
/** The call may have arrived. */
const broken = new Set(['ECONNRESET', 'EPIPE', 'ERR_HTTP2_STREAM_CANCEL', 'ERR_HTTP2_SESSION_ERROR'])

/** `what`: the stream or the endpoint the call was about. Anything unknown keeps the API's own name and words. */
export function kinesisError(thrown: unknown, what: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof AppError || thrown.name === 'AbortError') return thrown
  const known = ofConnection(thrown) ?? byName[thrown.name]
  if (known) return new AppError({ ...known, message: `${known.message}: ${what}` }, thrown)
  return new AppError(
    {
      code: thrown.name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase(),
      message: `Kinesis answered ${thrown.name} for ${what}: ${thrown.message}`,
      hint: 'The message above is the one of the Kinesis API.',
    },
    thrown,
  )
}

/** The same for a subscription; where its connection broke, a TimeoutError: nothing is lost, since its place is known. */
export function subscriptionError(thrown: unknown, shard: string): unknown {
  if (!(thrown instanceof Error)) return thrown
  const known = ofSubscription[thrown.name]
  if (known) return new AppError({ ...known, message: `${known.message}: ${shard}` }, thrown)
  if ('$metadata' in thrown || ofConnection(thrown) || byName[thrown.name]) return kinesisError(thrown, shard)
  return kinesisError(
    Object.assign(new Error(thrown.message, { cause: thrown }), { name: 'TimeoutError' }),
    shard,
  )
}

const codeOf = (thrown: unknown) => String((thrown as NodeJS.ErrnoException | undefined)?.code ?? '')

/** What became of the connection; HTTP/2 says it in the cause of its own error. */
function ofConnection(thrown: Error): Known | undefined {
  const codes = [codeOf(thrown), codeOf(thrown.cause)]
  if (codes.some((code) => unreachable.has(code))) return refused
  if (codes.some((code) => /CERT|TLS|SSL|SIGNATURE/.test(code))) return untrusted
  return codes.some((code) => broken.has(code)) ? byName.TimeoutError : undefined
}
