/** From what AWS, the SDK and the network say to errors a person can act on. */
import { AppError } from '../../../shared/errors.ts'
import { redact } from '../../lib/redact.ts'

interface Known {
  readonly code: string
  readonly message: string
  readonly hint: string
}

const refusedKeys: Known = {
  code: 'AWS_KEYS_REFUSED',
  message: 'AWS does not know these keys, or they were switched off',
  hint: 'Make new keys in IAM, or choose another profile. Keys of another partition (China, GovCloud) need a region of it.',
}
const wrongSecret: Known = {
  code: 'AWS_SECRET_WRONG',
  message: 'The secret key does not belong to the access key id',
  hint: 'Copy both again: a missing last letter is the usual reason.',
}
const expired: Known = {
  code: 'AWS_KEYS_EXPIRED',
  message: 'The temporary credentials have expired',
  hint: 'Sign in again, or get new temporary keys.',
}
const denied: Known = {
  code: 'AWS_DENIED',
  message: 'The identity in use may not do this',
  hint: 'Add the permission to it, or choose another profile.',
}
const skewed: Known = {
  code: 'AWS_CLOCK_SKEWED',
  message: 'The clock of this computer is wrong by more than AWS accepts (5 minutes)',
  hint: 'Switch on the automatic setting of date and time, then try again.',
}

const throttled: Known = {
  code: 'AWS_THROTTLED',
  message: 'AWS was asked too often, and refuses for a while',
  hint: 'Wait a minute and try again; other programs of the account count too.',
}

const byName: Readonly<Record<string, Known>> = {
  InvalidClientTokenId: refusedKeys,
  UnrecognizedClientException: refusedKeys,
  InvalidAccessKeyId: refusedKeys,
  AuthFailure: refusedKeys,
  SignatureDoesNotMatch: wrongSecret,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  RequestExpired: expired,
  AccessDenied: denied,
  AccessDeniedException: denied,
  UnauthorizedOperation: denied,
  RequestTimeTooSkewed: skewed,
  OptInRequired: {
    code: 'AWS_REGION_OFF',
    message: 'This region is switched off for the account',
    hint: 'Switch it on in the account’s settings, or choose another region.',
  },
  RegionDisabledException: {
    code: 'AWS_REGION_OFF',
    message: 'This region is switched off for the account',
    hint: 'Switch it on in the account’s settings, or choose another region.',
  },
  'InvalidInstanceID.NotFound': {
    code: 'MACHINE_UNKNOWN',
    message: 'There is no such instance in this account and region',
    hint: 'Look at the list; check the region in the header.',
  },
  IncorrectInstanceState: {
    code: 'MACHINE_STATE',
    message: 'The instance is in a state in which this cannot be done',
    hint: 'Wait until it is running or stopped, then try again.',
  },
  InsufficientInstanceCapacity: {
    code: 'MACHINE_CAPACITY',
    message: 'AWS has no such machine free now',
    hint: 'Try again later, or choose another type or zone.',
  },
  VcpuLimitExceeded: {
    code: 'MACHINE_QUOTA',
    message: 'The account’s quota of vCPUs is used up',
    hint: 'Terminate what is not needed, choose a smaller type, or ask for a higher quota (Service Quotas).',
  },
  NoSuchBucket: {
    code: 'BUCKET_UNKNOWN',
    message: 'There is no such bucket',
    hint: 'Check its name, and that it is of this account.',
  },
  PermanentRedirect: {
    code: 'BUCKET_ELSEWHERE',
    message: 'The bucket is in another region',
    hint: 'Choose the bucket’s region for this pipeline, on the page AWS.',
  },
  ThrottlingException: throttled,
  TooManyRequestsException: throttled,
  SlowDown: throttled,
  TimeoutError: {
    code: 'AWS_TIMEOUT',
    message: 'AWS did not answer in time',
    hint: 'Check the connection and try again.',
  },
}

const unreachable: Known = {
  code: 'AWS_UNREACHABLE',
  message: 'AWS cannot be reached',
  hint: 'Check the connection, the proxy in the settings, the region’s spelling and the endpoint.',
}
/** Whether the same may work in a moment without anybody's doing: AWS was not reached, or was silent. */
export const awsMayPass = (code: string): boolean =>
  code === 'AWS_UNREACHABLE' || code === 'AWS_TIMEOUT' || code === 'AWS_THROTTLED'

const untrusted: Known = {
  code: 'AWS_UNTRUSTED',
  message: 'The certificate of AWS, or of a proxy before it, is not trusted',
  hint: 'If it is your own, name its CA file in the settings.',
}

const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'EPIPE',
  'ERR_PROXY_TUNNEL',
])
const untrustedCodes = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER/

/** `what`: the call's object, said last. Anything unknown keeps the service's own name and words, redacted. */
export function awsError(thrown: unknown, what: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof AppError || thrown.name === 'AbortError') return thrown
  const known = ofConnection(thrown) ?? ofClock(thrown) ?? byName[thrown.name]
  if (known !== undefined) {
    const said = known === denied ? `: ${saidOf(thrown)}` : `: ${what}`
    return new AppError({ ...known, message: known.message + said }, thrown)
  }
  return new AppError(
    {
      code: 'AWS_FAILED',
      message: `AWS answered ${thrown.name} for ${what}: ${saidOf(thrown)}`,
      hint: 'The message above is the service’s own.',
    },
    thrown,
  )
}

/** The service's own words, on one line and without anything that looks like a key. */
export const saidOf = (thrown: unknown): string =>
  redact(thrown instanceof Error ? thrown.message : String(thrown))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500)

/** Too early and too late are said in the message of a refused signature. */
function ofClock({ name, message }: Error): Known | undefined {
  const early = /not yet current|too skewed/i.test(message)
  const late = /Signature expired/i.test(message)
  return early || late || name === 'RequestTimeTooSkewed' ? skewed : undefined
}

/** What became of the connection, also where it is in the cause. */
function ofConnection(thrown: unknown): Known | undefined {
  for (let at: unknown = thrown; at instanceof Error; at = at.cause) {
    const { code = '' } = at as NodeJS.ErrnoException
    if (unreachableCodes.has(code)) return unreachable
    if (untrustedCodes.test(code)) return untrusted
    if (code === 'ETIMEDOUT') return byName.TimeoutError
  }
  return undefined
}
