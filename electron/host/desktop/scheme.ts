/** Serves the built page as `app://pipeline/…`; `file:` is refused. */
import { readFile } from 'node:fs/promises'
import type { Protocol } from 'electron'
import { headersOf, securityHeaders, staticFile } from '../staticFiles.ts'

/** Must run before the app is ready. */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

function refuse(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' },
  })
}

/** Answers one request for the page's files: GET, our host and a file below `root`, or 405 and 404. */
export async function serveApp(root: string, request: Pick<Request, 'method' | 'url'>): Promise<Response> {
  if (request.method !== 'GET') return refuse(405, 'Only GET is served.')
  const match = /^app:\/\/([^/?#]*)([^?#]*)/.exec(request.url)
  if (match === null || match[1] !== 'pipeline') return refuse(404, 'Not found.')
  const file = staticFile(root, match[2] ?? '/')
  const body = file === null ? null : await readFile(file.path).catch(() => null)
  if (file === null || body === null) return refuse(404, 'Not found.')
  return new Response(new Uint8Array(body), {
    status: 200,
    headers: { ...headersOf(file), 'content-type': file.mediaType },
  })
}

/** Must run after the app is ready. */
export function handleSchemes(protocol: Pick<Protocol, 'handle'>, root: string): void {
  protocol.handle('app', (request) => serveApp(root, request))
  protocol.handle('file', () => refuse(404, 'Files are not served.'))
}
