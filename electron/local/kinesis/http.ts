/** The wire: HTTP/1.1 and HTTP/2 on one plain port, guarded, each request turned into one call of the API. */
import { randomUUID } from 'node:crypto'
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { createServer as createNet, type Server, type Socket } from 'node:net'
import { type Call, type EventAnswer, isEventAnswer } from './calls/call.ts'
import { consumerCalls } from './calls/consumers.ts'
import { getCalls } from './calls/get.ts'
import { putCalls } from './calls/put.ts'
import { reshardCalls } from './calls/reshard.ts'
import { settingCalls } from './calls/settings.ts'
import { shardCalls } from './calls/shards.ts'
import { streamCalls } from './calls/streams.ts'
import { tagCalls } from './calls/tags.ts'
import { Fault } from './fault.ts'
import type { Store } from './store.ts'

type Request = IncomingMessage | Http2ServerRequest
type Response = ServerResponse | Http2ServerResponse

const contentType = 'application/x-amz-json-1.1'
const target = 'Kinesis_20131202'

/** 10 MiB of data as base64, with keys and JSON around it. */
const maxBodyBytes = 16 * 1024 * 1024
/** So much of a request that is too large is read and thrown away; beyond, its connection is ended. */
const maxDrainBytes = 64 * 1024 * 1024
/** Bodies of all requests that are being worked on together. */
const maxBodiesBytes = 256 * 1024 * 1024
/** Octets each side may send before it is acknowledged, so that a body crosses in few turns. */
const windowBytes = 4 * 1024 * 1024
/** How long requests may take to end when the server closes, ms. */
const closeWithinMs = 3_000

const calls: ReadonlyMap<string, Call> = new Map(
  [
    ...streamCalls,
    ...shardCalls,
    ...putCalls,
    ...getCalls,
    ...reshardCalls,
    ...settingCalls,
    ...tagCalls,
    ...consumerCalls,
  ].map((call) => [call.name, call]),
)

export interface Front {
  readonly server: Server
  /** Resolves when the last request is answered and all connections are closed. */
  close(): Promise<void>
}

