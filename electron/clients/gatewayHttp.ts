/** HTTP to the gateway: kept-alive connections, one time limit, and failures told apart by whether a request may have arrived. */
import { type Dispatcher, Pool, ProxyAgent } from 'undici'
import { trustedAuthorities } from '../lib/trust.ts'
import type { Refusal } from './refusal.ts'

/** API Gateway answers after 29 s at the latest; who is silent for longer will not answer. */
const answerMs = 35_000
const connectMs = 10_000
/** An error body is shown in part, characters. */
const shownBody = 300

/** How to get out of this network; both empty on most computers. */
export interface NetworkOptions {
  /** `http://host:port` of a proxy; never used for loopback addresses. */
  readonly proxy?: string
  /** Additional certificate authorities, PEM. */
  readonly ca?: string
}

export interface GatewayRequest {
  readonly method: 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type GatewayAnswer =
  | { readonly ok: true; readonly status: number; readonly body: unknown }
  | { readonly ok: false; readonly refusal: Refusal }

export interface GatewayHttp {
  /** Never throws: who does not answer is a refusal. */
  send(request: GatewayRequest, signal: AbortSignal): Promise<GatewayAnswer>
  close(): Promise<void>
}

/** `base` is the address with its stage; `connections` are opened at most. */
export function connectGateway(base: string, connections: number, network: NetworkOptions = {}): GatewayHttp {
  const { origin, hostname } = new URL(base)
  const connect = { timeout: connectMs, ...(network.ca ? { ca: trustedAuthorities(network.ca) } : {}) }
  const limits = { connections, connect, headersTimeout: answerMs, bodyTimeout: answerMs }
  const dispatcher: Dispatcher =
    network.proxy && !isLoopback(hostname)
      ? new ProxyAgent({ uri: network.proxy, requestTls: connect, ...limits })
      : new Pool(origin, limits)

  return {
    send: async ({ method, url, headers, body }, signal) => {
      try {
        const { pathname, search } = new URL(url)
        const answer = await dispatcher.request({
          origin,
          path: pathname + search,
          method,
          headers,
          body,
          signal,
        })
        const text = await answer.body.text()
        if (answer.statusCode >= 200 && answer.statusCode < 300) {
          return { ok: true, status: answer.statusCode, body: parse(text) }
        }
        return { ok: false, refusal: refusalOfStatus(answer.statusCode, text, url) }
      } catch (thrown) {
        return { ok: false, refusal: refusalOfFailure(thrown, origin) }
      }
    },
    close: () => dispatcher.destroy(),
  }
}

/** The text of an address without a slash at its end. */
export const trimSlash = (address: string) => address.replace(/\/+$/, '')

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const certain = { retriable: false, uncertain: false } as const
const again = { retriable: true, uncertain: false } as const
const unknown = { retriable: false, uncertain: true } as const

/** An answer that is no success, as what it means in practice (facts: section 7, F-29 to F-35). */
export function refusalOfStatus(status: number, text: string, url: string): Refusal {
  const said = messageOf(parse(text)) ?? text.slice(0, shownBody).trim()
  const message = `The gateway answered ${status}${said ? ` (${said})` : ''} to ${url}`
  if (status === 429 || status === 503) {
    return {
      code: 'GATEWAY_BUSY',
      message,
      hint: 'Lower the rate or the requests in flight; it was sent again.',
      ...again,
    }
  }
  if (status === 401 || status === 403) {
    const hint =
      'Check the address with its stage, the method and the access; after a change, deploy the stage again.'
    return { code: 'GATEWAY_FORBIDDEN', message, hint, ...certain }
  }
  if (status === 404) {
    const hint = 'Check the address and its stage, and that the topics and streams exist under these names.'
    return { code: 'GATEWAY_NOT_FOUND', message, hint, ...certain }
  }
  if (status === 413) {
    return {
      code: 'RECORD_TOO_LARGE',
      message,
      hint: 'Use a smaller batch, or shorten the record.',
      ...certain,
    }
  }
  if (status === 504) {
    const hint = 'Check that the REST proxy runs and that its port and the brokers can be reached from there.'
    return { code: 'GATEWAY_TIMED_OUT', message, hint, ...unknown }
  }
  if (status >= 500) {
    const hint =
      'The gateway could not reach what is behind it: check its endpoint (http, not https) and its log.'
    return { code: 'GATEWAY_FAILED', message, hint, ...unknown }
  }
  const hint = 'The gateway did not accept the request as it is; the message says what it missed.'
  return { code: 'GATEWAY_REFUSED', message, hint, ...certain }
}

/** REST proxy: `{error_code, message}`; API Gateway: `{message}`; Kinesis behind it: `{__type, message}`. */
export function messageOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { message, Message, __type: type } = body as Record<string, unknown>
  const text = typeof message === 'string' ? message : Message
  if (typeof text !== 'string') return typeof type === 'string' ? type : undefined
  return (typeof type === 'string' ? `${type}: ${text}` : text).slice(0, shownBody)
}

/** Failures before anything was sent: trying again is safe. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function refusalOfFailure(thrown: unknown, origin: string): Refusal {
  const { code = '', message = String(thrown) } = thrown as { code?: string; message?: string }
  if (neverSent.has(code)) {
    return {
      code: 'GATEWAY_UNREACHABLE',
      message: `The gateway cannot be reached (${code}) at ${origin}`,
      hint: 'Start the local stack, or check the address; it was sent again until the time was up.',
      ...again,
    }
  }
  if (/CERT|TLS|SSL|SIGNATURE/.test(code)) {
    return {
      code: 'GATEWAY_UNTRUSTED',
      message: `The gateway's certificate is not trusted (${code}) at ${origin}`,
      hint: 'If it is your own, name its CA file in the settings.',
      ...certain,
    }
  }
  return {
    code: 'GATEWAY_SILENT',
    message: `The gateway gave no answer (${code || message}) at ${origin}`,
    hint: 'The records may have arrived all the same; the report after the run says which did.',
    ...unknown,
  }
}
