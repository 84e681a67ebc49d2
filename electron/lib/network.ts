/** How this computer gets out of its network: the proxy and the certificate authorities of the settings, or the system's own. */
import { readFile } from 'node:fs/promises'
import { type Dispatcher, EnvHttpProxyAgent, fetch, type RequestInit, type Response } from 'undici'
import { AppError } from '../../shared/errors.ts'
import { trustedAuthorities } from './trust.ts'

/** Both are left out on most computers. */
export interface Network {
  /** `http://host:port`; without it, `HTTPS_PROXY` and its kin of the environment count. */
  readonly proxy?: string
  /** Additional certificate authorities, PEM. */
  readonly ca?: string
}

/** Reads what the settings name. Throws AppError CA_FILE_UNREADABLE. */
export async function networkOf(settings: {
  readonly proxy: string
  readonly caFile: string
}): Promise<Network> {
  const { proxy, caFile } = settings
  const ca =
    caFile === ''
      ? ''
      : await readFile(caFile, 'utf8').catch((thrown) => Promise.reject(noCa(caFile, thrown)))
  return { ...(proxy ? { proxy } : {}), ...(ca ? { ca } : {}) }
}

const noCa = (caFile: string, cause: unknown) =>
  new AppError(
    {
      code: 'CA_FILE_UNREADABLE',
      message: `The file of certificate authorities cannot be read: ${caFile}`,
      hint: 'Correct its path in the settings, or leave it empty.',
      field: 'settings.caFile',
    },
    cause,
  )

const connectMs = 20_000
/** A server that sends nothing for so long has forgotten us, ms. */
const silenceMs = 60_000
const never = 'localhost,127.0.0.1,[::1]'

/** Whether the host name of an address is this computer: never behind a proxy. */
export function isLoopback(hostname: string): boolean {
  return (
    /^(?:.+\.)?localhost$/.test(hostname) || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}

/** What `NO_PROXY` says, and the loopback addresses besides. */
const withoutProxy = () =>
  [process.env.no_proxy ?? process.env.NO_PROXY ?? '', never].filter((part) => part !== '').join()

/** The proxy of this network under the names that Node.js' own agents read (`proxyEnv`), or null where there is none. */
export function proxyEnvOf({ proxy }: Network): Readonly<Record<string, string>> | null {
  const { env } = process
  const [plain, secure] = [env.http_proxy || env.HTTP_PROXY, env.https_proxy || env.HTTPS_PROXY]
  const [http, https] = [proxy || plain || '', proxy || secure || '']
  return http + https === '' ? null : { HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: withoutProxy() }
}

export interface Fetcher {
  fetch(url: string, init: RequestInit): Promise<Response>
  close(): Promise<void>
}

export interface Limits {
  /** Milliseconds. */
  readonly connectMs: number
  readonly silenceMs: number
  /** To one address; without it, as many as there are requests. */
  readonly connections?: number
}

/** Carries undici's requests through this network; loopback addresses never go through a proxy. */
export function networkDispatcher({ proxy, ca }: Network, limits: Limits): Dispatcher {
  const tls = { timeout: limits.connectMs, ...(ca === undefined ? {} : { ca: trustedAuthorities(ca) }) }
  return new EnvHttpProxyAgent({
    connect: tls,
    requestTls: tls,
    headersTimeout: limits.silenceMs,
    bodyTimeout: limits.silenceMs,
    noProxy: withoutProxy(),
    ...(limits.connections === undefined ? {} : { connections: limits.connections }),
    ...(proxy === undefined ? {} : { httpProxy: proxy, httpsProxy: proxy }),
  })
}

/** A `fetch` through this network. */
export function openFetcher(network: Network): Fetcher {
  const dispatcher = networkDispatcher(network, { connectMs, silenceMs })
  return {
    fetch: (url, init) => fetch(url, { ...init, dispatcher }),
    close: () => dispatcher.destroy(),
  }
}
