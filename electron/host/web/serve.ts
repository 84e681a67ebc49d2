/** The web door: the page and its WebSocket on loopback, behind a token. */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import type { App } from '../../app.ts'
import { jsonOf } from '../../lib/jsonText.ts'
import { carry } from '../carrier.ts'
import { headersOf, type StaticFile, securityHeaders, staticFile } from '../staticFiles.ts'
import { cookieHeader, type Guard, guard, newToken, sameToken } from './session.ts'

export interface WebDoor {
  /** Without the token. */
  readonly url: string
  /** What a person opens; the part after `#` never reaches a server or a log. */
  readonly address: string
  close(): Promise<void>
}

export interface WebOptions {
  readonly app: Pick<App, 'router'>
  /** The built page. */
  readonly root: string
  /** 0 chooses one. */
  readonly port: number
}

/** A sign-in is a token and nothing more, bytes. */
const largestSignIn = 1_024
/** One call or answer, bytes: a message of 20 MiB as base64 fits. */
const largestFrame = 32 * 1024 * 1024

const signInSchema = z.object({ token: z.string().max(200) })

/** Serves until closed. Throws what `listen` throws. */
export async function serveWeb({ app, root, port }: WebOptions): Promise<WebDoor> {
  const token = newToken()
  const session = newToken()
  let door: Guard = guard([], session)
  const page = pageServer(root)

  const server = createServer((request, response) => {
    void handle(request, response).catch(() => {
      if (!response.headersSent) answer(response, 500, 'Something went wrong.')
      else response.destroy()
    })
  })
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const signIn = path === '/session'
    const refused = door.refusal(request, { session: false, origin: signIn })
    if (refused !== null) return answer(response, 403, `Refused: ${refused}.`)
    if (signIn) return exchange(request, response)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(response, 405, 'Only GET is served.')
    return page(path, request, response)
  }
  const exchange = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') return answer(response, 405, 'POST the token here.')
    const given = signInSchema.safeParse(jsonOf(await readBody(request)))
    if (!given.success || !sameToken(given.data.token, token))
      return answer(response, 403, 'Refused: wrong token.')
    response.setHeader('set-cookie', cookieHeader(session))
    answer(response, 204, '')
  }

  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestFrame, perMessageDeflate: false })
  const { router, options } = carry(app.router)
  const handler = new RPCHandler(router, options)
  server.on('upgrade', (request, socket, head) => {
    const refused =
      request.url === '/rpc' ? door.refusal(request, { session: true, origin: true }) : 'no such path'
    if (refused !== null) {
      socket.end(
        `HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nRefused: ${refused}.`,
      )
      return
    }
    sockets.handleUpgrade(request, socket, head, (websocket) => handler.upgrade(websocket))
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const bound = server.address()
  const actual = typeof bound === 'object' && bound !== null ? bound.port : port
  door = guard([`127.0.0.1:${actual}`, `localhost:${actual}`], session)
  const url = `http://127.0.0.1:${actual}/`
  return {
    url,
    address: `${url}#token=${token}`,
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...securityHeaders,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > largestSignIn) return ''
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Files are read and compressed once; a rebuilt page has other names. */
function pageServer(root: string) {
  const zipped = new Map<string, Buffer>()
  const compress = promisify(gzip)
  const body = async (
    file: StaticFile,
    accepts: boolean,
  ): Promise<{ data: Buffer; zipped: boolean } | null> => {
    const known = accepts && file.immutable ? zipped.get(file.path) : undefined
    if (known !== undefined) return { data: known, zipped: true }
    const data = await readFile(file.path).catch(() => null)
    if (data === null) return null
    if (!accepts || file.path.endsWith('.woff2') || file.path.endsWith('.png')) return { data, zipped: false }
    const small = await compress(data)
    if (file.immutable) zipped.set(file.path, small)
    return { data: small, zipped: true }
  }
  return async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const file = staticFile(root, path)
    const found =
      file === null
        ? null
        : await body(file, /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')))
    if (file === null || found === null) return answer(response, 404, 'Not found.')
    response.writeHead(200, {
      ...headersOf(file),
      'content-type': file.mediaType,
      'content-length': found.data.length,
      'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
      ...(found.zipped ? { 'content-encoding': 'gzip' } : {}),
    })
    response.end(request.method === 'HEAD' ? undefined : found.data)
  }
}

/** Where the page lies below `out/`. */
export const pageFolder = (out: string) => join(out, 'renderer')
