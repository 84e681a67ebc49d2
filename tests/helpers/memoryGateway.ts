/** The gateway's server without a network: requests are injected, Kafka is in memory, Kinesis is what a test gives. */
import type { KinesisClient } from '../../electron/clients/kinesis/types.ts'
import { type Consumers, createConsumers } from '../../electron/gateway/consumers.ts'
import { createDelay } from '../../electron/gateway/delay.ts'
import { createLanes } from '../../electron/gateway/lanes.ts'
import { createLoad, type Load } from '../../electron/gateway/load.ts'
import { routes } from '../../electron/gateway/routes.ts'
import { createServer } from '../../electron/gateway/server.ts'
import { createCounters } from '../../electron/gateway/stats.ts'
import { createTopicCache } from '../../electron/gateway/topicCache.ts'
import { type MemoryKafka, memoryKafka } from './memoryKafka.ts'

export const jsonType = 'application/vnd.kafka.json.v2+json'
export const binaryType = 'application/vnd.kafka.binary.v2+json'
export const kafkaType = 'application/vnd.kafka.v2+json'

export interface Answered {
  readonly status: number
  readonly type: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly json: any
}

export interface TestGateway {
  readonly kafka: MemoryKafka
  readonly lines: string[]
  readonly counters: ReturnType<typeof createCounters>
  readonly load: Load
  readonly consumers: Consumers
  call(
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS',
    url: string,
    body?: string | Buffer | object,
    headers?: Record<string, string>,
  ): Promise<Answered>
  close(): Promise<void>
}

const noKinesis = new Proxy({} as KinesisClient, {
  get: () => () => Promise.reject(new Error('no Kinesis here')),
})

export function testGateway(
  options: {
    readonly stage?: string
    readonly kinesis?: KinesisClient
    readonly corsOrigins?: readonly string[]
    readonly maxBodyBytes?: number
    readonly deadlineMs?: number
    readonly maxRequests?: number
    readonly consumerIdleMs?: number
  } = {},
): TestGateway {
  const kafka = memoryKafka()
  const lines: string[] = []
  const counters = createCounters()
  const topics = createTopicCache(kafka)
  const lanes = createLanes(kafka)
  const maxBodyBytes = options.maxBodyBytes ?? 1_000_000
  const deadlineMs = options.deadlineMs ?? 5_000
  const consumers = createConsumers({
    kafka,
    topics,
    idleMs: options.consumerIdleMs ?? 300_000,
    maxWaitMs: deadlineMs - 50,
  })
  const load = createLoad({ requests: options.maxRequests ?? 100, bytes: 4 * maxBodyBytes })
  let ids = 0
  const app = createServer({
    routes: routes({ kafka, kinesis: options.kinesis ?? noKinesis, topics, lanes, consumers, counters }),
    stage: options.stage ?? '',
    hosts: new Set(['127.0.0.1:8082']),
    corsOrigins: options.corsOrigins ?? [],
    maxBodyBytes,
    deadlineMs,
    headersMs: 10_000,
    delay: createDelay(counters.heldBack),
    load,
    counters,
    requestId: () => `id-${++ids}`,
    log: (line) => lines.push(line),
  })
  return {
    kafka,
    lines,
    counters,
    load,
    consumers,
    call: async (method, url, body, headers = {}) => {
      const raw = typeof body === 'string' || Buffer.isBuffer(body) || body === undefined
      const payload = raw ? body : JSON.stringify(body)
      const answer = await app.inject({
        method,
        url,
        headers: { host: '127.0.0.1:8082', ...headers },
        ...(payload === undefined ? {} : { payload }),
      })
      const text = answer.payload
      return {
        status: answer.statusCode,
        type: String(answer.headers['content-type'] ?? ''),
        headers: answer.headers,
        text,
        get json() {
          return JSON.parse(text)
        },
      }
    },
    close: async () => {
      await app.close()
      await consumers.close()
      await lanes.close()
    },
  }
}
