/** HTTP around the table of routes: who may enter, how much at once, how long, and how an answer is written. */
import { STATUS_CODES } from 'node:http'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Answer, gatewayError, missingToken, proxyError, Refusal } from './answer.ts'
import type { Delay } from './delay.ts'
import { corsHeaders, preflightHeaders, refuse } from './door.ts'
import type { Load } from './load.ts'
import { kafkaType, negotiate } from './media.ts'
import { readBodyOf } from './readBodyOf.ts'
import type { Handled, Handler, Route } from './routes.ts'
import type { Counters } from './stats.ts'

export interface ServerOptions {
  readonly routes: readonly Route[]
  readonly stage: string
  /** Filled once the port is known. */
  readonly hosts: ReadonlySet<string>
  readonly corsOrigins: readonly string[]
  readonly maxBodyBytes: number
  readonly deadlineMs: number
  /** A caller that sends its headers slower is cut off, ms. */
  readonly headersMs: number
  readonly load: Load
  readonly delay: Delay
  readonly counters: Counters
  readonly requestId: () => string
  readonly log: (line: string) => void
}

/** All verbs a route must answer, if only to refuse them. */
const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const
/** A caller that sends its body slower than this is cut off, ms. */
const bodyMs = 30_000
/** A connection on which nothing moves for so long is cut, ms; no answer takes as long. */
const stuckMs = 120_000
/** Idle connections are kept so long, ms; longer than a load balancer's usual 60 s. */
const keepAliveMs = 65_000
const maxConnections = 1_024
/** The longest legal topic is 249 characters, each of which may be written with three. */
const maxParamLength = 750
const negotiable = [
  kafkaType,
  'application/json',
  ...['json', 'binary'].map((f) => `application/vnd.kafka.${f}.v2+json`),
]

/** Not yet listening. */
export function createServer(options: ServerOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    requestTimeout: bodyMs,
    connectionTimeout: stuckMs,
    keepAliveTimeout: keepAliveMs,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    genReqId: options.requestId,
    http: { headersTimeout: options.headersMs, connectionsCheckingInterval: 500, maxHeaderSize: 16_384 },
    routerOptions: {
      maxParamLength,
      ignoreTrailingSlash: true,
      onBadUrl: (_path, _request, response) => {
        response.writeHead(400, { 'content-type': 'application/json' })
        response.end('{"error_code":400,"message":"The path is not valid."}')
      },
    },
  })
  app.server.maxConnections = maxConnections
  // Bodies are read by the handlers' own adapter: with a GET as well, and never parsed by the frame.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))

  const prefix = options.stage === '' ? '' : `/${options.stage}`
  for (const route of options.routes) {
    // API Gateway's {proxy+} does not match the bare stage.
    if (prefix !== '' && route.path === '/') continue
    for (const method of verbs) {
      const handler = (route.methods as Partial<Record<string, Handler>>)[method] ?? notAllowed(route)
      app.route({ method, url: prefix + route.path, handler: adapt(options, route, handler) })
    }
  }
  const lost: Route = { path: '*', api: 'proxy', methods: {} }
  app.setNotFoundHandler(adapt(options, lost, notFound(prefix)))
  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = frameError(error, options.log)
    options.counters.answered(status, null)
    reply
      .code(status)
      .header('content-type', 'application/json')
      .send(Buffer.from(body ?? ''))
  })
  return app
}

function notAllowed(route: Route): Handler {
  return async () => {
    if (route.api === 'streams') throw missingToken()
    const allow = Object.keys(route.methods).join(',')
    throw proxyError(405, 405, 'HTTP 405 Method Not Allowed', { allow })
  }
}

function notFound(prefix: string): Handler {
  return async ({ path }) => {
    if (prefix !== '' && !path.startsWith(`${prefix}/`)) throw missingToken()
    if (prefix !== '' && path === `${prefix}/`) throw missingToken()
    throw proxyError(404, 404, 'HTTP 404 Not Found')
  }
}

function adapt(options: ServerOptions, route: Route, handler: Handler) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const began = performance.now()
    const origin = request.headers.origin
    reply.header('x-amzn-requestid', request.id)
    let handled: Handled
    try {
      handled = await enter(options, route, handler, request)
    } catch (error) {
      handled = answerOf(error, options.log)
    }
    const { status, body, type, headers, ...rest } = handled
    if ('settle' in rest) watchDelivery(reply, rest.settle)
    options.counters.answered(status, route.waits ? null : performance.now() - began)
    reply.code(status)
    if (options.corsOrigins.length > 0) reply.headers(corsHeaders(allowed(options, origin)))
    if (headers !== undefined) reply.headers(headers)
    if (body === null) return reply.send()
    // As bytes: the frame would add a charset, which these types do not have.
    return reply
      .header('content-type', type ?? ownType(route, request.headers.accept))
      .send(Buffer.from(body))
  }
}

