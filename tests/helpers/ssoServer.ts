/** A fake IAM Identity Center at the wire: OIDC with device authorisation, and the role's credentials for its token. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SsoServer {
  readonly url: string
  /** What the person has done in the browser. */
  agreed: 'not yet' | 'yes' | 'no'
  /** Tokens it gave and still takes. */
  readonly tokens: Set<string>
  /** Which grants were asked for. */
  readonly grants: string[]
  /** Of the credentials, seconds. */
  lifetime: number
  /** Of the token, seconds. */
  tokenLifetime: number
  close(): Promise<void>
}

export const ssoKeys = {
  accessKeyId: 'ASIASSOCANARY0000001',
  secretAccessKey: 'sso-canary-secret-key-0123456789abcdef00',
  sessionToken: 'sso-canary-session-token-0123456789',
} as const

export async function ssoServer(): Promise<SsoServer> {
  let made = 0
  const state = {
    agreed: 'not yet' as SsoServer['agreed'],
    tokens: new Set<string>(),
    grants: [] as string[],
    lifetime: 3_600,
    tokenLifetime: 28_800,
  }
  const fail = (type: string) => ({ status: 400, type, body: { error: type, error_description: type } })
  const answers: Record<
    string,
    (input: Record<string, string>) => { status?: number; type?: string; body: object }
  > = {
    '/client/register': () => ({
      body: {
        clientId: 'client',
        clientSecret: 'sso-canary-client-secret',
        clientSecretExpiresAt: 4_000_000_000,
      },
    }),
    '/device_authorization': () => ({
      body: {
        deviceCode: 'device',
        userCode: 'ABCD-EFGH',
        verificationUri: `${address()}/device`,
        verificationUriComplete: `${address()}/device?user_code=ABCD-EFGH`,
        expiresIn: 600,
        interval: 1,
      },
    }),
    '/token': ({ grantType = '' }) => {
      state.grants.push(grantType)
      if (grantType !== 'refresh_token' && state.agreed === 'not yet')
        return fail('AuthorizationPendingException')
      if (grantType !== 'refresh_token' && state.agreed === 'no') return fail('AccessDeniedException')
      made += 1
      const token = `sso-canary-access-token-${made}`
      state.tokens.add(token)
      return {
        body: {
          accessToken: token,
          expiresIn: state.tokenLifetime,
          tokenType: 'Bearer',
          refreshToken: `sso-canary-refresh-token-${made}`,
        },
      }
    },
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const path = (request.url ?? '').split('?')[0] ?? ''
      const text = Buffer.concat(chunks).toString()
      const reply = ({ status = 200, type = '', body }: { status?: number; type?: string; body: object }) =>
        response
          .writeHead(status, {
            'content-type': 'application/json',
            ...(type ? { 'x-amzn-errortype': type } : {}),
          })
          .end(JSON.stringify(body))
      if (path === '/federation/credentials') {
        const token = String(request.headers['x-amz-sso_bearer_token'] ?? '')
        if (!state.tokens.has(token))
          return reply({
            status: 401,
            type: 'UnauthorizedException',
            body: { message: 'Session token not found or invalid' },
          })
        return reply({
          body: { roleCredentials: { ...ssoKeys, expiration: Date.now() + state.lifetime * 1_000 } },
        })
      }
      const answer = answers[path]
      return answer === undefined ? reply({ status: 404, body: {} }) : reply(answer(JSON.parse(text || '{}')))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(state, {
    url: address(),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