/** `hosts`: what the Host header may say. Any other, and any Origin, is refused (decision 14). */
export function kinesisFront(
  store: () => Store,
  hosts: () => readonly string[],
  log: (line: string) => void,
): Front {
  let bodies = 0
  let running = 0
  const sockets = new Set<Socket>()
  const pushing = new Set<() => void>()
  let whenIdle: (() => void) | null = null

  const readBody = async (request: Request): Promise<unknown> => {
    const chunks: Buffer[] = []
    let kept = 0
    let size = 0
    let refusal: Fault | null = null
    try {
      // What is refused is still read to its end, or the client would not read the answer before it is done writing.
      for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length
        if (size > maxDrainBytes) break
        if (size > maxBodyBytes) refusal ??= tooLarge()
        else if (bodies > maxBodiesBytes) refusal ??= tooMany()
        if (refusal) {
          chunks.length = 0
          continue
        }
        bodies += chunk.length
        kept += chunk.length
        chunks.push(chunk)
      }
      if (refusal) throw refusal
      return JSON.parse(Buffer.concat(chunks).toString('utf8'))
    } catch (thrown) {
      if (thrown instanceof SyntaxError) throw new Fault('SerializationException', 'The body is not JSON.')
      throw thrown
    } finally {
      bodies -= kept
    }
  }

  const answer = async (request: Request): Promise<object | EventAnswer | null> => {
    const { host = '', origin, 'x-amz-target': targetHeader, 'content-type': type = '' } = request.headers
    if (!hosts().includes(String(request.headers[':authority'] ?? host))) {
      throw new Fault('AccessDeniedException', 'The Host header is not the address of this server.', 403)
    }
    if (origin !== undefined) throw new Fault('AccessDeniedException', 'Web pages have no access.', 403)
    if (request.method !== 'POST') {
      throw new Fault(
        'AccessDeniedException',
        'Unable to determine service/operation name to be authorized',
        403,
      )
    }
    const [service, name = ''] = String(targetHeader ?? '').split('.')
    const call = service === target ? calls.get(name) : undefined
    if (!call)
      throw new Fault('UnknownOperationException', `There is no operation "${name.slice(0, 80)}" here.`)
    if (type.split(';')[0]?.trim().toLowerCase() !== contentType) {
      throw new Fault('SerializationException', `The Content-Type must be ${contentType}.`)
    }
    return call.run(store(), await readBody(request))
  }

  const push = async (response: Response, events: EventAnswer) => {
    pushing.add(events.stop)
    response.once('close', events.stop)
    try {
      if (!response.destroyed) await pushAll(response, events)
    } finally {
      events.stop()
      pushing.delete(events.stop)
    }
  }

  const handle = async (request: Request, response: Response) => {
    running += 1
    // A peer that hangs up half-way must not end the process.
    request.on('error', () => {})
    response.on('error', () => {})
    try {
      const result = await answer(request)
      if (isEventAnswer(result)) await push(response, result)
      else respond(response, 200, result === null ? '' : JSON.stringify(result), {})
    } catch (thrown) {
      const fault = thrown instanceof Fault ? thrown : null
      if (!fault && !request.aborted) log(`Request failed: ${(thrown as Error).stack ?? thrown}`)
      const type = fault?.type ?? 'InternalFailure'
      const message = fault?.message ?? 'The request failed inside the local Kinesis; its log has the reason.'
      respond(response, fault?.status ?? 500, JSON.stringify({ __type: type, message }), {
        'x-amzn-errortype': type,
      })
      // Unread rest of a body that was refused.
      request.resume()
    } finally {
      running -= 1
      if (running === 0) whenIdle?.()
    }
  }
  const listener = (request: Request, response: Response) => void handle(request, response)

  const http1 = createHttp1({ keepAliveTimeout: 60_000 }, listener)
  const http2 = createHttp2(
    { settings: { initialWindowSize: windowBytes, maxConcurrentStreams: 256 } },
    listener,
  )
  const sessions = new Set<{ close(): void }>()
  http2.on('session', (session) => {
    session.setLocalWindowSize(4 * windowBytes)
    session.on('error', () => {})
    sessions.add(session)
    session.once('close', () => sessions.delete(session))
  })
  http1.on('clientError', (_, socket) => socket.destroy())
  http2.on('sessionError', () => {})

  const server = createNet((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setNoDelay(true)
    // Nothing sent within a minute: not a client.
    socket.setTimeout(60_000, () => socket.destroy())
    const begin = () => {
      const first = socket.read() as Buffer | null
      // It may be said to be readable before anything is there.
      if (!first) return
      socket.off('readable', begin)
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      socket.unshift(first)
      // Every HTTP/2 connection begins with "PRI * HTTP/2.0"; no HTTP/1.1 method does.
      const front = first.toString('latin1', 0, 3) === 'PRI' ? http2 : http1
      front.emit('connection', socket)
    }
    socket.on('readable', begin)
  })

  return {
    server,
    async close() {
      server.close()
      for (const stop of pushing) stop()
      if (running > 0) {
        // A client that never finishes its body must not hold it up.
        const late = setTimeout(() => whenIdle?.(), closeWithinMs)
        await new Promise<void>((resolve) => {
          whenIdle = resolve
        })
        clearTimeout(late)
      }
      for (const session of sessions) session.close()
      http1.closeIdleConnections()
      await new Promise<void>((resolve) => setImmediate(resolve))
      for (const socket of sockets) socket.destroy()
    },
  }
}

const tooLarge = () => new Fault('RequestEntityTooLargeException', 'The request is larger than 16 MiB.', 413)
const tooMany = () => new Fault('ServiceUnavailable', 'Too much is being written at once. Try again.', 503)

function respond(
  response: Response,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.headersSent || response.destroyed) return
  const all = {
    'content-type': contentType,
    'content-length': String(Buffer.byteLength(body)),
    'x-amzn-requestid': randomUUID(),
    ...headers,
  }
  response.statusCode = status
  for (const [name, value] of Object.entries(all)) response.setHeader(name, value)
  response.end(body)
}

/** One message after the other, each when there is room for it; one that is not taken until the end is not waited for. */
async function pushAll(response: Response, { messages, over }: EventAnswer): Promise<void> {
  response.statusCode = 200
  response.setHeader('content-type', 'application/vnd.amazon.eventstream')
  response.setHeader('x-amzn-requestid', randomUUID())
  // Both kinds of answer are streams to write to, but their types share no signature.
  const out: Pick<ServerResponse, 'write' | 'once' | 'off'> = response as ServerResponse
  for await (const message of messages()) {
    if (out.write(message)) continue
    const room = await new Promise<boolean>((resolve) => {
      const settle = () => {
        out.off('drain', settle)
        over.removeEventListener('abort', settle)
        resolve(!over.aborted)
      }
      out.once('drain', settle)
      over.addEventListener('abort', settle)
      if (over.aborted) settle()
    })
    if (!room) return void response.destroy()
  }
  response.end()
}
