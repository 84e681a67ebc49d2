/** One consumer of the v2 API: what it reads, what it has handed out, and what it may commit (decision 13). */
import type { KafkaClient } from '../clients/kafka/types.ts'
import type { Refusal } from './answer.ts'
import { notJson, recordBody, sizeOf, type TopicRecord } from './consumerRecords.ts'
import { illegalState, instanceNotFound } from './kafkaErrors.ts'
import { manualReader, placeOf, type Reader, type TopicOffset, type TopicPartition } from './manualReader.ts'
import type { Format } from './media.ts'

export interface InstanceOptions {
  readonly group: string
  readonly id: string
  readonly format: Format
  readonly autoOffsetReset: 'earliest' | 'latest'
  readonly autoCommit: boolean
  /** A records call waits for this many bytes, or its time; −1 answers with the first that come. */
  readonly minBytes: number
  readonly requestTimeoutMs: number
}

/** What the instance is to read; null before the first subscription or assignment. */
export type Wanted =
  | { readonly topics: readonly string[] }
  | { readonly pattern: string }
  | { readonly partitions: readonly TopicPartition[] }
  | null

export interface Instance {
  readonly options: InstanceOptions
  wanted(): Wanted
  /** Replaces what is read; leaves the group it was in. */
  want(wanted: Wanted): Promise<void>
  /** The next records; they count as handed out once `delivered` was called, and are handed out again if not. */
  records(call: RecordsCall): Promise<Handout>
  /** Commits the given offsets, or all that were handed out and not committed yet. */
  commit(offsets: readonly TopicOffset[] | null): Promise<void>
  seek(positions: readonly TopicOffset[]): Promise<void>
  assignment(): readonly TopicPartition[]
  /** A records call is under way: not idle. */
  busy(): boolean
  close(): Promise<void>
}

export interface RecordsCall {
  readonly timeoutMs: number
  readonly maxBytes: number
  /** Topics of the moment for a subscription by pattern or name. */
  readonly resolve: (wanted: Exclude<Wanted, null>) => Promise<readonly string[]>
}

export interface Handout {
  readonly body: string
  /** To be called once: did the caller get it? */
  settle(delivered: boolean): void
}

/** Between two polls that brought nothing before their time, ms. */
const restMs = 20

