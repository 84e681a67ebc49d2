/** What stands between a client and its server in some offices: an authority of one's own, and a proxy that alone knows names. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

export interface Certificates {
  /** PEM. */
  readonly ca: string
  readonly key: string
  readonly cert: string
}

/** Writes `ca.pem`, `key.pem` and `cert.pem` into a folder: an authority, and a certificate for these names (`DNS:…`, `IP:…`). */
export async function makeCertificates(home: string, names: readonly string[]): Promise<Certificates> {
  const file = (name: string) => join(home, name)
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2']
  await exec('openssl', [
    ...['req', '-x509', ...key, '-subj', '/CN=Test authority'],
    ...['-keyout', file('ca-key.pem'), '-out', file('ca.pem')],
  ])
  await exec('openssl', [
    ...['req', '-x509', ...key, '-subj', '/CN=Test', '-addext', `subjectAltName=${names.join()}`],
    ...['-CA', file('ca.pem'), '-CAkey', file('ca-key.pem')],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-keyout', file('key.pem'), '-out', file('cert.pem')],
  ])
  const read = (name: string) => readFile(file(name), 'utf8')
  return { ca: await read('ca.pem'), key: await read('key.pem'), cert: await read('cert.pem') }
}

/** The same, in a folder that is gone afterwards. */
export async function certificatesFor(...names: string[]): Promise<Certificates> {
  const home = await mkdtemp(join(tmpdir(), 'certificates-'))
  try {
    return await makeCertificates(home, names)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

export interface Listening {
  readonly port: number
  close(): Promise<void>
}

async function listen(server: Server, sockets: Set<Socket>): Promise<Listening> {
  server.on('connection', (socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Takes TLS off and passes requests on to a port of this computer under its own name; `protocols` are those they came in. */
export async function tlsFront(
  { key, cert }: Certificates,
  port: number,
): Promise<Listening & { readonly protocols: string[] }> {
  const protocols: string[] = []
  const server = createSecureServer({ key, cert, allowHTTP1: true }, (incoming, outgoing) => {
    protocols.push(incoming.httpVersion)
    pass(incoming, outgoing, port)
  })
  return { ...(await listen(server, new Set())), protocols }
}

/** One request passed on under the Host that the server behind knows itself by. */
function pass(
  incoming: IncomingMessage | Http2ServerRequest,
  outgoing: ServerResponse | Http2ServerResponse,
  port: number,
): void {
  const { method, url } = incoming
  const named = Object.entries(incoming.headers).filter(
    ([name]) => !/^(:|host$|connection$|proxy-)/.test(name),
  )
  const headers = { ...Object.fromEntries(named), host: `127.0.0.1:${port}` }
  const path = (url ?? '').replace(/^https?:\/\/[^/]+/, '')
  const passed = request({ host: '127.0.0.1', port, method, headers, path }, (answer) => {
    outgoing.statusCode = answer.statusCode ?? 502
    outgoing.setHeader('content-type', answer.headers['content-type'] ?? '')
    answer.pipe(outgoing)
  })
  passed.on('error', () => outgoing.destroy())
  incoming.pipe(passed)
}

/** A proxy for CONNECT and for plain requests that knows `names` (host:port → port here) and nothing else. */
export async function officeProxy(
  names: Pick<ReadonlyMap<string, number>, 'get'>,
): Promise<Listening & { readonly url: string; readonly asked: string[] }> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createHttpServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    const url = new URL(incoming.url ?? '', 'http://nowhere')
    const port = names.get(url.host)
    if (port === undefined) return void outgoing.writeHead(502).end()
    pass(incoming, outgoing, port)
  })
  server.on('connect', (incoming, socket, head) => {
    asked.push(`CONNECT ${incoming.url}`)
    const port = names.get(incoming.url ?? '')
    if (port === undefined) return void socket.end('HTTP/1.1 502 Unknown\r\n\r\n')
    const behind = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n')
      behind.write(head)
      socket.pipe(behind).pipe(socket)
    })
    for (const end of [socket, behind]) {
      end.on('error', () => {
        socket.destroy()
        behind.destroy()
      })
    }
    sockets.add(behind)
  })
  const listening = await listen(server, sockets)
  return { ...listening, url: `http://127.0.0.1:${listening.port}`, asked }
}
