/** The v2 consumer API: instances by group and name, their idle time, and each call's checks and answers. */
import type { KafkaClient } from '../clients/kafka/types.ts'
import { type Answer, noContent, ok, proxyError } from './answer.ts'
import {
  type Body,
  instanceSchema,
  offsetsSchema,
  partitionsSchema,
  readBody,
  readRequired,
  subscriptionSchema,
} from './consumerBody.ts'
import { instanceOptions, negotiated } from './consumerOptions.ts'
import { createInstance, type Handout, type Instance, type Wanted } from './instance.ts'
import { illegalState, instanceNotFound, partitionNotFound } from './kafkaErrors.ts'
import type { TopicOffset } from './manualReader.ts'
import { asked } from './metadata.ts'
import { matchingTopics } from './pattern.ts'
import type { TopicCache } from './topicCache.ts'

export interface ConsumersOptions {
  readonly kafka: KafkaClient
  readonly topics: TopicCache
  /** An instance that is not called for so long is closed, ms; the real proxy's default is 300,000. */
  readonly idleMs: number
  /** No records call lasts longer, ms. */
  readonly maxWaitMs: number
}

/** Instances at once: each holds connections. */
const maxInstances = 100
/** API Gateway hands on at most 10 MB; base64 makes 6 MiB of records into 8. */
const maxRecordsBytes = 6 * 1024 * 1024
/** How long the list of topics that a pattern matches is kept, ms. */
const patternMs = 5_000

interface Entry {
  readonly instance: Instance
  touchedAt: number
  matched: { readonly at: number; readonly topics: readonly string[] } | null
}

export interface Consumers {
  create(group: string, body: Body, base: string): Answer
  remove(group: string, id: string): Promise<Answer>
  subscribe(group: string, id: string, body: Body): Promise<Answer>
  subscription(group: string, id: string): Promise<Answer>
  unsubscribe(group: string, id: string): Promise<Answer>
  assign(group: string, id: string, body: Body): Promise<Answer>
  assignments(group: string, id: string): Answer
  records(group: string, id: string, query: RecordsQuery): Promise<Handout & { readonly type: string }>
  commit(group: string, id: string, body: Body): Promise<Answer>
  committed(group: string, id: string, body: Body): Promise<Answer>
  seek(group: string, id: string, body: Body): Promise<Answer>
  seekToEnd(group: string, id: string, body: Body, end: 'beginning' | 'end'): Promise<Answer>
  readonly count: number
  close(): Promise<void>
}

export interface RecordsQuery {
  readonly accept: string | undefined
  readonly timeout: string | undefined
  readonly maxBytes: string | undefined
}

