/**
 * One TCP connection to one broker. kafkajs keeps the socket, TLS, SASL and the queue of requests, so that a tunnel's
 * socket can be put in; @platformatic/kafka writes and reads the messages, since it knows the newer versions of them.
 */
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  type API,
  apiVersionsV3,
  type Connection,
  Reader,
  type ResponseParser,
  type Writer,
} from '@platformatic/kafka'
import KafkaConnection from 'kafkajs/src/network/connection.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import './kafkajsTimer.ts'
import { unreadable } from './unreadable.ts'
import './zigzag.ts'

/** Opens the stream to a broker at its advertised address; must answer at once and call `onConnect` when it is open. */
export type OpenSocket = (target: {
  readonly host: string
  readonly port: number
  readonly onConnect: () => void
}) => Duplex

export interface LinkOptions {
  readonly host: string
  readonly port: number
  readonly clientId: string
  /** The seam for a tunnel; plain TCP without. */
  readonly openSocket?: OpenSocket
}

/** The network failed. `sent` is true where the request may have reached the broker. */
export class LinkError extends Error {
  readonly sent: boolean
  readonly address: string

  constructor(address: string, sent: boolean, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.name = 'LinkError'
    this.sent = sent
    this.address = address
  }
}

export interface Link {
  readonly address: string
  alive(): boolean
  /**
   * Sends one request in the newest of the given versions the broker speaks. The answer is handed back also where it
   * holds errors: the caller looks at its error codes. Throws LinkError.
   */
  call<Args extends unknown[], Answer>(
    apis: readonly { readonly api: API<Args, Answer> }[],
    ...args: Args
  ): Promise<Answer>
  /** The newest version of these the broker speaks; null where it speaks none. */
  version(
    apis: readonly { readonly api: { readonly key: number; readonly version: number } }[],
  ): number | null
  /** Ends it at once; what is under way fails. */
  close(): void
}

/** ms. Through a tunnel a connection takes several round trips; kafkajs' own default is 1 s. */
const connectTimeoutMs = 10_000
/** ms; the Java client's `request.timeout.ms`. */
const requestTimeoutMs = 30_000

const silent = {
  namespace: () => silent,
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
}

/** Connects, asks which versions the broker speaks, and logs in. Throws LinkError. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { host, port, clientId, openSocket } = options
  const address = `${host}:${port}`
  const connection = new KafkaConnection({
    host,
    port,
    clientId,
    logger: silent,
    socketFactory: openSocket ?? openTcp,
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
  })
  const versions = new Map<number, { minVersion: number; maxVersion: number }>()
  const close = () => {
    connection.requestQueue.rejectAll(new Error('The connection was closed.'))
    connection.disconnect().catch(() => {})
  }
  const version: Link['version'] = (apis) => {
    const newest = apis.find(({ api }) => {
      const range = versions.get(api.key)
      return range !== undefined && api.version >= range.minVersion && api.version <= range.maxVersion
    })
    return newest?.api.version ?? null
  }
  const link: Link = {
    address,
    alive: () => connection.isConnected(),
    version,
    close,
    call: (apis, ...args) => {
      const chosen = apis.find(({ api }) => api.version === version(apis))
      if (chosen === undefined) throw new UnsupportedError(address, apis[0]?.api.key ?? -1)
      return transfer(connection, address, chosen.api, args)
    },
  }
  try {
    await connection.connect()
    const answer = await transfer(connection, address, apiVersionsV3.api, ['pipeline-control', '1'])
    for (const { apiKey, minVersion, maxVersion } of answer.apiKeys) {
      versions.set(apiKey, { minVersion, maxVersion })
    }
    connection.setVersions(Object.fromEntries(versions))
    connection.setSupportAuthenticationProtocol(true)
    await connection.authenticate()
  } catch (error) {
    close()
    throw error instanceof LinkError
      ? new LinkError(address, false, error.cause)
      : new LinkError(address, false, error)
  }
  return link
}

/** Small requests must not wait for one another's acknowledgement, so no Nagle; a dead peer is noticed after a minute. */
const openTcp: OpenSocket = ({ host, port, onConnect }) =>
  connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, onConnect)

/** The broker is older than what this app was made for (Kafka 2.8). */
export class UnsupportedError extends Error {
  constructor(address: string, apiKey: number) {
    super(`${address} speaks no version of request ${apiKey} that this app knows.`)
    this.name = 'UnsupportedError'
  }
}

function transfer<Args extends unknown[], Answer>(
  connection: KafkaConnection,
  address: string,
  api: API<Args, Answer>,
  args: Args,
): Promise<Answer> {
  const carrier = {
    send: (
      apiKey: number,
      apiVersion: number,
      createPayload: () => Writer | Promise<Writer>,
      parse: ResponseParser<Answer>,
      requestTags: boolean,
      responseTags: boolean,
      done: (error: Error | null, answer?: Answer) => void,
    ) => {
      send(connection, address, { apiKey, apiVersion, createPayload, parse, requestTags, responseTags }).then(
        (answer) => done(null, answer),
        (error) => done(error),
      )
    },
  }
  return api.async(carrier as unknown as Connection, ...args)
}

interface Call<Answer> {
  readonly apiKey: number
  readonly apiVersion: number
  readonly createPayload: () => Writer | Promise<Writer>
  readonly parse: ResponseParser<Answer>
  /** A newer request's header, and a newer answer's, end with a list of tagged fields (empty: one zero byte). */
  readonly requestTags: boolean
  readonly responseTags: boolean
}

async function send<Answer>(
  connection: KafkaConnection,
  address: string,
  call: Call<Answer>,
): Promise<Answer> {
  const writer = await call.createPayload()
  const noResponse = writer.context.noResponse === true
  const body = call.requestTags ? Buffer.concat([Buffer.alloc(1), writer.buffer]) : writer.buffer
  if (!connection.isConnected()) throw new LinkError(address, false, new Error('The connection was closed.'))
  let payload: Buffer | undefined
  try {
    const answer = await connection.send<{ readonly payload: Buffer } | undefined>({
      request: {
        apiKey: call.apiKey,
        apiVersion: call.apiVersion,
        apiName: String(call.apiKey),
        expectResponse: () => !noResponse,
        encode: async () => new Encoder().writeBuffer(body),
      },
      response: { decode: async (raw) => ({ payload: raw }), parse: async (decoded) => decoded },
      requestTimeout: requestTimeoutMs,
      logResponseError: false,
    })
    payload = answer?.payload
  } catch (error) {
    // A late answer would find nobody; and a broker that does not answer is not worth keeping.
    connection.requestQueue.rejectAll(error instanceof Error ? error : new Error(String(error)))
    connection.disconnect().catch(() => {})
    throw new LinkError(address, true, error)
  }
  if (payload === undefined) return undefined as Answer
  return read(payload, call)
}

async function read<Answer>(payload: Buffer, call: Call<Answer>): Promise<Answer> {
  const reader = Reader.from(payload)
  if (call.responseTags) reader.readTaggedFields()
  try {
    return await call.parse(0, call.apiKey, call.apiVersion, reader)
  } catch (error) {
    const answer = (error as { readonly response?: Answer }).response
    if (answer !== undefined) return answer
    throw unreadable(error)
  }
}
