/** The sources of credentials, one after the other: which was tried, why it has nothing, and what is wrong with the one that has. */
import type { AwsChoice, AwsSource } from '../../../shared/aws.ts'
import { awsKeysSchema } from '../../../shared/aws.ts'
import { AppError, toErrorDetail } from '../../../shared/errors.ts'
import type { Network } from '../../lib/network.ts'
import type { Secret } from '../../lib/secret.ts'
import { assumeRole, roleSessionName } from './assumeRole.ts'
import { checkEndpoint, toKeys } from './clientConfig.ts'
import { awsError } from './errors.ts'
import { type ProfileFiles, readProfileFiles, usualProfile } from './profileFiles.ts'
import { profileKeys } from './profileKeys.ts'
import { wantsMfa } from './profiles.ts'
import type { AwsKeys, Resolved, Tried } from './types.ts'

export interface ResolveDeps {
  readonly network: Network
  /** Keys typed in, as JSON of `awsKeysSchema`; null where there are none. */
  readonly typed: Secret | null
  readonly mfaCode?: string | undefined
  /** Where neither the choice nor the source names a region. */
  readonly fallbackRegion: string
}

interface Found {
  readonly keys: () => Promise<AwsKeys>
  readonly via: string
  readonly profile: string | null
  readonly renewable: boolean
}

type Look = { readonly found: Found } | { readonly absent: string }

/** The order of preference (issue 5, 1). */
const order: readonly Exclude<AwsSource, 'none' | 'auto'>[] = ['profile', 'environment', 'instance', 'keys']

/** Metadata answers at once on an instance, and nothing does elsewhere, ms. */
const metadataMs = 1_000

/**
 * Takes the first source that is there at all. One that is there and fails ends the search: going on would act as somebody
 * else than was meant. Never rejects.
 */
export async function resolveSources(choice: AwsChoice, deps: ResolveDeps): Promise<Resolved> {
  const files = await readProfileFiles()
  const name = choice.profile || usualProfile()
  const section = files.profiles[name]
  const region =
    choice.region ||
    (usesProfile(choice.source) ? section?.region : undefined) ||
    process.env.AWS_REGION ||
    process.env.AWS_DEFAULT_REGION ||
    deps.fallbackRegion
  const endpoint = choice.endpoint || (usesProfile(choice.source) ? (section?.endpoint_url ?? '') : '')
  const way = { region, endpoint, network: deps.network }
  const tried: Tried[] = []
  const base = { region, endpoint, profile: null, renewable: false, keys: null }
  const looks = choice.source === 'auto' ? order : order.filter((source) => source === choice.source)
  for (const source of looks) {
    try {
      checkEndpoint(endpoint)
      const look = await lookAt[source]({ choice, deps, files, name, way })
      if ('absent' in look) {
        tried.push({ source, state: 'absent', text: look.absent })
        continue
      }
      const { found } = look
      const keys = await withRole(choice.roleArn, way, await found.keys())
      tried.push({ source, state: 'used', text: found.via })
      const { via, profile, renewable } = found
      return { ...base, keys, source, via, profile, renewable, tried, problem: null }
    } catch (thrown) {
      const problem = toErrorDetail(thrown instanceof AppError ? thrown : awsError(thrown, source))
      tried.push({ source, state: 'failed', text: problem.message })
      return {
        ...base,
        source,
        via: words[source],
        profile: source === 'profile' ? name : null,
        tried,
        problem,
      }
    }
  }
  return { ...base, source: choice.source, via: '', tried, problem: nothing(choice.source, tried) }
}

const usesProfile = (source: AwsSource) => source === 'auto' || source === 'profile'

const words: Readonly<Record<AwsSource, string>> = {
  none: '',
  auto: '',
  profile: 'the profile',
  environment: 'the environment',
  instance: 'the instance’s role',
  keys: 'keys typed in',
}

interface At {
  readonly choice: AwsChoice
  readonly deps: ResolveDeps
  readonly files: ProfileFiles
  readonly name: string
  readonly way: { readonly region: string; readonly endpoint: string; readonly network: Network }
}

const lookAt: Readonly<Record<Exclude<AwsSource, 'none' | 'auto'>, (at: At) => Promise<Look>>> = {
  async profile({ choice, deps, files, name, way }) {
    const named =
      choice.profile !== '' || choice.source === 'profile' || process.env.AWS_PROFILE !== undefined
    if (files.profiles[name] === undefined && !named) {
      const paths = files.files.map(({ path, found }) => (found ? path : `no ${path}`)).join(', ')
      return { absent: `No profile "${name}" (${paths}).` }
    }
    const keys = () => profileKeys(files, { profile: name, way, mfaCode: deps.mfaCode })
    return { found: { keys, via: `profile ${name}`, profile: name, renewable: !wantsMfa(files, name) } }
  },

  async environment() {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, AWS_SESSION_TOKEN: token } = process.env
    if (!id && !key) return { absent: 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set.' }
    if (!id || !key) throw halfAnEnvironment(id ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID')
    const keys = async () =>
      toKeys({ accessKeyId: id, secretAccessKey: key, sessionToken: token || undefined })
    return { found: { keys, via: 'environment', profile: null, renewable: true } }
  },

  async instance() {
    const { env } = process
    const { fromHttp, fromInstanceMetadata } = await import('@aws-sdk/credential-providers')
    if (env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || env.AWS_CONTAINER_CREDENTIALS_FULL_URI) {
      const keys = async () => toKeys(await fromHttp({ timeout: metadataMs, maxRetries: 0 })())
      return { found: { keys, via: 'the container’s role', profile: null, renewable: true } }
    }
    if (env.AWS_EC2_METADATA_DISABLED === 'true') return { absent: 'AWS_EC2_METADATA_DISABLED is set.' }
    try {
      const first = toKeys(await fromInstanceMetadata({ timeout: metadataMs, maxRetries: 0 })())
      return {
        found: { keys: async () => first, via: 'the instance’s role', profile: null, renewable: true },
      }
    } catch {
      return { absent: 'This is no EC2 instance with a role: its metadata service does not answer.' }
    }
  },

  async keys({ deps }) {
    if (deps.typed === null) return { absent: 'No keys were typed in.' }
    const { typed } = deps
    return {
      found: { keys: async () => typedKeys(typed), via: 'keys typed in', profile: null, renewable: true },
    }
  },
}

function typedKeys(typed: Secret): AwsKeys {
  return toKeys(awsKeysSchema.parse(JSON.parse(typed.reveal())))
}

const withRole = async (roleArn: string, way: At['way'], keys: AwsKeys): Promise<AwsKeys> =>
  roleArn === '' ? keys : assumeRole(way, keys, { roleArn, sessionName: roleSessionName() })

const halfAnEnvironment = (missing: string) =>
  new AppError({
    code: 'AWS_ENVIRONMENT_HALF',
    message: `The environment has one half of a key only; this is not set: ${missing}`,
    hint: 'Set both, or neither, and start the app again.',
  })

function nothing(source: AwsSource, tried: readonly Tried[]) {
  if (source === 'keys') {
    return {
      code: 'AWS_KEYS_MISSING',
      message: 'This pipeline uses keys that are typed in, and there are none.',
      hint: 'Type them in on the page AWS, or with "pipeline aws keys"; or choose a profile.',
    }
  }
  return {
    code: 'AWS_NO_SOURCE',
    message: `No credentials were found. ${tried.map(({ text }) => text).join(' ')}`,
    hint: 'Make a profile with "aws configure" or "aws configure sso", or type keys in.',
  }
}