/** Reads nothing and joins nothing until the first `records`. */
export function createInstance(kafka: KafkaClient, options: InstanceOptions): Instance {
  let wanted: Wanted = null
  let reader: Reader | null = null
  let joined = ''
  let busy = false
  let closed = false
  /** The answer before, until it is known whether it arrived. */
  let outstanding: Promise<void> = Promise.resolve()
  /** Fetched but not delivered: too many bytes, not JSON, or the caller went away. */
  let held: TopicRecord[] = []
  /** Delivered and not committed: place → the offset to go on at. */
  const pending = new Map<string, TopicOffset>()

  async function leave(): Promise<void> {
    const old = reader
    reader = null
    held = []
    await old?.close()
  }

  /** What went to another member of the group with a rebalance is no longer ours to commit. */
  async function commitPending(): Promise<void> {
    const assigned = reader === null ? null : new Set(reader.assignment().map(placeOf))
    for (const place of pending.keys()) {
      if (assigned?.has(place) === false) pending.delete(place)
    }
    const offsets = [...pending.values()]
    if (offsets.length === 0) return
    await commitTo(offsets)
    for (const each of offsets) {
      if (pending.get(placeOf(each)) === each) pending.delete(placeOf(each))
    }
  }

  async function commitTo(offsets: readonly TopicOffset[]): Promise<void> {
    if (reader !== null) return reader.commit(offsets)
    for (const topic of new Set(offsets.map((each) => each.topic))) {
      const ofTopic = offsets.filter((each) => each.topic === topic)
      await kafka.commit(options.group, topic, ofTopic)
    }
  }

  async function open(call: RecordsCall): Promise<Reader | null> {
    if (wanted === null)
      throw illegalState('Consumer is not subscribed to any topics or assigned any partitions')
    if ('partitions' in wanted) return reader
    const topics = await call.resolve(wanted)
    const key = JSON.stringify(topics)
    if (reader !== null && joined === key) return reader
    await leave()
    if (topics.length === 0) return null
    const { group, autoOffsetReset } = options
    reader = await kafka.groupConsumer({ group, topics, autoOffsetReset })
    joined = key
    return reader
  }

  async function fetch(call: RecordsCall): Promise<void> {
    const until = Date.now() + call.timeoutMs
    const using = await open(call)
    if (using === null) return void (await pause(call.timeoutMs))
    let bytes = held.reduce((sum, record) => sum + sizeOf(record), 0)
    while (held.length === 0 || bytes < Math.min(options.minBytes, call.maxBytes)) {
      const left = until - Date.now()
      if (left <= 0) return
      const found = await using
        .poll({ timeoutMs: left, maxBytes: Math.max(1, call.maxBytes - bytes) })
        .catch((error: unknown) => {
          // Unsubscribed meanwhile: then there is nothing to tell.
          if (reader !== using) return []
          throw error
        })
      if (reader !== using) return
      // One by one: tiny records come by the hundred thousand, more than a call takes as arguments.
      for (const record of found) held.push(record)
      bytes += found.reduce((sum, record) => sum + sizeOf(record), 0)
      if (found.length === 0 && Date.now() < until) await pause(Math.min(restMs, until - Date.now()))
    }
  }

  function take(maxBytes: number): { taken: TopicRecord[]; bodies: string[]; blocked: Refusal | null } {
    const bodies: string[] = []
    let bytes = 0
    let count = 0
    for (const record of held) {
      if (count > 0 && bytes + sizeOf(record) > maxBytes) break
      const body = recordBody(record, options.format)
      if (body === null) {
        if (count === 0) return { taken: [], bodies: [], blocked: notJson(record) }
        break
      }
      bodies.push(body)
      bytes += sizeOf(record)
      count += 1
    }
    return { taken: held.slice(0, count), bodies, blocked: null }
  }

  function handedOut(taken: readonly TopicRecord[]): void {
    for (const record of taken) {
      const { topic, partition } = record
      pending.set(placeOf(record), { topic, partition, offset: record.offset + 1n })
    }
    const gone = new Set(taken)
    held = held.filter((record) => !gone.has(record))
  }

  return {
    options,
    wanted: () => wanted,
    want: async (next) => {
      if (options.autoCommit) await commitPending()
      joined = ''
      await leave()
      wanted = next
      if (next === null || !('partitions' in next)) return
      const { group, autoOffsetReset } = options
      reader = manualReader({ kafka, group, autoOffsetReset, partitions: next.partitions })
    },
    records: async (call) => {
      if (busy) throw illegalState('a records call of this consumer is under way')
      busy = true
      try {
        await outstanding
        if (options.autoCommit) await commitPending().catch(() => undefined)
        if (held.length === 0) await fetch(call)
        const { taken, bodies, blocked } = take(call.maxBytes)
        if (blocked !== null) throw blocked
        const settled = Promise.withResolvers<void>()
        outstanding = settled.promise
        const settle = (delivered: boolean) => {
          if (delivered) handedOut(taken)
          settled.resolve()
        }
        return { body: `[${bodies.join(',')}]`, settle }
      } catch (error) {
        throw closed ? instanceNotFound() : error
      } finally {
        busy = false
      }
    },
    commit: async (offsets) => (offsets === null ? commitPending() : commitTo(offsets)),
    seek: async (positions) => {
      if (busy) throw illegalState('a records call of this consumer is under way')
      const assigned = new Set(reader?.assignment().map(placeOf))
      const missing = positions.find((position) => !assigned.has(placeOf(position)))
      if (missing !== undefined) {
        throw illegalState(`No current assignment for partition ${missing.topic}-${missing.partition}`)
      }
      const places = new Set(positions.map(placeOf))
      await reader?.seek(positions)
      held = held.filter((record) => !places.has(placeOf(record)))
      for (const place of places) pending.delete(place)
    },
    assignment: () => reader?.assignment() ?? [],
    busy: () => busy,
    close: async () => {
      closed = true
      if (options.autoCommit) await commitPending().catch(() => undefined)
      wanted = null
      await leave()
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
