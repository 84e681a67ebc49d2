/** Tokens by OAuth: of a service principal, and of a person who signs in in the browser (PKCE, redirect to loopback). */
import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { jsonOf } from '../../lib/jsonText.ts'
import { type Network, openFetcher } from '../../lib/network.ts'
import { type Secret, secret } from '../../lib/secret.ts'
import { failureError, notAWorkspace, refusalError } from './errors.ts'

export interface Tokens {
  readonly token: Secret
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** Of a person's sign-in, for the next token; it replaces the one before. */
  readonly refresh: Secret | null
}

/** The public client that Databricks made for its own command line; it may be redirected to loopback. */
const cliClient = 'databricks-cli'
/** `offline_access` is what gives a refresh token. */
const scopes = 'offline_access all-apis'

const tokenSchema = z.object({
  access_token: z.string().min(1),
  /** Seconds; an hour is usual. */
  expires_in: z.number().default(3_600),
  refresh_token: z.string().min(1).optional(),
})
const discoverySchema = z.object({ authorization_endpoint: z.url(), token_endpoint: z.url() })
const refusalSchema = z.object({ error: z.string().optional(), error_description: z.string().optional() })

/** Rejects with AppError. */
async function post(
  url: string,
  form: Readonly<Record<string, string>>,
  network: Network,
  { basic, hidden, signal }: { basic?: string; hidden: readonly string[]; signal: AbortSignal | undefined },
): Promise<Tokens> {
  const { host, origin } = new URL(url)
  const fetcher = openFetcher(network)
  try {
    const answer = await fetcher.fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(basic === undefined ? {} : { authorization: `Basic ${basic}` }),
      },
      body: new URLSearchParams(form).toString(),
      ...(signal === undefined ? {} : { signal }),
    })
    const text = await answer.text()
    const body = jsonOf(text)
    if (!answer.ok) {
      const { data } = refusalSchema.safeParse(body)
      // A grant that ended is a refused sign-in, whatever status says so (RFC 6749: 400 invalid_grant, 401 invalid_client).
      const ended = /invalid_(?:grant|client)|unauthorized_client/.test(data?.error ?? '')
      const refused = {
        status: ended ? 401 : answer.status,
        errorCode: data?.error ?? String(answer.status),
        said: data?.error_description ?? data?.error ?? '',
      }
      throw refusalError(refused, `POST ${new URL(url).pathname}`, hidden)
    }
    const result = tokenSchema.safeParse(body)
    if (!result.success) throw notAWorkspace(origin, `no token from ${host}`)
    const { access_token: token, expires_in: seconds, refresh_token: refresh } = result.data
    return {
      token: secret(token),
      expiresAt: Date.now() + seconds * 1_000,
      refresh: refresh === undefined ? null : secret(refresh),
    }
  } catch (thrown) {
    throw failureError(thrown, origin)
  } finally {
    await fetcher.close()
  }
}

/** Of a service principal. Rejects with AppError. */
export function machineTokens(
  host: string,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: Secret },
  network: Network,
  signal?: AbortSignal,
): Promise<Tokens> {
  const basic = Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64')
  const form = { grant_type: 'client_credentials', scope: 'all-apis' }
  const hidden = [clientSecret.reveal(), basic]
  return post(`${host}/oidc/v1/token`, form, network, { basic, hidden, signal })
}

/** Where the workspace has people sign in and gives tokens. Rejects with AppError. */
async function discover(host: string, network: Network, signal?: AbortSignal) {
  const fetcher = openFetcher(network)
  try {
    const url = `${host}/oidc/.well-known/oauth-authorization-server`
    const answer = await fetcher.fetch(url, { ...(signal === undefined ? {} : { signal }) })
    const result = discoverySchema.safeParse(jsonOf(await answer.text()))
    if (!answer.ok || !result.success) throw notAWorkspace(host, `status ${answer.status}, no OAuth`)
    const { authorization_endpoint: authorize, token_endpoint: token } = result.data
    // A code is handed to nobody else than the workspace that was named, and never in clear but on this computer.
    for (const found of [authorize, token])
      if (new URL(found).origin !== host) throw notAWorkspace(host, `it sends to ${new URL(found).origin}`)
    return { authorize, token }
  } catch (thrown) {
    throw failureError(thrown, host)
  } finally {
    await fetcher.close()
  }
}

export interface BrowserSignIn {
  /** To be opened in the system browser. */
  readonly url: string
  /** What the redirect must bring back. */
  readonly state: string
  /** The code of the redirect for tokens. Rejects with AppError. */
  finish(code: string, signal?: AbortSignal): Promise<Tokens>
}

/** `redirect`: the loopback address that listens already. Rejects with AppError. */
export async function beginBrowserSignIn(
  host: string,
  redirect: string,
  network: Network,
  signal?: AbortSignal,
): Promise<BrowserSignIn> {
  const endpoints = await discover(host, network, signal)
  // RFC 7636: 43 to 128 characters; 48 bytes are 64 of them.
  const verifier = randomBytes(48).toString('base64url')
  const state = randomBytes(24).toString('base64url')
  const url = new URL(endpoints.authorize)
  const asked = {
    response_type: 'code',
    client_id: cliClient,
    redirect_uri: redirect,
    scope: scopes,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return {
    url: url.href,
    state,
    finish: (code, until) =>
      post(
        endpoints.token,
        {
          grant_type: 'authorization_code',
          client_id: cliClient,
          code,
          redirect_uri: redirect,
          code_verifier: verifier,
        },
        network,
        { hidden: [code, verifier], signal: until },
      ),
  }
}

/** The next token of a person. Rejects with AppError DATABRICKS_SIGN_IN_REFUSED where the session has ended. */
export async function refreshTokens(
  host: string,
  refresh: Secret,
  network: Network,
  signal?: AbortSignal,
): Promise<Tokens> {
  const { token } = await discover(host, network, signal)
  const form = { grant_type: 'refresh_token', client_id: cliClient, refresh_token: refresh.reveal() }
  const next = await post(token, form, network, { hidden: [refresh.reveal()], signal })
  // Where none comes with it, the one before stays good (RFC 6749, 6).
  return { ...next, refresh: next.refresh ?? refresh }
}

/** A person did not agree in the browser, or not in time. */
export const signInFailed = (why: string): AppError =>
  new AppError({
    code: 'DATABRICKS_SIGN_IN_FAILED',
    message: `The sign-in did not come about: ${why}`,
    hint: 'Begin again. Where the browser cannot come back to this computer, use a personal access token.',
  })
