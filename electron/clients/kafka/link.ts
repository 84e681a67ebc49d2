/**
 * One connection to one broker. kafkajs keeps the socket and the queue of requests, so that a tunnel's socket or TLS can be
 * put in; @platformatic/kafka writes and reads the messages, since it knows the newer versions of them. Signing in is ours
 * (`signIn.ts`): kafkajs lets requests in between its words, and takes a refused token for a good one.
 */
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
import { AppError } from '../../../shared/errors.ts'
import './kafkajsTimer.ts'
import { createSession } from './session.ts'
import type { Ask } from './signIn.ts'
import type { OpenSocket } from './sockets.ts'
import { unreadable } from './unreadable.ts'
import './zigzag.ts'

export interface LinkOptions {
  readonly host: string
  readonly port: number
  readonly clientId: string
  /** The seam for TLS and for a tunnel. */
  readonly openSocket: OpenSocket
  /** Signs in, also anew in time, and answers the session's life in ms (0 without end); null where there is no sign-in. */
  readonly signIn: ((ask: Ask) => Promise<number>) | null
}

/** The network, TLS or the sign-in failed. `sent` is true where the request may have reached the broker. */
export class LinkError extends Error {
  readonly sent: boolean
  readonly address: string
  /** True where the broker ended a connection on which it had answered nothing yet that wants a sign-in, and we made none. */
  unwelcome = false

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
  /** One request of the sign-in itself. */
  readonly ask: Ask
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

/** Connects, asks which versions the broker speaks, and signs in. Throws LinkError, and the AppErrors of a sign-in's proof. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { host, port, clientId, openSocket, signIn } = options
  const address = `${host}:${port}`
  const connection = new KafkaConnection({
    host,
    port,
    clientId,
    logger: silent,
    socketFactory: openSocket,
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
  })
  const versions = new Map<number, { minVersion: number; maxVersion: number }>()
  const close = () => end(connection, new Error('The connection was closed.'))
  const version: Link['version'] = (apis) => {
    const newest = apis.find(({ api }) => {
      const range = versions.get(api.key)
      return range !== undefined && api.version >= range.minVersion && api.version <= range.maxVersion
    })
    return newest?.api.version ?? null
  }
  const choose = <Args extends unknown[], Answer>(apis: readonly { readonly api: API<Args, Answer> }[]) => {
    const chosen = apis.find(({ api }) => api.version === version(apis))
    if (chosen === undefined) throw new UnsupportedError(address, apis[0]?.api.key ?? -1)
    return chosen.api
  }
  const ask: Ask = (apis, ...args) => transfer({ connection, address, session: null }, choose(apis), args)
  const session = signIn === null ? null : createSession(() => signIn(ask))
  let welcome = signIn !== null
  const link: Link = {
    address,
    alive: () => connection.isConnected(),
    version,
    close,
    ask,
    call: (apis, ...args) => {
      const answer = transfer({ connection, address, session }, choose(apis), args)
      if (welcome) return answer
      return answer.then(
        (found) => {
          welcome = true
          return found
        },
        (error) => {
          if (error instanceof LinkError && !welcome) error.unwelcome = true
          throw error
        },
      )
    },
  }
  try {
    await connection.connect()
    const line = { connection, address, session: null }
    const answer = await transfer(line, apiVersionsV3.api, ['pipeline-control', '1'])
    for (const { apiKey, minVersion, maxVersion } of answer.apiKeys) {
      versions.set(apiKey, { minVersion, maxVersion })
    }
    await session?.ready()
  } catch (error) {
    close()
    throw notSent(address, error)
  }
  return link
}

/** A proof that cannot be had is no fault of the network: its own words count. */
function notSent(address: string, error: unknown): unknown {
  if (error instanceof AppError || error instanceof UnsupportedError) return error
  return new LinkError(address, false, error instanceof LinkError ? error.cause : error)
}

/** The broker is older than what this app was made for (Kafka 2.8). */
export class UnsupportedError extends Error {
  constructor(address: string, apiKey: number) {
    super(`${address} speaks no version of request ${apiKey} that this app knows.`)
    this.name = 'UnsupportedError'
  }
}

interface Line {
  readonly connection: KafkaConnection
  readonly address: string
  /** Null where a request needs none. */
  readonly session: ReturnType<typeof createSession> | null
}

function transfer<Args extends unknown[], Answer>(
  line: Line,
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
      send(line, { apiKey, apiVersion, createPayload, parse, requestTags, responseTags }).then(
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

async function send<Answer>({ connection, address, session }: Line, call: Call<Answer>): Promise<Answer> {
  const writer = await call.createPayload()
  const noResponse = writer.context.noResponse === true
  const body = call.requestTags ? Buffer.concat([Buffer.alloc(1), writer.buffer]) : writer.buffer
  // Nothing may come between this wait and the request's own way out, or the session could end in between.
  const waiting = session?.ready() ?? null
  if (waiting !== null)
    await waiting.catch((error) => {
      end(connection, error)
      throw notSent(address, error)
    })
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
    end(connection, error)
    throw new LinkError(address, true, error)
  }
  if (payload === undefined) return undefined as Answer
  return read(payload, call)
}

function end(connection: KafkaConnection, error: unknown): void {
  connection.requestQueue.rejectAll(error instanceof Error ? error : new Error(String(error)))
  connection.disconnect().catch(() => {})
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
