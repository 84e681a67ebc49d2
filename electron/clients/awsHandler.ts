/** How the AWS SDK's clients reach their service: through the network's proxy, trusting its own CA too. */
import http from 'node:http'
import https from 'node:https'
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler'
import { isLoopback, type Network, proxyEnvOf } from '../lib/network.ts'
import { trustedAuthorities } from '../lib/trust.ts'

/** How long a call may take, ms; a PutRecords of 10 MiB over a slow line needs some. */
const requestTimeoutMs = 30_000
const connectMs = 5_000
/** A tunnel takes two connections and two greetings, ms. */
const tunnelMs = 10_000
/** The SDK's own number of connections. */
const usualSockets = 50

/** Of Kinesis, which is faster over HTTP/2. `endpoint` empty means AWS's own; `maxSockets`: connections at once, of HTTP/1.1. */
export function awsHandler(endpoint: string, network: Network, maxSockets: number = usualSockets) {
  const { protocol, hostname } = placeOf(endpoint)
  const direct = isLoopback(hostname) || proxyEnvOf(network) === null
  return direct && network.ca === undefined && protocol === 'https:'
    ? new NodeHttp2Handler({ requestTimeout: requestTimeoutMs })
    : http1Handler(endpoint, network, maxSockets)
}

const placeOf = (endpoint: string) =>
  endpoint === '' ? { protocol: 'https:', hostname: '' } : new URL(endpoint)

/**
 * HTTP/1.1: some emulators speak no plain HTTP/2, no proxy passes it on, most services have no other, and STS and SSO, which
 * ask for the credentials with this same handler, would leave one for HTTP/2 aside and the CA with it.
 */
export function http1Handler(endpoint: string, network: Network, maxSockets: number = usualSockets) {
  const trust = network.ca === undefined ? {} : { ca: trustedAuthorities(network.ca) }
  const proxyEnv = isLoopback(placeOf(endpoint).hostname) ? null : proxyEnvOf(network)
  const agent = { keepAlive: true, maxSockets, ...(proxyEnv === null ? {} : { proxyEnv }) }
  return new NodeHttpHandler({
    requestTimeout: requestTimeoutMs,
    connectionTimeout: proxyEnv === null ? connectMs : tunnelMs,
    httpAgent: new http.Agent(agent),
    httpsAgent: new https.Agent({ ...agent, ...trust }),
  })
}
