/** A fake Databricks workspace at the wire: strict about paths, fields and tokens; faults and states as a test wants them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type JobState, jobRoutes, newJobs } from './jobs.ts'
import { newOauth, type OauthState, oauthReply } from './oauth.ts'
import { newTree, type TreeState, treeRoutes } from './tree.ts'
import { newVolumes, type VolumeState, volumeRoutes } from './volumes.ts'
import { parse, Refusal, type Reply, type Routes } from './wire.ts'

export interface Fault {
  /** Of `GET /api/2.2/jobs/list`. */
  readonly on: RegExp
  /** How often; for good where it is left out. */
  times?: number
  /** What is done instead: an answer, nothing at all, or the connection cut before or after the work was done. */
  readonly give: Reply | 'silence' | 'cut' | 'cut after'
}

export interface DatabricksFake extends TreeState, VolumeState, JobState {
  readonly url: string
  /** Personal access tokens and those that OAuth gave. */
  readonly tokens: Set<string>
  readonly oauth: OauthState
  readonly faults: Fault[]
  /** `GET /api/2.2/jobs/list`, in order. */
  readonly requests: string[]
  close(): Promise<void>
}

/** One that looks like a real one, and that no real workspace has. */
export const canaryToken = 'dapi0123456789abcdef0123456789abcdef'

export async function databricksFake(): Promise<DatabricksFake> {
  const tokens = new Set([canaryToken])
  const oauth = newOauth()
  const faults: Fault[] = []
  const requests: string[] = []
  const state = { ...newTree(), ...newVolumes(), ...newJobs() }
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const fake: DatabricksFake = Object.assign(state, {
    url: '',
    tokens,
    oauth,
    faults,
    requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
  const routes: Routes = { ...treeRoutes(fake), ...volumeRoutes(fake), ...jobRoutes(fake, url) }

  const answer = async (request: IncomingMessage, raw: Buffer): Promise<Reply> => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', url())
    const method = request.method ?? ''
    const bearer = (request.headers.authorization ?? '').replace(/^Bearer /, '')
    if (!tokens.has(bearer)) throw new Refusal(403, 403, 'Invalid access token.')
    const path = decodeURIComponent(pathname)
    const exact = routes[`${method} ${path}`]
    const open = Object.entries(routes).find(
      ([route]) => route.endsWith('*') && `${method} ${path}`.startsWith(route.slice(0, -1)),
    )
    const handler = exact ?? open?.[1]
    if (handler === undefined)
      throw new Refusal(404, 'ENDPOINT_NOT_FOUND', `No API found for '${method} ${path}'`)
    const part = open === undefined ? '' : `${method} ${path}`.slice(open[0].length - 1)
    const json = request.headers['content-type']?.startsWith('application/json') === true
    if (method === 'POST' && !json) throw new Refusal(400, 'MALFORMED_REQUEST', 'Expected application/json')
    return handler({ method, path, query, raw, body: json ? parse(raw.toString()) : undefined }, part)
  }

  const send = (response: ServerResponse, { status = 200, body, headers = {} }: Reply) => {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const type = typeof body === 'string' ? 'text/html' : 'application/json'
    response.writeHead(status, { ...(text === '' ? {} : { 'content-type': type }), ...headers }).end(text)
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
    } catch {
      // Cut in the middle of a body: nothing of it counts.
      return
    }
    const raw = Buffer.concat(chunks)
    const at = new URL(request.url ?? '/', url())
    const doing = `${request.method} ${decodeURIComponent(at.pathname)}`
    requests.push(doing)
    const fault = faults.find(({ on, times }) => on.test(doing) && times !== 0)
    if (fault?.times !== undefined) fault.times -= 1
    if (fault?.give === 'cut') return void request.socket.destroy()
    if (fault?.give === 'silence') return
    if (fault !== undefined && fault.give !== 'cut after') return send(response, fault.give)
    const form = new URLSearchParams(raw.toString())
    const { authorization = '' } = request.headers
    const byOauth = oauthReply(oauth, tokens, url(), {
      method: request.method ?? '',
      url: at,
      authorization,
      form,
    })
    if (byOauth !== null) {
      const headers = byOauth.location === undefined ? {} : { location: byOauth.location }
      return send(response, { status: byOauth.status, body: byOauth.body, headers })
    }
    const reply = await answer(request, raw).catch((thrown: unknown): Reply => {
      if (thrown instanceof Refusal)
        return { status: thrown.status, body: { error_code: thrown.errorCode, message: thrown.message } }
      throw thrown
    })
    if (fault?.give === 'cut after') return void request.socket.destroy()
    send(response, reply)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(fake, { url: url() })
}
