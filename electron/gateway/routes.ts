/** Every route of the gateway, as one table: path, method, what answers it. */
import { z } from 'zod'
import type { KafkaClient } from '../clients/kafka/types.ts'
import type { KinesisClient } from '../clients/kinesis/types.ts'
import type { Answer } from './answer.ts'
import { type Body, readBody } from './consumerBody.ts'
import type { Consumers } from './consumers.ts'
import type { Handout } from './instance.ts'
import type { Lanes } from './lanes.ts'
import * as metadata from './metadata.ts'
import { produce } from './produce.ts'
import type { Counters } from './stats.ts'
import * as streams from './streams.ts'
import type { TopicCache } from './topicCache.ts'

export interface Call {
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | undefined>>
  readonly contentType: string | undefined
  readonly accept: string | undefined
  readonly shardIterator: string | undefined
  readonly body: Buffer
  /** The gateway's address as the caller wrote it, with the stage. */
  readonly base: string
  /** ms since 1970: when the caller is told that it took too long. */
  readonly expires: number
}

/** A handout must hear whether its answer arrived. */
export type Handled = Answer | (Answer & Pick<Handout, 'settle'>)
export type Handler = (call: Call) => Promise<Handled>

export interface Route {
  readonly path: string
  /** `proxy`: what Confluent's proxy answers; `streams`: what API Gateway's Kinesis integration answers. */
  readonly api: 'proxy' | 'streams'
  /** May wait for data, so it does not count for the latency shown. */
  readonly waits?: boolean
  readonly methods: Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', Handler>>>
}

export interface RouteDeps {
  readonly kafka: KafkaClient
  readonly kinesis: KinesisClient
  readonly topics: TopicCache
  readonly lanes: Lanes
  readonly consumers: Consumers
  readonly counters: Counters
}

const of = (call: Call, name: string) => call.params[name] ?? ''
const bodyOf = (call: Call): Body => ({ contentType: call.contentType, bytes: call.body })

/** The table; handlers throw a Refusal for everything that is not a success. */
export function routes(deps: RouteDeps): Route[] {
  return [...proxyRoutes(deps), ...consumerRoutes(deps.consumers), ...streamRoutes(deps)]
}

function proxyRoutes(deps: RouteDeps): Route[] {
  const { kafka, topics } = deps
  const send: Handler = (call) => {
    const { contentType, body, expires } = call
    const partition = call.params.partition ?? null
    return produce(deps, { topic: of(call, 'topic'), partition, contentType, body, expires })
  }
  const proxy = (path: string, methods: Route['methods']): Route => ({ path, api: 'proxy', methods })
  return [
    proxy('/', { GET: () => metadata.root(), POST: rootPost }),
    proxy('/brokers', { GET: () => metadata.listBrokers(kafka) }),
    proxy('/topics', { GET: () => metadata.listTopics(topics) }),
    proxy('/topics/:topic', {
      GET: (call) => metadata.getTopic(kafka, topics, of(call, 'topic')),
      POST: send,
    }),
    proxy('/topics/:topic/partitions', {
      GET: (call) => metadata.listPartitions(topics, of(call, 'topic')),
    }),
    proxy('/topics/:topic/partitions/:partition', {
      GET: (call) => metadata.getPartition(topics, of(call, 'topic'), of(call, 'partition')),
      POST: send,
    }),
    proxy('/topics/:topic/partitions/:partition/offsets', {
      GET: (call) => metadata.getOffsets(kafka, topics, of(call, 'topic'), of(call, 'partition')),
    }),
  ]
}

/** The proxy takes any object of texts at its root, and does nothing with it. */
const rootPost: Handler = async (call) => {
  readBody(z.record(z.string(), z.string()), bodyOf(call))
  return metadata.root()
}

function consumerRoutes(consumers: Consumers): Route[] {
  const instance = '/consumers/:group/instances/:instance'
  const proxy = (path: string, methods: Route['methods']): Route => ({ path, api: 'proxy', methods })
  const ids = (call: Call) => [of(call, 'group'), of(call, 'instance')] as const
  return [
    proxy('/consumers/:group', {
      POST: async (call) => consumers.create(of(call, 'group'), bodyOf(call), call.base),
    }),
    proxy(instance, { DELETE: (call) => consumers.remove(...ids(call)) }),
    proxy(`${instance}/subscription`, {
      POST: (call) => consumers.subscribe(...ids(call), bodyOf(call)),
      GET: (call) => consumers.subscription(...ids(call)),
      DELETE: (call) => consumers.unsubscribe(...ids(call)),
    }),
    proxy(`${instance}/assignments`, {
      POST: (call) => consumers.assign(...ids(call), bodyOf(call)),
      GET: async (call) => consumers.assignments(...ids(call)),
    }),
    {
      path: `${instance}/records`,
      api: 'proxy',
      waits: true,
      methods: {
        GET: async (call) => {
          const { timeout, max_bytes: maxBytes } = call.query
          const handout = await consumers.records(...ids(call), { accept: call.accept, timeout, maxBytes })
          return { status: 200, ...handout }
        },
      },
    },
    proxy(`${instance}/offsets`, {
      POST: (call) => consumers.commit(...ids(call), bodyOf(call)),
      GET: (call) => consumers.committed(...ids(call), bodyOf(call)),
    }),
    proxy(`${instance}/positions`, { POST: (call) => consumers.seek(...ids(call), bodyOf(call)) }),
    ...(['beginning', 'end'] as const).map((end) =>
      proxy(`${instance}/positions/${end}`, {
        POST: (call) => consumers.seekToEnd(...ids(call), bodyOf(call), end),
      }),
    ),
  ]
}

function streamRoutes(deps: RouteDeps): Route[] {
  const api = (path: string, methods: Route['methods']): Route => ({ path, api: 'streams', methods })
  const name = (call: Call) => of(call, 'stream')
  return [
    api('/streams', { GET: () => streams.listStreams(deps) }),
    api('/streams/:stream', {
      GET: (call) => streams.describeStream(deps, name(call)),
      POST: (call) => streams.createStream(deps, name(call), call.contentType, call.body),
      DELETE: (call) => streams.deleteStream(deps, name(call)),
    }),
    api('/streams/:stream/record', {
      PUT: (call) => streams.putRecord(deps, name(call), call.contentType, call.body),
    }),
    api('/streams/:stream/records', {
      GET: (call) => streams.getRecords(deps, call.shardIterator, call.query.limit),
      PUT: (call) => streams.putRecords(deps, name(call), call.contentType, call.body),
    }),
    api('/streams/:stream/sharditerator', {
      GET: (call) => streams.getIterator(deps, name(call), call.query),
    }),
  ]
}
