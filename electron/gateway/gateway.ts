/** The gateway: one HTTP service that speaks what API Gateway and Confluent's REST proxy speak in the real pipeline. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { AppError } from '../../shared/errors.ts'
import type { KafkaClient } from '../clients/kafka/types.ts'
import type { KinesisClient } from '../clients/kinesis/types.ts'
import { createConsumers } from './consumers.ts'
import { createDelay } from './delay.ts'
import { ownHosts } from './door.ts'
import { createLanes } from './lanes.ts'
import { createLoad } from './load.ts'
import { routes } from './routes.ts'
import { createServer } from './server.ts'
import { createCounters, type GatewayStats } from './stats.ts'
import { createTopicCache } from './topicCache.ts'

export interface GatewayOptions {
  readonly host: '127.0.0.1'
  /** 0 chooses a free one. */
  readonly port: number
  /** Path prefix like API Gateway's stages; empty for none. */
  readonly stage: string
  /** Stays the caller's: it is not closed with the gateway. */
  readonly kafka: KafkaClient
  /** Stays the caller's: it is not closed with the gateway. */
  readonly kinesis: KinesisClient
  /** Origins that may call it from a page; none by default (decision 14). */
  readonly corsOrigins: readonly string[]
  readonly maxBodyBytes: number
  /** Called with faults of our own and of what is behind the gateway; never with bodies. */
  readonly log: (line: string) => void
  /** A request is answered within this time, ms: below API Gateway's 29 s. */
  readonly deadlineMs?: number
  /** Requests at once. */
  readonly maxRequests?: number
  /** A caller must have sent its headers by then, ms. */
  readonly headersMs?: number
  /** Idle time of a REST consumer, ms. */
  readonly consumerIdleMs?: number
}

export interface Gateway {
  /** `http://127.0.0.1:<port>`, with the stage where one is set. */
  readonly url: string
  readonly port: number
  stats(): GatewayStats
  /** An incident's: holds back each answer so long, until `until` (ms since 1970); 0 heals, and answers what is held back. */
  slow(delay: { readonly delayMs: number; readonly until: number }): void
  /** Takes no more requests, answers those under way, leaves the groups, then resolves. */
  close(): Promise<void>
}

const defaultDeadlineMs = 27_000
const defaultMaxRequests = 512
const defaultHeadersMs = 10_000
/** The real proxy's `consumer.instance.timeout.ms`. */
const defaultIdleMs = 300_000
/** How long what is under way may take once the gateway is closed, ms. */
const closeMs = 4_000
/** Bodies held at once, as a multiple of the largest: a bound on memory. */
const bodiesHeld = 4

/** Starts listening. Throws AppError PORT_TAKEN where the port is in use. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { kafka, kinesis, stage, maxBodyBytes, log } = options
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs
  const counters = createCounters()
  const topics = createTopicCache(kafka)
  const lanes = createLanes(kafka)
  const idleMs = options.consumerIdleMs ?? defaultIdleMs
  const consumers = createConsumers({ kafka, topics, idleMs, maxWaitMs: deadlineMs - 2_000 })
  const load = createLoad({
    requests: options.maxRequests ?? defaultMaxRequests,
    bytes: bodiesHeld * maxBodyBytes,
  })
  const hosts = new Set<string>()
  const delay = createDelay(counters.heldBack)
  const server = createServer({
    routes: routes({ kafka, kinesis, topics, lanes, consumers, counters }),
    stage,
    hosts,
    corsOrigins: options.corsOrigins,
    maxBodyBytes,
    deadlineMs,
    headersMs: options.headersMs ?? defaultHeadersMs,
    load,
    delay,
    counters,
    requestId: randomUUID,
    log,
  })
  try {
    await server.listen({ host: options.host, port: options.port })
  } catch (error) {
    throw portError(error, options.port)
  }
  const { port } = server.server.address() as AddressInfo
  for (const host of ownHosts(port)) hosts.add(host)
  const stats = () => counters.read({ inFlight: load.requests, consumers: consumers.count })
  return {
    url: `http://127.0.0.1:${port}${stage === '' ? '' : `/${stage}`}`,
    port,
    stats,
    slow: delay.set,
    close: async () => {
      delay.set({ delayMs: 0, until: 0 })
      const grace = setTimeout(() => server.server.closeAllConnections(), closeMs)
      // The consumers first: their records calls would wait for data.
      await Promise.allSettled([server.close(), consumers.close()])
      clearTimeout(grace)
      await Promise.race([lanes.close(), pause(closeMs)])
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}

function portError(error: unknown, port: number): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error
  return new AppError(
    {
      code: 'PORT_TAKEN',
      message: `Another program uses the port of the gateway: ${port}`,
      hint: 'End that program, or choose another port in the settings.',
    },
    error,
  )
}