const allowed = (options: ServerOptions, origin: string | undefined) =>
  origin !== undefined && options.corsOrigins.includes(origin) ? origin : undefined

function ownType(route: Route, accept: string | undefined): string {
  return route.api === 'streams' ? 'application/json' : (negotiate(accept, negotiable) ?? 'application/json')
}

/** The checks before a handler, cheapest first; the place in the load is kept until the work is really done. */
async function enter(
  options: ServerOptions,
  route: Route,
  handler: Handler,
  request: FastifyRequest,
): Promise<Handled> {
  const { headers } = request
  const { host, origin } = headers
  const site = headers['sec-fetch-site']
  const fetchSite = typeof site === 'string' ? site : undefined
  const refusal = refuse({ host, origin, fetchSite }, options.hosts, options.corsOrigins)
  if (refusal !== null) throw refusal
  if (request.method === 'OPTIONS' && allowed(options, origin) !== undefined) {
    return { status: 204, body: null, headers: preflightHeaders }
  }
  if (route.api === 'proxy' && negotiate(headers.accept, negotiable) === null) {
    throw proxyError(406, 406, 'HTTP 406 Not Acceptable')
  }
  const declared = Number(headers['content-length'] ?? Number.NaN)
  const chunked = headers['transfer-encoding'] !== undefined
  if (declared > options.maxBodyBytes) throw tooLong(options.maxBodyBytes)
  const leave = options.load.enter(chunked ? options.maxBodyBytes : declared || 0)
  if (leave === null) throw busy()
  const expires = Date.now() + options.deadlineMs
  const work = handle(options, handler, request, expires).finally(options.delay.wait).finally(leave)
  return within(work, options.deadlineMs)
}

async function handle(
  options: ServerOptions,
  handler: Handler,
  request: FastifyRequest,
  expires: number,
): Promise<Handled> {
  const body = await readBodyOf(request.raw, options.maxBodyBytes)
  if (body === null) throw tooLong(options.maxBodyBytes)
  const { headers } = request
  const iterator = headers['shard-iterator']
  const stage = options.stage === '' ? '' : `/${options.stage}`
  return handler({
    params: request.params as Record<string, string>,
    query: singles(request.query),
    path: request.url.split('?', 1)[0] ?? '',
    contentType: headers['content-type'],
    accept: headers.accept,
    shardIterator: typeof iterator === 'string' ? iterator : undefined,
    body,
    base: `http://${headers.host}${stage}`,
    expires,
  })
}

/** A name that is given twice counts with its last value. */
function singles(query: unknown): Record<string, string | undefined> {
  const entries = Object.entries(query as Record<string, string | string[]>)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]),
  )
}

function tooLong(limit: number): Refusal {
  const message = `Request Too Long: a body may have ${limit} bytes.`
  return new Refusal({ status: 413, body: JSON.stringify({ error_code: 413, message }) })
}

function busy(): Refusal {
  const message = 'Too Many Requests: wait a moment, or send fewer at once.'
  return new Refusal({
    status: 429,
    body: JSON.stringify({ error_code: 429, message }),
    headers: { 'retry-after': '1' },
  })
}

/** What API Gateway answers after its 29 s; the work itself goes on, and hears that its answer did not arrive. */
async function within(work: Promise<Handled>, ms: number): Promise<Handled> {
  let timer: NodeJS.Timeout | undefined
  let isLate = false
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isLate = true
      reject(gatewayError(504, 'Endpoint request timed out'))
    }, ms)
  })
  work.then(
    (handled) => isLate && 'settle' in handled && handled.settle(false),
    () => undefined,
  )
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function answerOf(error: unknown, log: (line: string) => void): Answer {
  if (error instanceof Refusal) return error.answer
  log(`gateway: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return { status: 500, body: '{"error_code":500,"message":"Internal Server Error"}' }
}

/** What the frame itself refuses, such as a Content-Type that is no media type. */
function frameError(error: unknown, log: (line: string) => void): Answer {
  const { statusCode } = error as { statusCode?: number }
  if (statusCode === undefined || statusCode < 400 || statusCode > 499) return answerOf(error, log)
  return proxyError(statusCode, statusCode, `HTTP ${statusCode} ${STATUS_CODES[statusCode] ?? ''}`).answer
}

function watchDelivery(reply: FastifyReply, settle: (delivered: boolean) => void): void {
  let finished = false
  reply.raw.once('finish', () => {
    finished = true
  })
  reply.raw.once('close', () => settle(finished))
  if (reply.raw.destroyed) settle(false)
}
