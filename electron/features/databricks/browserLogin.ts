/** A person's sign-in in the browser, from the page that is opened to the session that is kept. */
import type { DatabricksSettings } from '../../../shared/databricks.ts'
import { AppError } from '../../../shared/errors.ts'
import { beginBrowserSignIn, signInFailed } from '../../clients/databricks/oauth.ts'
import { listenForRedirect } from '../../clients/databricks/redirect.ts'
import { networkOf } from '../../lib/network.ts'
import { servicePage } from '../../lib/servicePage.ts'
import type { Platform } from '../../platform.ts'
import type { SettingsStore } from '../deps.ts'
import { databricksSecret } from '../secretNames.ts'
import type { SecretStore } from '../secretStore.ts'

export interface BrowserLoginDeps {
  readonly settings: SettingsStore
  readonly secrets: Pick<SecretStore, 'hold' | 'remember'>
  readonly platform: Pick<Platform, 'openPage'>
}

export interface BrowserLogin {
  readonly signIn: { readonly url: string; readonly opened: boolean }
  /** Resolves when the session is kept. Rejects with AppError, and with the signal. */
  readonly over: Promise<void>
}

/** A person has so long to sign in, ms. */
const signInMs = 600_000

/** Rejects with AppError where the browser cannot be sent anywhere. */
export async function browserLogin(
  pipeline: string,
  { auth, host }: DatabricksSettings,
  remember: boolean,
  { settings, secrets, platform }: BrowserLoginDeps,
  signal: AbortSignal,
): Promise<BrowserLogin> {
  if (auth !== 'browser' || host === '') throw notBrowser()
  const until = AbortSignal.any([signal, AbortSignal.timeout(signInMs)])
  const network = await networkOf(settings.get())
  const redirect = await listenForRedirect()
  try {
    const begun = await beginBrowserSignIn(host, redirect.url, network, until)
    const url = servicePage(begun.url, host)
    if (url === null) throw notBrowser()
    const opened = await platform.openPage('databricksSignIn', url)
    const finish = async () => {
      try {
        const { refresh } = await begun.finish(await redirect.code(begun.state, until), until)
        if (refresh === null) throw signInFailed('the workspace gave no session that can be renewed')
        // The pipeline may have been given another workspace while the person signed in.
        signal.throwIfAborted()
        const name = databricksSecret(pipeline, 'browser')
        if (remember) await secrets.remember(name, refresh)
        else secrets.hold(name, refresh)
      } catch (thrown) {
        throw until.aborted && !signal.aborted ? signInFailed('nobody agreed within ten minutes') : thrown
      } finally {
        redirect.close()
      }
    }
    return { signIn: { url, opened }, over: finish() }
  } catch (thrown) {
    redirect.close()
    throw thrown
  }
}

const notBrowser = () =>
  new AppError({
    code: 'DATABRICKS_NOT_BROWSER',
    message: 'This pipeline does not sign in to Databricks in the browser.',
    hint: 'Choose "in the browser" and the workspace’s address first.',
    field: 'databricks.auth',
  })
