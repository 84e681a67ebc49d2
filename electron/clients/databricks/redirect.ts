/** Listens on loopback for the one redirect that ends a sign-in in the browser. */
import { createServer, type Server } from 'node:http'
import { AppError } from '../../../shared/errors.ts'
import { signInFailed } from './oauth.ts'

/** The port that Databricks' own tools are redirected to, and those they take where it is taken. */
const firstPort = 8020
const lastPort = 8040

export interface Redirect {
  readonly url: string
  /** The code. Rejects with AppError where the person refused, and with the signal. */
  code(state: string, signal: AbortSignal): Promise<string>
  close(): void
}

/** Throws AppError PORT_TAKEN. */
export async function listenForRedirect(): Promise<Redirect> {
  const server = createServer()
  const port = await firstFree(server)
  // Names as the registered redirect has it; what listens is loopback alone.
  const url = `http://localhost:${port}`
  return {
    url,
    code: (state, signal) =>
      new Promise((resolve, reject) => {
        const aborted = () => reject(signal.reason)
        if (signal.aborted) return aborted()
        signal.addEventListener('abort', aborted, { once: true })
        server.on('request', (request, response) => {
          const { pathname, searchParams: given } = new URL(request.url ?? '/', url)
          const page = (status: number, text: string) =>
            response
              .writeHead(status, {
                'content-type': 'text/html; charset=utf-8',
                'content-security-policy': "default-src 'none'",
                connection: 'close',
              })
              .end(`<!doctype html><title>Pipeline Control</title><p>${text}</p>`)
          // A browser asks for a picture too, and any page could ask for anything: only the right state counts.
          if (request.method !== 'GET' || pathname !== '/' || given.get('state') !== state) {
            page(404, 'There is nothing here.')
            return
          }
          const code = given.get('code')
          if (code !== null && code !== '') {
            page(200, 'You are signed in. This page can be closed.')
            resolve(code)
            return
          }
          page(200, 'The sign-in did not come about. This page can be closed.')
          reject(signInFailed(given.get('error_description') ?? given.get('error') ?? 'no code came back'))
        })
      }),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function firstFree(server: Server): Promise<number> {
  for (let port = firstPort; port <= lastPort; port += 1) {
    const listens = await new Promise<boolean>((resolve, reject) => {
      server.once('error', ({ code }: NodeJS.ErrnoException) =>
        code === 'EADDRINUSE' || code === 'EACCES' ? resolve(false) : reject(code),
      )
      server.listen(port, '127.0.0.1', () => {
        server.removeAllListeners('error')
        resolve(true)
      })
    })
    if (listens) return port
  }
  throw new AppError({
    code: 'PORT_TAKEN',
    message: `No port is free for the browser to come back to: ${firstPort} to ${lastPort}`,
    hint: 'End what listens there, or use a personal access token.',
  })
}
