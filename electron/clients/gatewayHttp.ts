/** HTTP to the gateway: kept-alive connections, one time limit, and failures told apart by whether a request may have arrived. */
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { type Network, networkDispatcher } from '../lib/network.ts'
import { redact } from '../lib/redact.ts'
import { awsMayPass } from './aws/errors.ts'
import { type GatewayAccess, openAccess, type Signed, signerFor } from './gatewayAccess.ts'
import { neverSent } from './neverSent.ts'
import type { Refusal } from './refusal.ts'
import { mayPass } from './ssh/errors.ts'
import { tunnelDispatcher } from './ssh/httpThrough.ts'
import type { SshHost } from './ssh/types.ts'

/** API Gateway answers after 29 s at the latest; who is silent for longer will not answer. */
const answerMs = 35_000
const connectMs = 10_000
/** An error body is shown in part, characters. */
const shownBody = 300

export interface GatewayRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Empty for GET. */
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

/** What a client of a gateway is opened with. */
export interface GatewayLine {
  /** The gateway's address with its stage, if it has one. */
  readonly base: string
  /** Opened at most. */
  readonly connections: number
  readonly network?: Network
  readonly access?: GatewayAccess
  /** A machine that opens the connections, as it sees the address; null connects from here. */
  readonly via?: Pick<SshHost, 'forward'> | null
}

/** Throws AppError GATEWAY_ACCESS_INSECURE. */
export function connectGateway({
  base,
  connections,
  network = {},
  access = openAccess,
  via = null,
}: GatewayLine): GatewayHttp {
  const { origin } = new URL(base)
  const sign = signerFor(base, access, network)
  const limits = { connectMs, silenceMs: answerMs, connections }
  const dispatcher =
    via === null ? networkDispatcher(network, limits) : tunnelDispatcher(via, network, limits)

  const exchange = async (
    request: GatewayRequest,
    signed: Signed,
    signal: AbortSignal,
  ): Promise<GatewayAnswer> => {
    try {
      const { pathname, search } = new URL(request.url)
      const answer = await dispatcher.request({
        origin,
        path: pathname + search,
        method: request.method,
        headers: signed.headers,
        body: request.body === '' ? null : request.body,
        signal,
      })
      const text = await answer.body.text()
      if (answer.statusCode >= 200 && answer.statusCode < 300) {
        return { ok: true, status: answer.statusCode, body: parse(text, signed.hidden) }
      }
      const shown = signed.hidden.length === 0 ? text : redact(text, signed.hidden)
      return { ok: false, refusal: refusalOfStatus(answer.statusCode, shown, request.url, access.kind) }
    } catch (thrown) {
      return { ok: false, refusal: refusalOfFailure(thrown, origin) }
    }
  }
  return {
    send: async (request, signal) => {
      try {
        return await exchange(request, await sign(request), signal)
      } catch (thrown) {
        const { code, message, hint } = toErrorDetail(thrown)
        return { ok: false, refusal: { code, message, hint, ...(awsMayPass(code) ? again : certain) } }
      }
    },
    close: () => dispatcher.destroy(),
  }
}

/** The text of an address without a slash at its end. */
export const trimSlash = (address: string) => address.replace(/\/+$/, '')

/** What may not be repeated is taken out of every text of it. */
function parse(text: string, hidden: readonly string[] = []): unknown {
  const clean = (_: string, value: unknown) =>
    typeof value === 'string' && hidden.some((part) => value.includes(part)) ? redact(value, hidden) : value
  try {
    return hidden.length === 0 ? JSON.parse(text) : JSON.parse(text, clean)
  } catch {
    return undefined
  }
}

const certain = { retriable: false, uncertain: false } as const
const again = { retriable: true, uncertain: false } as const
const unknown = { retriable: false, uncertain: true } as const

const forbiddenHints: Readonly<Record<GatewayAccess['kind'], string>> = {
  none: 'Check the address with its stage, the method and the access; after a change, deploy the stage again.',
  apiKey: 'Check the API key and that its usage plan holds this stage; then the address with its stage.',
  sigv4: 'Check that this identity may execute-api:Invoke there, the region, and the clock of this computer.',
}

/** An answer that is no success, as what it means in practice (facts: section 7, F-29 to F-35). */
export function refusalOfStatus(
  status: number,
  text: string,
  url: string,
  access: GatewayAccess['kind'] = 'none',
): Refusal {
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
    return { code: 'GATEWAY_FORBIDDEN', message, hint: forbiddenHints[access], ...certain }
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

function refusalOfFailure(thrown: unknown, origin: string): Refusal {
  // The machine between could not open the connection.
  if (thrown instanceof AppError) {
    return {
      code: 'GATEWAY_UNREACHABLE',
      message: `The gateway cannot be reached through the machine (${thrown.message}) at ${origin}`,
      hint: 'Look at the Machine page, and whether the gateway runs there; it was sent again until the time was up.',
      ...(mayPass(thrown) ? again : certain),
    }
  }
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
