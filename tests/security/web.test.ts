/** The web door against those who are not the person in front of it; each test is named after the attack it stops. */
import { request } from 'node:http'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Contract } from '../../shared/contract.ts'
import { startProgram, type TestHome, testHome } from '../helpers/home.ts'

let home: TestHome
let web: ReturnType<typeof startProgram>
let port = 0
let token = ''
let cookie = ''

beforeAll(async () => {
  home = await testHome()
  web = startProgram('web.js', [], home.env)
  const match = await web.line(/http:\/\/127\.0\.0\.1:(\d+)\/#token=(\S+)/)
  port = Number(match[1])
  token = match[2] ?? ''
  const answer = await ask({
    method: 'POST',
    path: '/session',
    headers: { origin: own() },
    body: JSON.stringify({ token }),
  })
  cookie = String(answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? ''
})

afterAll(async () => {
  web.child.kill('SIGTERM')
  await web.finished
  await home.remove()
})

const own = () => `http://127.0.0.1:${port}`

interface Ask {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** By hand, since fetch sets Host itself and normalises paths. */
function ask({ method = 'GET', path, headers = {}, body }: Ask) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        )
      })
      sent.on('error', reject)
      sent.end(body)
    },
  )
}

/** Tries to open the socket; the status of the refusal, or 101. */
function upgrade(headers: Readonly<Record<string, string>>, path = '/rpc'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    socket.once('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.once('error', () => {})
  })
}

describe('the web door', () => {
  it('lets in who has the token, with a cookie no script can read', async () => {
    const answer = await ask({
      method: 'POST',
      path: '/session',
      headers: { origin: own() },
      body: JSON.stringify({ token }),
    })
    expect(answer.status).toBe(204)
    expect(answer.headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict; Path=\/$/)
    expect(await upgrade({ origin: own(), cookie })).toBe(101)
  })

  it.each(['', 'x', 'a'.repeat(43), '{}'])('wrong token %j gets no session', async (wrong) => {
    const answer = await ask({
      method: 'POST',
      path: '/session',
      headers: { origin: own() },
      body: JSON.stringify({ token: wrong }),
    })
    expect(answer.status).toBe(403)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it.each(['null', '[]', '{"token":5}', '{"__proto__":{"token":"x"}}', '{', 'x'.repeat(5_000)])(
    'sign-in with the body %.20s is refused',
    async (body) => {
      expect((await ask({ method: 'POST', path: '/session', headers: { origin: own() }, body })).status).toBe(
        403,
      )
    },
  )

  it('cross-site sign-in (login CSRF) is refused: foreign Origin, or none', async () => {
    const body = JSON.stringify({ token })
    expect(
      (await ask({ method: 'POST', path: '/session', headers: { origin: 'https://evil.example' }, body }))
        .status,
    ).toBe(403)
    expect((await ask({ method: 'POST', path: '/session', body })).status).toBe(403)
  })

  it('DNS rebinding: a foreign Host gets nothing, not even the page', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${port}`,
    ]) {
      expect((await ask({ path: '/', headers: { host } })).status, host).toBe(403)
      expect(await upgrade({ host, origin: own(), cookie }), host).toBe(403)
    }
  })

  it('cross-site WebSocket: a foreign Origin, "null" or none is refused although the cookie is right', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      `http://127.0.0.1:${port + 1}`,
      `https://127.0.0.1:${port}`,
    ]) {
      expect(await upgrade({ origin, cookie }), origin).toBe(403)
    }
    expect(await upgrade({ cookie })).toBe(403)
  })

  it('missing or guessed cookie is refused', async () => {
    expect(await upgrade({ origin: own() })).toBe(403)
    expect(await upgrade({ origin: own(), cookie: 'pipeline-session=guess' })).toBe(403)
    expect(await upgrade({ origin: own(), cookie: `pipeline-session=${token}` })).toBe(403)
  })

  it('another path is no way to the socket', async () => {
    for (const path of ['/', '/rpcx', '/rpc/', '/session', '/rpc?x']) {
      expect(await upgrade({ origin: own(), cookie }, path), path).toBe(403)
    }
  })

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fcli.js',
    '/assets/../../cli.js',
    '/..%5c..%5ccli.js',
    '/%00',
    '//etc/passwd',
  ])('path escape %s gives 404', async (path) => {
    const answer = await ask({ path })
    expect([404, 403]).toContain(answer.status)
    expect(answer.text.length).toBeLessThan(100)
  })

  it('every answer forbids inline script, framing and sniffing', async () => {
    for (const path of ['/', '/none', '/session']) {
      const { headers } = await ask({ path })
      expect(headers['content-security-policy'], path).toContain("default-src 'none'")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })

  it('only GET reads files', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask({ method, path: '/' })).status, method).toBe(405)
  })
})

