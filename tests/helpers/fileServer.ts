/** A file server for tests of downloads: takes ranges, can cut an answer short or hold it back, and remembers what was asked. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

export interface FileServer {
  readonly url: string
  /** Path, and the range where one was asked for. */
  readonly asked: string[]
  /** The next answer for a path ends in the middle. */
  readonly cut: Set<string>
  /** Answers for a path stop in the middle and never end. */
  readonly held: Set<string>
  close(): Promise<void>
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

/** Serves by path. */
export async function fileServer(files: ReadonlyMap<string, Buffer>): Promise<FileServer> {
  const asked: string[] = []
  const cut = new Set<string>()
  const held = new Set<string>()

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.split('?')[0] ?? ''
    asked.push(`${path}${request.headers.range ? ` ${request.headers.range}` : ''}`)
    const body = files.get(path)
    if (body === undefined) {
      response.writeHead(404).end()
      return
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from >= body.length) {
      response.writeHead(416).end()
      return
    }
    const rest = body.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length })
    const half = rest.subarray(0, Math.floor(rest.length / 2))
    if (held.has(path)) response.write(half)
    else if (cut.delete(path)) response.write(half, () => setTimeout(() => response.destroy(), 50))
    else response.end(rest)
  }

  const server = createServer(answer)
  return {
    url: await listen(server),
    asked,
    cut,
    held,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** An HTTP proxy whose tunnels all end at one server, whatever host they were asked for. */
export async function tunnelTo(target: string): Promise<Pick<FileServer, 'url' | 'asked' | 'close'>> {
  const asked: string[] = []
  const open = new Set<Duplex>()
  const server = createServer((_request, response) => response.writeHead(405).end())
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    asked.push(request.url ?? '')
    const { hostname, port } = new URL(target)
    const onward = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.pipe(client).pipe(onward)
    })
    for (const side of [client, onward]) {
      open.add(side)
      side.on('error', () => side.destroy())
    }
  })
  return {
    url: await listen(server),
    asked,
    close: () => {
      for (const side of open) side.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
