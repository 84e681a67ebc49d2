/** The profiles of `~/.databrickscfg`, as Databricks' own tools read them. */
import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { jsonOf } from '../../lib/jsonText.ts'
import { redact } from '../../lib/redact.ts'
import { type Secret, secret } from '../../lib/secret.ts'
import type { Tokens } from './oauth.ts'

export type ProfileKind = 'token' | 'oauth' | 'cli' | 'other'

/** What is said of a profile: never a token. */
export interface DatabricksProfile {
  readonly name: string
  readonly host: string
  readonly kind: ProfileKind
}

export interface ProfileList {
  readonly file: string
  readonly found: boolean
  readonly items: readonly DatabricksProfile[]
}

/** What signs in as a profile. */
export type ProfileSignIn = { readonly host: string } & (
  | { readonly kind: 'token'; readonly token: Secret }
  | { readonly kind: 'oauth'; readonly clientId: string; readonly clientSecret: Secret }
  | { readonly kind: 'cli'; readonly name: string }
)

type Section = Readonly<Record<string, string | undefined>>

const home = () => process.env.HOME || process.env.USERPROFILE || homedir()

/** Absolute; the variable is Databricks' own. */
export function configFile(): string {
  const path = process.env.DATABRICKS_CONFIG_FILE || join('~', '.databrickscfg')
  return path.startsWith('~') ? join(home(), path.slice(1)) : path
}

/** The profile that is meant where none is named. */
export const usualProfile = (): string => process.env.DATABRICKS_CONFIG_PROFILE || 'DEFAULT'

/** The file is INI like AWS's, and the same well-kept reader takes it. */
async function sectionsOf(file: string): Promise<Readonly<Record<string, Section>>> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config')
  const { credentialsFile } = await loadSharedConfigFiles({
    filepath: file,
    configFilepath: file,
    ignoreCache: true,
  })
  return credentialsFile
}

const kindOf = ({
  auth_type: type = '',
  token,
  client_id: id,
  client_secret: key,
  host,
}: Section): ProfileKind => {
  if (type === 'databricks-cli') return 'cli'
  if (token !== undefined && (type === '' || type === 'pat')) return 'token'
  if (id !== undefined && key !== undefined && (type === '' || type === 'oauth-m2m')) return 'oauth'
  // Newer versions of the command line write nothing but the address for a person who signed in.
  return type === '' && host !== undefined && token === undefined && id === undefined ? 'cli' : 'other'
}

const originOf = (host: string | undefined): string => {
  const whole = host === undefined || host === '' ? '' : /^https?:\/\//.test(host) ? host : `https://${host}`
  return URL.canParse(whole) ? new URL(whole).origin : ''
}

/** Never rejects for a file that is not there. */
export async function listProfiles(): Promise<ProfileList> {
  const file = configFile()
  const found = await access(file).then(
    () => true,
    () => false,
  )
  const sections = found ? await sectionsOf(file) : {}
  const items = Object.entries(sections)
    // A section of the tool's own settings has no address.
    .filter(([, { host }]) => originOf(host) !== '')
    .map(([name, section]) => ({ name, host: originOf(section.host), kind: kindOf(section) }))
  return { file, found, items }
}

/** Rejects with AppError DATABRICKS_PROFILE. */
export async function profileSignIn(wanted: string): Promise<ProfileSignIn> {
  const file = configFile()
  const name = wanted || usualProfile()
  const sections = await sectionsOf(file).catch(() => ({}) as Readonly<Record<string, Section>>)
  const section = Object.hasOwn(sections, name) ? sections[name] : undefined
  if (section === undefined) throw unusable(name, `it is not in ${file}`, 'Choose one of the list.')
  const host = originOf(section.host)
  if (host === '') throw unusable(name, 'it names no host', 'Add a line host = https://… to it.')
  const kind = kindOf(section)
  if (kind === 'token') return { kind, host, token: secret(section.token ?? '') }
  if (kind === 'oauth') {
    const { client_id: clientId = '', client_secret: key = '' } = section
    return { kind, host, clientId, clientSecret: secret(key) }
  }
  if (kind === 'cli') return { kind, host, name }
  throw unusable(
    name,
    `it signs in by ${section.auth_type ?? 'something'} that this app does not know`,
    'Choose another way to sign in: a token, a service principal, or the browser.',
  )
}

const cliSchema = z.object({ access_token: z.string().min(1), expiry: z.string().optional() })
/** It renews the token by itself, over the network, ms. */
const cliMs = 60_000

/** Asks Databricks' own command line, which keeps the session of a person. Rejects with AppError DATABRICKS_PROFILE. */
export async function cliTokens(name: string, signal?: AbortSignal): Promise<Tokens> {
  const asked = promisify(execFile)('databricks', ['auth', 'token', '--profile', name], {
    timeout: cliMs,
    windowsHide: true,
    ...(signal === undefined ? {} : { signal }),
  })
  const { stdout } = await asked.catch((thrown: NodeJS.ErrnoException & { stderr?: string }) => {
    signal?.throwIfAborted()
    const said =
      thrown.code === 'ENOENT'
        ? 'the databricks command is not installed'
        : redact(thrown.stderr ?? '').trim()
    throw unusable(
      name,
      said || 'its command line gave no token',
      `Run "databricks auth login --profile ${name}", or choose the sign-in in the browser here.`,
    )
  })
  const result = cliSchema.safeParse(jsonOf(stdout))
  if (!result.success)
    throw unusable(name, 'its command line gave no token', 'Update the databricks command.')
  const ends = Date.parse(result.data.expiry ?? '')
  return {
    token: secret(result.data.access_token),
    // Without a time it is asked for again soon.
    expiresAt: Number.isNaN(ends) ? Date.now() + 300_000 : ends,
    refresh: null,
  }
}

const unusable = (name: string, why: string, hint: string) =>
  new AppError({
    code: 'DATABRICKS_PROFILE',
    message: `The profile cannot be used: ${name}: ${why}`,
    hint,
    field: 'databricks.profile',
  })