/** The instances of one gateway. */
export function createConsumers({ kafka, topics, idleMs, maxWaitMs }: ConsumersOptions): Consumers {
  const entries = new Map<string, Entry>()
  const keyOf = (group: string, id: string) => JSON.stringify([group, id])

  const sweep = setInterval(
    () => {
      for (const [key, entry] of entries) {
        if (entry.instance.busy() || Date.now() - entry.touchedAt < idleMs) continue
        entries.delete(key)
        entry.instance.close().catch(() => undefined)
      }
    },
    Math.min(1_000, idleMs / 2),
  )
  sweep.unref()

  function find(group: string, id: string): Entry {
    const entry = entries.get(keyOf(group, id))
    if (entry === undefined) throw instanceNotFound()
    entry.touchedAt = Date.now()
    return entry
  }

  async function resolve(entry: Entry, wanted: Exclude<Wanted, null>): Promise<readonly string[]> {
    if ('topics' in wanted) {
      const found = await Promise.all(wanted.topics.map((name) => topics.find(name)))
      return wanted.topics.filter((_, at) => found[at] !== null)
    }
    if (!('pattern' in wanted)) return []
    if (entry.matched === null || Date.now() - entry.matched.at > patternMs) {
      const all = (await topics.all()).filter((topic) => !topic.internal).map((topic) => topic.name)
      entry.matched = { at: Date.now(), topics: matchingTopics(wanted.pattern, all.sort()) }
    }
    return entry.matched.topics
  }

  return {
    create: (group, body, base) => {
      const options = instanceOptions(group, readBody(instanceSchema, body) ?? {})
      const key = keyOf(group, options.id)
      if (entries.has(key)) {
        const message = 'Consumer with specified consumer ID already exists in the specified consumer group.'
        throw proxyError(409, 40902, message)
      }
      if (entries.size >= maxInstances) {
        const message = `There are ${maxInstances} consumers already: delete one, or wait until one expires.`
        throw proxyError(429, 429, message, { 'retry-after': '5' })
      }
      entries.set(key, { instance: createInstance(kafka, options), touchedAt: Date.now(), matched: null })
      const path = `/consumers/${encodeURIComponent(group)}/instances/${encodeURIComponent(options.id)}`
      return ok(JSON.stringify({ instance_id: options.id, base_uri: base + path }))
    },

    remove: async (group, id) => {
      const { instance } = find(group, id)
      entries.delete(keyOf(group, id))
      await instance.close().catch(() => undefined)
      return noContent
    },

    subscribe: async (group, id, body) => {
      const entry = find(group, id)
      const { topics: names, topic_pattern: pattern } = readRequired(subscriptionSchema, body)
      const current = entry.instance.wanted()
      if (!names && !pattern) throw proxyError(422, 422, 'topics or topic_pattern must be given')
      if (names && pattern) throw illegalState(exclusive)
      if (current !== null && 'partitions' in current) throw illegalState(exclusive)
      if (pattern) matchingTopics(pattern, [])
      entry.matched = null
      const none = !pattern && names?.length === 0
      await asked(() => entry.instance.want(none ? null : pattern ? { pattern } : { topics: names ?? [] }))
      return noContent
    },

    subscription: async (group, id) => {
      const entry = find(group, id)
      const wanted = entry.instance.wanted()
      const names =
        wanted === null || 'partitions' in wanted
          ? []
          : 'topics' in wanted
            ? wanted.topics
            : await asked(() => resolve(entry, wanted))
      return ok(JSON.stringify({ topics: names }))
    },

    unsubscribe: async (group, id) => {
      const { instance } = find(group, id)
      await asked(() => instance.want(null))
      return noContent
    },

    assign: async (group, id, body) => {
      const { instance } = find(group, id)
      const { partitions } = readRequired(partitionsSchema, body)
      const current = instance.wanted()
      if (current !== null && !('partitions' in current)) throw illegalState(exclusive)
      await asked(() => instance.want({ partitions }))
      return noContent
    },

    assignments: (group, id) => {
      const { instance } = find(group, id)
      const partitions = instance.assignment().map(({ topic, partition }) => ({ topic, partition }))
      return ok(JSON.stringify({ partitions }))
    },

    records: async (group, id, query) => {
      const entry = find(group, id)
      const { instance } = entry
      const type = negotiated(query.accept, instance.options.format)
      const wait = whole(query.timeout, 'timeout') ?? instance.options.requestTimeoutMs
      const bytes = whole(query.maxBytes, 'max_bytes') ?? maxRecordsBytes
      const handout = await asked(() =>
        instance.records({
          timeoutMs: Math.min(wait, maxWaitMs),
          maxBytes: Math.min(bytes, maxRecordsBytes),
          resolve: (wanted) => resolve(entry, wanted),
        }),
      )
      entry.touchedAt = Date.now()
      return { ...handout, type }
    },

    commit: async (group, id, body) => {
      const { instance } = find(group, id)
      const given = readBody(offsetsSchema, body)
      const offsets =
        given?.offsets.map((each) => ({ ...place(each), offset: BigInt(each.offset) + 1n })) ?? null
      await asked(() => instance.commit(offsets))
      return ok('[]')
    },

    committed: async (group, id, body) => {
      find(group, id)
      const given = readBody(partitionsSchema, body)
      if (given === null) throw partitionNotFound()
      const parts: string[] = []
      for (const topic of new Set(given.partitions.map((each) => each.topic))) {
        const found = await asked(() => kafka.committed(group, topic))
        for (const { partition } of given.partitions.filter((each) => each.topic === topic)) {
          const offset = found.find((each) => each.partition === partition)?.offset ?? null
          if (offset === null) continue
          parts.push(
            `{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":${offset},"metadata":""}`,
          )
        }
      }
      return ok(`{"offsets":[${parts.join(',')}]}`)
    },

    seek: async (group, id, body) => {
      const { instance } = find(group, id)
      const { offsets } = readRequired(offsetsSchema, body)
      await asked(() =>
        instance.seek(offsets.map((each) => ({ ...place(each), offset: BigInt(each.offset) }))),
      )
      return noContent
    },

    seekToEnd: async (group, id, body, end) => {
      const { instance } = find(group, id)
      const { partitions } = readRequired(partitionsSchema, body)
      const positions: TopicOffset[] = []
      for (const topic of new Set(partitions.map((each) => each.topic))) {
        const ends = await asked(() => kafka.offsets(topic))
        for (const { partition } of partitions.filter((each) => each.topic === topic)) {
          const found = ends.find((each) => each.partition === partition)
          if (found === undefined)
            throw illegalState(`No current assignment for partition ${topic}-${partition}`)
          positions.push({ topic, partition, offset: end === 'beginning' ? found.low : found.high })
        }
      }
      await asked(() => instance.seek(positions))
      return noContent
    },

    get count() {
      return entries.size
    },
    close: async () => {
      clearInterval(sweep)
      const all = [...entries.values()]
      entries.clear()
      await Promise.allSettled(all.map((entry) => entry.instance.close()))
    },
  }
}

const exclusive = 'Subscription to topics, partitions and pattern are mutually exclusive'
const place = ({ topic, partition }: { topic: string; partition: number }) => ({ topic, partition })

/** A whole number of the query; null where it is missing or, as the proxy takes it, not positive. */
function whole(text: string | undefined, name: string): number | null {
  if (text === undefined) return null
  if (!/^-?\d{1,15}$/.test(text)) throw proxyError(400, 400, `${name} must be a whole number.`)
  const value = Number(text)
  return value <= 0 ? null : value
}