describe('calls over the socket', () => {
  const connect = async () => {
    const websocket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers: { origin: own(), cookie } })
    await new Promise((resolve) => websocket.once('open', resolve))
    const link = new RPCLink({ websocket: websocket as never })
    const client: ContractRouterClient<Contract> = createORPCClient(link)
    return { client, link, websocket }
  }

  it('prototype keys in a path reach nothing', async () => {
    const { link, websocket } = await connect()
    for (const path of [
      ['__proto__', 'toString'],
      ['constructor', 'constructor'],
      ['settings', '__proto__'],
      ['app', 'valueOf'],
      ['app'],
      [],
    ]) {
      await expect(link.call(path, {}, { context: {} }), path.join('.')).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
    }
    websocket.terminate()
  })

  it('prototype keys in an input change nothing', async () => {
    const { client, websocket } = await connect()
    const input = JSON.parse(
      '{"theme":"dark","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    )
    expect(await client.settings.set(input)).toMatchObject({ theme: 'dark' })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.keys(await client.settings.get())).not.toContain('constructor')
    websocket.terminate()
  })

  it('an input of the wrong kind is named, and nothing breaks', async () => {
    const { client, websocket } = await connect()
    await expect(client.settings.set({ theme: 5 } as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(client.pipelines.select({ pipeline: '../../etc' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    await expect(client.pipelines.select({ pipeline: 'none' })).rejects.toMatchObject({
      code: 'FAILED',
      data: { code: 'PIPELINE_UNKNOWN' },
    })
    expect((await client.app.info()).version).toMatch(/^\d/)
    websocket.terminate()
  })

  it('a destructive call without consent, or with another’s, is refused', async () => {
    const { client, websocket } = await connect()
    const made = await client.pipelines.create({ name: 'victim' } as never)
    const pipeline = made.id
    await expect(client.pipelines.remove({ pipeline, consent: 'x'.repeat(32) })).rejects.toMatchObject({
      data: { code: 'CONSENT_NEEDED' },
    })
    const { token: other } = await client.app.consent({
      request: { action: 'local.wipe', pipeline },
      typed: 'victim',
    })
    await expect(client.pipelines.remove({ pipeline, consent: other ?? '' })).rejects.toMatchObject({
      data: { code: 'CONSENT_NEEDED' },
    })
    const { token: none } = await client.app.consent({
      request: { action: 'pipelines.remove', pipeline },
      typed: 'Victim',
    })
    expect(none).toBeNull()
    expect((await client.pipelines.list()).items.map((item) => item.id)).toContain(pipeline)
    websocket.terminate()
  })

  it('a frame that is no call of ours does not end the door', async () => {
    for (const frame of [
      '',
      '{',
      '[]',
      'null',
      '{"i":"1","p":{"u":"/__proto__"}}',
      Buffer.alloc(1_000_000),
    ]) {
      const { websocket } = await connect()
      websocket.send(frame)
      // The answer to the ping comes after the frame was taken.
      const answered = new Promise((resolve, reject) => {
        websocket.once('pong', resolve)
        websocket.once('close', () => reject(new Error('The door closed the line')))
      })
      websocket.ping()
      await answered
      websocket.terminate()
    }
    const { client, websocket } = await connect()
    expect((await client.app.info()).door).toBe('web')
    websocket.terminate()
  })
})
