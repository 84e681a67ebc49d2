/** Of the fake workspace: OAuth of service principals and of a person in the browser. */
import { createHash, randomBytes } from 'node:crypto'

export interface OauthState {
  /** Secrets of service principals, by their id. */
  readonly clients: Map<string, string>
  /** What the person does on the sign-in page. */
  agrees: boolean
  /** Refresh tokens that are good; each is good once. */
  readonly refresh: Set<string>
  /** Of access tokens, seconds. */
  lifetime: number
  /** Which grants were asked for. */
  readonly grants: string[]
}

export const newOauth = (): OauthState => ({
  clients: new Map(),
  agrees: true,
  refresh: new Set(),
  lifetime: 3_600,
  grants: [],
})

export interface OauthReply {
  readonly status: number
  readonly body?: object
  readonly location?: string
}

const codes = new Map<string, { challenge: string; redirect: string }>()

export function oauthReply(
  state: OauthState,
  tokens: Set<string>,
  address: string,
  {
    method,
    url,
    authorization,
    form,
  }: { method: string; url: URL; authorization: string; form: URLSearchParams },
): OauthReply | null {
  const fail = (error: string, status = 400) => ({ status, body: { error, error_description: `${error}!` } })
  const give = (refreshed: boolean) => {
    const token = `eyJcanary.${randomBytes(12).toString('hex')}.signature`
    tokens.add(token)
    const refresh = `canary-refresh-${randomBytes(8).toString('hex')}`
    if (refreshed) state.refresh.add(refresh)
    return {
      status: 200,
      body: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: state.lifetime,
        ...(refreshed ? { refresh_token: refresh } : {}),
      },
    }
  }
  if (url.pathname === '/oidc/.well-known/oauth-authorization-server') {
    return {
      status: 200,
      body: {
        authorization_endpoint: `${address}/oidc/v1/authorize`,
        token_endpoint: `${address}/oidc/v1/token`,
      },
    }
  }
  if (method === 'GET' && url.pathname === '/oidc/v1/authorize') {
    const asked = Object.fromEntries(url.searchParams)
    const redirect = asked.redirect_uri ?? ''
    const fine =
      asked.response_type === 'code' &&
      asked.client_id === 'databricks-cli' &&
      asked.code_challenge_method === 'S256' &&
      asked.scope === 'offline_access all-apis' &&
      /^http:\/\/localhost:80(?:2\d|3\d|40)$/.test(redirect) &&
      (asked.state ?? '').length >= 16
    if (!fine) return fail('invalid_request')
    const back = new URL(redirect)
    back.searchParams.set('state', asked.state ?? '')
    if (state.agrees) {
      const code = randomBytes(16).toString('hex')
      codes.set(code, { challenge: asked.code_challenge ?? '', redirect })
      back.searchParams.set('code', code)
    } else back.searchParams.set('error', 'access_denied')
    return { status: 302, location: back.href }
  }
  if (method !== 'POST' || url.pathname !== '/oidc/v1/token') return null
  const grant = form.get('grant_type') ?? ''
  state.grants.push(grant)
  if (grant === 'client_credentials') {
    const [id = '', secret = ''] = Buffer.from(authorization.replace('Basic ', ''), 'base64')
      .toString()
      .split(':')
    if (state.clients.get(id) !== secret || form.get('scope') !== 'all-apis')
      return fail('invalid_client', 401)
    return give(false)
  }
  if (form.get('client_id') !== 'databricks-cli') return fail('invalid_client', 401)
  if (grant === 'refresh_token')
    return state.refresh.delete(form.get('refresh_token') ?? '') ? give(true) : fail('invalid_grant')
  const code = form.get('code') ?? ''
  const known = codes.get(code)
  codes.delete(code)
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url')
  if (grant !== 'authorization_code' || known?.challenge !== challenge) return fail('invalid_grant')
  return known.redirect === form.get('redirect_uri') ? give(true) : fail('invalid_grant')
}
