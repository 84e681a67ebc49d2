/** F-68: a connection of Airflow that leads to Databricks as somebody else, or as nobody. Pure; no secret goes in. */
import type { AirflowConnection } from '../../clients/aws/airflowConnections.ts'
import { bad, type DagFinding, unknown, warn } from './findings.ts'

export interface ConnectionWanted {
  readonly id: string
  /** `https://…` of the workspace. */
  readonly host: string
  /** Of a service principal; empty for a token. */
  readonly clientId: string
}

/** The host alone: Airflow's own way to write it differs. */
export const hostNameOf = (host: string): string => {
  const whole = /^https?:\/\//.test(host) ? host : `https://${host}`
  return URL.canParse(whole) ? new URL(whole).hostname : host
}

/** A token that was put into the login's place is not repeated. */
const shownLogin = ({ login, hasPassword }: AirflowConnection): string =>
  hasPassword === false || /^do?[a-z]{3}[0-9a-f]{8}/i.test(login) ? '' : ` (${login})`

export function connectionFindings(seen: AirflowConnection, wanted: ConnectionWanted): DagFinding[] {
  const { id, clientId } = wanted
  const found: DagFinding[] = []
  if (seen.type !== 'databricks')
    found.push(
      bad(
        'F-68',
        `The connection ${id} is of another type: ${seen.type || 'none'}`,
        'Its type is databricks.',
      ),
    )
  // The provider takes host and token of Extra before the fields of the same meaning.
  const [hostInExtra, tokenInExtra] = [seen.extra.includes('host'), seen.extra.includes('token')]
  if (hostInExtra)
    found.push(
      unknown(
        'F-68',
        `The connection ${id} has its host in Extra: whether it leads to ${wanted.host} cannot be told here.`,
        'Put it into the field Host.',
      ),
    )
  else if (hostNameOf(seen.host) !== hostNameOf(wanted.host))
    found.push(
      bad(
        'F-68',
        `The connection ${id} leads to another workspace: ${seen.host || 'none'}`,
        `Its host is ${wanted.host}.`,
      ),
    )
  // The user "token" with a token as its password is a way of Databricks itself.
  if (clientId === '' && seen.login !== '' && seen.login !== 'token' && !tokenInExtra)
    found.push(
      bad(
        'F-68',
        `The connection ${id} has a login${shownLogin(seen)}: Airflow then signs in with login and password, and the token is not used (403 Invalid access token).`,
        'Leave the login empty and put the token into the password.',
      ),
    )
  if (clientId !== '' && seen.login !== clientId && !tokenInExtra)
    found.push(
      bad(
        'F-68',
        `The connection ${id} signs in as ${seen.login === '' ? 'nobody' : `somebody else${shownLogin(seen)}`}`,
        'Its login is the client id of the service principal.',
      ),
    )
  if (clientId !== '' && !seen.extra.includes('service_principal_oauth') && !tokenInExtra)
    found.push(
      bad(
        'F-68',
        `The connection ${id} does not say that it is a service principal’s.`,
        'Its Extra has "service_principal_oauth": true.',
      ),
    )
  if (tokenInExtra)
    found.push(
      warn(
        'F-68',
        `The connection ${id} has a token in Extra, which counts before its password, and anybody who may look at connections reads it.`,
        'Take it out of Extra; the token belongs into the password.',
      ),
    )
  else if (seen.hasPassword === false)
    found.push(bad('F-68', `The connection ${id} has no token.`, 'Put the token into its password.'))
  return found
}
