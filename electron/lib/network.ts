/** How this computer gets out of its network: the proxy and the certificate authorities of the settings, or the system's own. */
import { readFile } from 'node:fs/promises'
import { EnvHttpProxyAgent, fetch, type RequestInit, type Response } from 'undici'
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

export interface Fetcher {
  fetch(url: string, init: RequestInit): Promise<Response>
  close(): Promise<void>
}

/** A `fetch` through this network; loopback addresses never go through a proxy. */
export function openFetcher({ proxy, ca }: Network): Fetcher {
  const trust = ca === undefined ? {} : { ca: trustedAuthorities(ca) }
  const noProxy = [process.env.no_proxy ?? process.env.NO_PROXY ?? '', never]
    .filter((part) => part !== '')
    .join()
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: connectMs, ...trust },
    requestTls: { timeout: connectMs, ...trust },
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    noProxy,
    ...(proxy === undefined ? {} : { httpProxy: proxy, httpsProxy: proxy }),
  })
  return {
    fetch: (url, init) => fetch(url, { ...init, dispatcher }),
    close: () => dispatcher.destroy(),
  }
}
