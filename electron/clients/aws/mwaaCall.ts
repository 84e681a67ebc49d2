/**
 * One signed call of MWAA. Amazon's own client ends at 3.523.0 (2024): it lacks InvokeRestApi and would bring an SDK of its own, so
 * the few calls are signed here, with the signer the app has already.
 */
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { Sha256 } from '@smithy/core/checksum'
import { HttpRequest } from '@smithy/core/transport'
import { SignatureV4 } from '@smithy/signature-v4'
import type { z } from 'zod'
import { http1Handler } from '../awsHandler.ts'
import { checkEndpoint, openKeys } from './clientConfig.ts'
import { awsError, saidOf } from './errors.ts'
import { MwaaFault, mwaaError } from './mwaaErrors.ts'
import type { AwsAccess } from './types.ts'

export interface MwaaCall<T> {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** `api` for environments, `env` for what one of them is asked. */
  readonly host: 'api' | 'env'
  /** Not yet encoded, without slashes at its ends. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly answer: z.ZodType<T>
  /** Asked again where nothing or a fault came back. */
  readonly repeatable: boolean
  /** What it is about, for errors. */
  readonly what: string
}

const attempts = 3
/** The first pause; each further one is twice as long, and up to as much again by chance. */
const pauseMs = 300
/** As the SDK's: a trigger of Airflow answers within seconds. */
const usualTimeoutMs = 30_000

/** Rejects with AppError. */
export async function mwaaCall<T>(
  access: AwsAccess,
  call: MwaaCall<T>,
  timeoutMs: number = usualTimeoutMs,
): Promise<T> {
  checkEndpoint(access.endpoint)
  const handler = http1Handler(access.endpoint, access.network)
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return call.answer.parse(await once(access, call, handler, timeoutMs))
      } catch (thrown) {
        if (attempt === attempts || !mayRepeat(thrown, call.repeatable)) throw thrown
        await sleep(pauseMs * 2 ** (attempt - 1) * (1 + Math.random()))
      }
    }
  } catch (thrown) {
    throw mwaaError(thrown, call.what) ?? awsError(thrown, call.what)
  } finally {
    handler.destroy()
  }
}

/** What was refused for being too much was not done; all else only where doing it twice is the same. */
function mayRepeat(thrown: unknown, repeatable: boolean): boolean {
  if (
    thrown instanceof MwaaFault &&
    /Throttl|TooManyRequests/.test(`${thrown.name} ${thrown.status === 429 ? 'Throttled' : ''}`)
  )
    return true
  if (!repeatable) return false
  if (thrown instanceof MwaaFault) return thrown.status >= 500 && thrown.name !== 'RestApiServerException'
  return thrown instanceof Error && thrown.name !== 'TimeoutError' && 'code' in thrown
}

async function once(
  access: AwsAccess,
  { method, host, path, query = {}, body }: MwaaCall<unknown>,
  handler: ReturnType<typeof http1Handler>,
  timeoutMs: number,
): Promise<unknown> {
  const base = new URL(access.endpoint || defaultEndpoint(host, access.region))
  const request = new HttpRequest({
    method,
    protocol: base.protocol,
    hostname: base.hostname,
    ...(base.port === '' ? {} : { port: Number(base.port) }),
    path: `/${path.map(encodeURIComponent).join('/')}`,
    query: { ...query },
    headers: { host: base.host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const signer = new SignatureV4({
    service: 'airflow',
    region: access.region,
    sha256: Sha256,
    credentials: openKeys(await access.keys()),
  })
  const signal = AbortSignal.timeout(timeoutMs)
  const signed = new HttpRequest(await signer.sign(request))
  const { response } = await handler.handle(signed, { abortSignal: signal }).catch(late(signal))
  const said = await text(response.body).catch(late(signal))
  const answer = parsed(said)
  if (response.statusCode < 300) return answer
  const name =
    response.headers['x-amzn-errortype'] ?? fieldOf(answer, '__type') ?? `HTTP ${response.statusCode}`
  const message = fieldOf(answer, 'message') ?? fieldOf(answer, 'Message') ?? saidOf(new Error(said))
  throw new MwaaFault(name.split(':')[0]?.split('#').at(-1) ?? name, message, response.statusCode, answer)
}

/** A call that was ended here is told as what it is. */
const late = (signal: AbortSignal) => (thrown: unknown) => {
  if (!signal.aborted) throw thrown
  throw Object.assign(new Error('no answer in time'), { name: 'TimeoutError' })
}

const defaultEndpoint = (host: string, region: string): string =>
  `https://${host}.airflow.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`

function parsed(said: string): unknown {
  try {
    return said === '' ? {} : JSON.parse(said)
  } catch {
    return said
  }
}

const fieldOf = (value: unknown, name: string): string | undefined => {
  const found =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
  return typeof found === 'string' ? found : undefined
}
