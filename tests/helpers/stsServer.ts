/** AWS's Security Token Service at the wire, as far as an identity and a role need it; moto gives out keys that nobody else can know. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { SignerKey } from './secureBroker.ts'

export interface StsServer {
  readonly url: string
  /** The names of the sessions that were given out. */
  readonly sessions: string[]
  close(): void
}

/** Knows `caller`, and gives `role` to it where it asks for `roleArn`. */
export async function startSts(caller: SignerKey, roleArn: string, role: SignerKey): Promise<StsServer> {
  const sessions: string[] = []
  const server = createServer(async (request, response) => {
    const asked = new URLSearchParams(await text(request))
    const id = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1]
    const answer = (status: number, body: string) => {
      response.writeHead(status, { 'content-type': 'text/xml' })
      response.end(body)
    }
    const denied = () =>
      answer(
        403,
        '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
      )
    if (id !== caller.id) return denied()
    if (asked.get('Action') === 'GetCallerIdentity') {
      const who = `<Arn>${caller.principal}</Arn><UserId>u</UserId><Account>123456789012</Account>`
      return answer(200, wrapped('GetCallerIdentity', who))
    }
    if (asked.get('Action') !== 'AssumeRole' || asked.get('RoleArn') !== roleArn) return denied()
    sessions.push(asked.get('RoleSessionName') ?? '')
    const end = new Date(Date.now() + 3_600_000).toISOString()
    const keys = `<AccessKeyId>${role.id}</AccessKeyId><SecretAccessKey>${role.secret}</SecretAccessKey>`
    const more = `<SessionToken>${role.token}</SessionToken><Expiration>${end}</Expiration>`
    return answer(200, wrapped('AssumeRole', `<Credentials>${keys}${more}</Credentials>`))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sessions,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const wrapped = (action: string, result: string) =>
  `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${result}</${action}Result></${action}Response>`
