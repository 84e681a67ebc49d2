/** What each profile of `~/.aws` is, and whether it can work: found by reading, before anything is asked of AWS. */
import type { AwsProfile, AwsProfiles } from '../../../shared/contract/aws.ts'
import { AppError, toErrorDetail } from '../../../shared/errors.ts'
import { type ProfileFiles, readProfileFiles, type Section } from './profileFiles.ts'

type Kind = AwsProfile['kind']

/** The list for a person; never a key. */
export async function listProfiles(): Promise<AwsProfiles> {
  const files = await readProfileFiles()
  return {
    items: Object.keys(files.profiles)
      .sort((a, b) => (a === 'default' ? -1 : b === 'default' ? 1 : a.localeCompare(b)))
      .map((name) => describe(files, name)),
    files: [...files.files],
    problems: [...files.problems],
  }
}

function describe(files: ProfileFiles, name: string): AwsProfile {
  const section = files.profiles[name] ?? {}
  const kind = kindOf(section)
  return {
    name,
    kind,
    detail: detailOf(files, section, kind),
    region: section.region ?? null,
    mfa: wantsMfa(files, name),
    problem: problemOf(files, name),
  }
}

/** In the order in which the AWS tools look. */
export function kindOf(section: Section): Kind {
  if (section.role_arn && (section.source_profile || section.credential_source)) return 'role'
  if (section.aws_access_key_id || section.aws_secret_access_key) return 'keys'
  if (section.web_identity_token_file) return 'webIdentity'
  if (section.credential_process) return 'process'
  if (section.sso_session || section.sso_start_url || section.sso_account_id) return 'sso'
  if (section.role_arn) return 'role'
  return section.login_session ? 'other' : 'empty'
}

function detailOf({ ssoSessions }: ProfileFiles, section: Section, kind: Kind): string {
  if (kind === 'role') {
    const from = section.source_profile ?? section.credential_source
    return `${section.role_arn ?? ''}${from === undefined ? '' : `, from ${from}`}`
  }
  if (kind === 'sso') {
    const session = section.sso_session === undefined ? undefined : ssoSessions[section.sso_session]
    const start = session?.sso_start_url ?? section.sso_start_url ?? ''
    return [section.sso_role_name, section.sso_account_id, start].filter(Boolean).join(', ')
  }
  // Only the program's own name: its arguments may hold a secret.
  if (kind === 'process') return (section.credential_process ?? '').trim().split(/[\s]+/)[0] ?? ''
  if (kind === 'webIdentity') return section.role_arn ?? ''
  return kind === 'keys' && section.aws_session_token ? 'temporary keys' : ''
}

/** The profiles a role comes from, the named one first; ends where it would turn in a circle. */
function chainOf({ profiles }: ProfileFiles, name: string): string[] {
  const chain: string[] = []
  for (let at: string | undefined = name; at !== undefined && !chain.includes(at); ) {
    chain.push(at)
    const section: Section | undefined = profiles[at]
    const next: string | undefined = section?.role_arn ? section.source_profile : undefined
    // A profile may be its own source: a role from the keys beside it.
    at = next === at ? undefined : next
  }
  return chain
}

/** True where a code of the authenticator is asked for on the way. */
export function wantsMfa(files: ProfileFiles, name: string): boolean {
  return chainOf(files, name).some((each) => {
    const section = files.profiles[each]
    return Boolean(section?.role_arn && section.mfa_serial)
  })
}

/** The SSO profile that the named one rests on, itself or as the source of its role; null where none does. */
export function ssoProfileOf(files: ProfileFiles, name: string): string | null {
  return chainOf(files, name).find((each) => kindOf(files.profiles[each] ?? {}) === 'sso') ?? null
}

/** Throws AppError AWS_PROFILE_UNKNOWN, AWS_PROFILE_BROKEN. */
export function checkProfile(files: ProfileFiles, name: string): void {
  for (const each of chainOf(files, name)) checkOne(files, each, name)
  const chain = chainOf(files, name)
  const last = chain.at(-1) ?? name
  const source = files.profiles[last]?.role_arn ? files.profiles[last]?.source_profile : undefined
  if (source !== undefined && source !== last && chain.includes(source)) {
    throw broken(
      name,
      `its roles come from one another in a circle: ${[...chain, source].join(' → ')}`,
      'Let one of them come from a profile with keys or a sign-in.',
    )
  }
}

function problemOf(files: ProfileFiles, name: string): AwsProfile['problem'] {
  try {
    checkProfile(files, name)
    return null
  } catch (thrown) {
    return toErrorDetail(thrown)
  }
}

/** `wanted`: the profile that this one stands for, itself or through its roles. */
function checkOne(files: ProfileFiles, name: string, wanted: string): void {
  const section = files.profiles[name]
  if (section === undefined) {
    if (name !== wanted) {
      throw broken(
        wanted,
        `the profile its role comes from does not exist: ${name}`,
        'Correct source_profile, or add that profile.',
      )
    }
    const known = Object.keys(files.profiles)
    throw new AppError({
      code: 'AWS_PROFILE_UNKNOWN',
      message: `There is no such profile in ~/.aws: ${name}`,
      hint:
        known.length === 0
          ? 'Make one with "aws configure", or type keys in.'
          : `There is ${known.slice(0, 10).join(', ')}.`,
      field: 'choice.profile',
    })
  }
  const kind = kindOf(section)
  const lacks = (keys: readonly string[], from: Section = section) => keys.filter((key) => !from[key])
  if (kind === 'keys') {
    const missing = lacks(['aws_access_key_id', 'aws_secret_access_key'])
    if (missing.length > 0)
      throw broken(
        name,
        `it has no ${missing.join(' and no ')}`,
        'Run "aws configure" for it, or add the line.',
      )
  }
  if (kind === 'role' && !section.source_profile && !section.credential_source) {
    throw broken(
      name,
      'its role has no source_profile and no credential_source',
      'Say which profile may take the role on.',
    )
  }
  if (kind === 'sso') checkSso(files, name, section)
  if (kind === 'webIdentity' && !section.role_arn)
    throw broken(name, 'it has a token file and no role_arn', 'Add the role.')
  if (kind === 'empty') {
    throw broken(
      name,
      'it has no keys, no role, no program and no sign-in',
      'Run "aws configure" or "aws configure sso" for it.',
    )
  }
}

function checkSso(files: ProfileFiles, name: string, section: Section): void {
  const session = section.sso_session
  if (session !== undefined && files.ssoSessions[session] === undefined) {
    throw broken(
      name,
      `its sso_session does not exist: ${session}`,
      'Add a section [sso-session …], or run "aws configure sso".',
    )
  }
  const all: Section = { ...section, ...(session === undefined ? {} : files.ssoSessions[session]) }
  const missing = ['sso_start_url', 'sso_region', 'sso_account_id', 'sso_role_name'].filter(
    (key) => !all[key],
  )
  if (missing.length > 0)
    throw broken(name, `it has no ${missing.join(', ')}`, 'Run "aws configure sso" for it.')
}

const broken = (name: string, why: string, hint: string) =>
  new AppError({
    code: 'AWS_PROFILE_BROKEN',
    message: `The profile ${name} cannot work: ${why}`,
    hint,
    field: 'choice.profile',
  })
