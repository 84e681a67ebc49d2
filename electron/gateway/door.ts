/** Who may speak to the gateway: programs on this computer, and pages only from listed origins (decision 14). */
import { gatewayError, type Refusal } from './answer.ts'

export interface Caller {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
}

/** The `Host` values that mean this gateway: anything else is a page's attempt to reach it by another name. */
export function ownHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`])
}

/** Null where the caller may pass. */
export function refuse(
  caller: Caller,
  hosts: ReadonlySet<string>,
  corsOrigins: readonly string[],
): Refusal | null {
  if (caller.host === undefined || !hosts.has(caller.host.toLowerCase())) {
    return gatewayError(403, 'Forbidden: the Host header must be the address this gateway listens on.')
  }
  if (caller.origin !== undefined && !corsOrigins.includes(caller.origin)) {
    return gatewayError(403, 'Forbidden: this Origin is not in the list of the gateway settings.')
  }
  if (caller.origin === undefined && caller.fetchSite === 'cross-site') {
    return gatewayError(403, 'Forbidden: called from a page of another site.')
  }
  return null
}

/** The headers of an answer to a listed origin; none otherwise. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  if (origin === undefined) return {}
  return { 'access-control-allow-origin': origin, vary: 'origin' }
}

/** The headers of a preflight's answer, as API Gateway's "enable CORS" writes them. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET,POST,PUT,DELETE,OPTIONS',
  'access-control-allow-headers': 'Content-Type,Accept,Shard-Iterator,X-Api-Key',
  'access-control-max-age': '300',
}
