/** The tokens of a pipeline's Databricks workspace: made by the way that was chosen, kept while they are good, renewed before their end. */

import type { DatabricksSettings } from '../../../shared/databricks.ts'
import { AppError } from '../../../shared/errors.ts'
import { cliTokens, profileSignIn } from '../../clients/databricks/configFile.ts'
import { machineTokens, refreshTokens, type Tokens } from '../../clients/databricks/oauth.ts'
import type { DatabricksAccess } from '../../clients/databricks/types.ts'
import { type Network, networkOf } from '../../lib/network.ts'
import { type Secret, sameSecret } from '../../lib/secret.ts'
import type { SettingsStore } from '../deps.ts'
import { databricksSecret } from '../secretNames.ts'
import type { SecretStore } from '../secretStore.ts'

export interface TokenDeps {
  readonly settings: SettingsStore
  readonly secrets: Pick<SecretStore, 'get' | 'has' | 'hold' | 'remember' | 'status'>
  /** A person's session gives each refresh token once: by the secret's name, the renewal that is under way. */
  readonly renewals: Map<string, Promise<Tokens>>
}

/** What calls go out with, and what can be done with the token they carry. */
export interface OpenTokens extends DatabricksAccess {
  /** The next call asks for a new one: what is stored may be another by now. */
  forget(): void
}

/** Not used any more so long before its end, ms. */
const spareMs = 60_000
const endless = { expiresAt: Number.POSITIVE_INFINITY, refresh: null }

/** Opens the way that the settings name. Rejects with AppError where it cannot work; nothing is asked of the workspace yet. */
export async function openTokens(
  pipeline: string,
  chosen: DatabricksSettings,
  deps: TokenDeps,
  onRefused: (error: AppError) => void,
): Promise<OpenTokens> {
  const network = await networkOf(deps.settings.get())
  const { host, mint } = await wayOf(pipeline, chosen, deps, network)
  if (host === '') throw noHost()
  let held: Tokens | null = null
  let minting: Promise<Tokens> | null = null
  return {
    host,
    network,
    onRefused,
    forget() {
      held = null
    },
    async token(signal, refused) {
      signal?.throwIfAborted()
      // One for all who wait for it; it does not end with the one who asked first.
      if (held !== null && (held.expiresAt - Date.now() < spareMs || held.token === refused)) held = null
      if (held !== null) return held.token
      minting ??= mint().finally(() => {
        minting = null
      })
      try {
        held = await minting
        return held.token
      } catch (thrown) {
        if (thrown instanceof AppError && isSignInNeeded(thrown.code)) onRefused(thrown)
        throw thrown
      }
    },
  }
}

interface Way {
  readonly host: string
  mint(): Promise<Tokens>
}

async function wayOf(
  pipeline: string,
  { auth, host, clientId, profile }: DatabricksSettings,
  { secrets, renewals }: TokenDeps,
  network: Network,
): Promise<Way> {
  const stored = async (what: 'token' | 'oauth' | 'browser'): Promise<Secret> => {
    const found = await secrets.get(databricksSecret(pipeline, what))
    if (found === null) throw missing[what]()
    return found
  }
  if (auth === 'none') throw notConnected()
  if (auth === 'token') return { host, mint: async () => ({ token: await stored('token'), ...endless }) }
  if (auth === 'oauth') {
    if (clientId === '') throw noClient()
    const mint = async () => machineTokens(host, { clientId, clientSecret: await stored('oauth') }, network)
    return { host, mint }
  }
  if (auth === 'browser') {
    const name = databricksSecret(pipeline, 'browser')
    const mint = () => {
      const under = renewals.get(name) ?? renewed(host, name, () => stored('browser'), secrets, network)
      renewals.set(name, under)
      return under.finally(() => {
        if (renewals.get(name) === under) renewals.delete(name)
      })
    }
    return { host, mint }
  }
  const way = await profileSignIn(profile)
  if (host !== '' && host !== way.host) throw otherHost(host, way.host)
  if (way.kind === 'token') return { host: way.host, mint: async () => ({ token: way.token, ...endless }) }
  return {
    host: way.host,
    mint: () => (way.kind === 'cli' ? cliTokens(way.name) : machineTokens(way.host, way, network)),
  }
}

/** The next token of a person's session. */
async function renewed(
  host: string,
  name: string,
  stored: () => Promise<Secret>,
  secrets: TokenDeps['secrets'],
  network: Network,
): Promise<Tokens> {
  const used = await stored()
  const next = await refreshTokens(host, used, network)
  // The one before is used up: what is not kept now is lost. One that was forgotten or replaced meanwhile stays so.
  const { refresh } = next
  if (refresh === null || !sameSecret(await secrets.get(name), used)) return next
  const kept = secrets.status().items.some((item) => item.name === name)
  if (kept) await secrets.remember(name, refresh).catch(() => secrets.hold(name, refresh))
  else secrets.hold(name, refresh)
  return next
}

/** A person is wanted: nothing else makes it work again. */
export const isSignInNeeded = (code: string): boolean =>
  /^DATABRICKS_(?:TOKEN_MISSING|SIGN_IN_NEEDED|SIGN_IN_REFUSED)$/.test(code)

const missing = {
  token: () =>
    new AppError({
      code: 'DATABRICKS_TOKEN_MISSING',
      message: 'There is no token for this workspace yet.',
      hint: 'Make one in the workspace (Settings, Developer, Access tokens) and enter it on the page Databricks, or with "pipeline databricks token".',
    }),
  oauth: () =>
    new AppError({
      code: 'DATABRICKS_TOKEN_MISSING',
      message: 'There is no secret of this service principal yet.',
      hint: 'Make one in the workspace (Settings, Identity and access, Service principals, Secrets) and enter it on the page Databricks, or with "pipeline databricks token".',
    }),
  browser: () =>
    new AppError({
      code: 'DATABRICKS_SIGN_IN_NEEDED',
      message: 'Nobody is signed in to this workspace yet.',
      hint: 'Press Sign in on the page Databricks, or "pipeline databricks login": the browser opens the workspace.',
    }),
} as const

export const notConnected = () =>
  new AppError({
    code: 'DATABRICKS_NOT_CONNECTED',
    message: 'This pipeline has no Databricks workspace.',
    hint: 'Choose one on the page Databricks, or with "pipeline databricks use".',
  })

const noHost = () =>
  new AppError({
    code: 'DATABRICKS_NO_HOST',
    message: 'The workspace’s address is empty.',
    hint: 'Copy it from the browser: https://dbc-….cloud.databricks.com.',
    field: 'databricks.host',
  })

const noClient = () =>
  new AppError({
    code: 'DATABRICKS_NO_CLIENT',
    message: 'The service principal’s client id is empty.',
    hint: 'It is the application id in Settings, Identity and access, Service principals.',
    field: 'databricks.clientId',
  })

/** A profile's token is for its own workspace. */
const otherHost = (host: string, own: string) =>
  new AppError({
    code: 'DATABRICKS_PROFILE',
    message: `The profile is for another workspace than ${host}: ${own}`,
    hint: 'Leave the address empty to use the profile’s own, or choose another profile.',
    field: 'databricks.host',
  })
