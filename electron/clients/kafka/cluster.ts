/** The brokers of one cluster: who leads what, a connection to each, and patience while one of them restarts. */
import {
  findCoordinatorV3,
  findCoordinatorV4,
  findCoordinatorV6,
  metadataV9,
  metadataV10,
  metadataV11,
  metadataV12,
} from '@platformatic/kafka'
import { AppError } from '../../../shared/errors.ts'
import { pause } from '../../lib/broadcast.ts'
import { AnswerError, check, mayPass, toAppError } from './errors.ts'
import { type Link, LinkError, openLink } from './link.ts'
import { type Ask, signIn } from './signIn.ts'
import { inClear, type OpenSocket, openTcp, overTls } from './sockets.ts'
import type { KafkaAddress, KafkaPartition, KafkaTopic } from './types.ts'

export interface Metadata {
  readonly clusterId: string
  readonly controller: number
  readonly brokers: readonly {
    readonly id: number
    readonly host: string
    readonly port: number
    readonly rack: string | null
  }[]
  /** Topics that exist and may be seen. */
  readonly topics: readonly KafkaTopic[]
  /** Kafka's error code for each that was asked for by name and is not among `topics`. */
  readonly missing: ReadonlyMap<string, number>
}

export interface Cluster {
  /** Asks; null for all topics. */
  metadata(topics: readonly string[] | null): Promise<Metadata>
  /** As last seen, else asked for. Throws AppError KAFKA_TOPIC_NOT_FOUND where it does not exist. */
  topic(name: string): Promise<KafkaTopic>
  /** Forgets what is known of a topic, so that the next look asks. */
  forget(topic: string): void
  /** A shared connection to a broker; `purpose` separates those that wait long from those that must be quick. */
  link(node: number, purpose: string): Promise<Link>
  /** Closes the shared connections of a purpose that is over. */
  letGo(purpose: string): void
  /** A connection of one's own, to be given back. */
  borrow(node: number): Promise<Link>
  giveBack(node: number, link: Link): void
  any<T>(work: (link: Link) => Promise<T>): Promise<T>
  /** By way of the group's coordinator; `purpose` as for `link`. */
  coordinator<T>(group: string, work: (link: Link) => Promise<T>, purpose?: string): Promise<T>
  /** Tries again while the failure may pass, at most for its patience (ms); then throws an AppError. */
  patiently<T>(work: () => Promise<T>, options?: { patienceMs?: number; signal?: AbortSignal }): Promise<T>
  closed(): boolean
  close(): void
}

/** How long a call goes on trying while a broker restarts, ms. A local broker is back after some 7 s (facts: parts). */
const defaultPatienceMs = 15_000
/** Connections of finished readers kept for the next ones. */
const idleReaders = 4
const metadataApis = [metadataV12, metadataV11, metadataV10, metadataV9]
const noId = '00000000-0000-0000-0000-000000000000'

interface Shared {
  readonly opening: Promise<Link>
  /** Null while it is being opened. */
  link: Link | null
}

/** Knows nothing and connects to nobody before the first call. */
export function createCluster(address: KafkaAddress, openRaw: OpenSocket = openTcp): Cluster {
  const bootstrap = address.bootstrap.map(parseAddress)
  const { clientId, security = null } = address
  const way = {
    clientId,
    openSocket: security === null ? inClear(openRaw) : overTls(openRaw, security.ca),
    signIn: security === null || security.kind === 'tls' ? null : (ask: Ask) => signIn(security, ask),
  }
  const shared = new Map<string, Shared>()
  const idle = new Map<string, Link[]>()
  const open = new Set<Link>()
  const topics = new Map<string, KafkaTopic>()
  let brokers: Metadata['brokers'] = []
  let isClosed = false

  async function dial(host: string, port: number): Promise<Link> {
    if (isClosed) throw closedError()
    const link = await openLink({ host, port, ...way })
    if (isClosed) {
      link.close()
      throw closedError()
    }
    for (const each of open) if (!each.alive()) open.delete(each)
    open.add(link)
    return link
  }

  function sharedLink(host: string, port: number, purpose: string): Promise<Link> {
    const key = `${purpose} ${host}:${port}`
    const known = shared.get(key)
    if (known && (known.link === null || known.link.alive())) return known.opening
    const entry: Shared = { opening: dial(host, port), link: null }
    shared.set(key, entry)
    entry.opening.then(
      (link) => {
        entry.link = link
      },
      () => shared.get(key) === entry && shared.delete(key),
    )
    return entry.opening
  }

  async function any<T>(work: (link: Link) => Promise<T>): Promise<T> {
    const places = [...brokers, ...bootstrap]
    let last: unknown
    for (const { host, port } of places) {
      try {
        return await work(await sharedLink(host, port, 'main'))
      } catch (error) {
        if (!(error instanceof LinkError)) throw error
        // Another broker may do; where none does, a refusal says more than one that does not answer.
        if (last === undefined || mayPass(last)) last = error
      }
    }
    throw last
  }

  async function metadata(names: readonly string[] | null): Promise<Metadata> {
    const answer = await any((link) =>
      link.call(metadataApis, names === null ? null : [...names], false, false),
    )
    brokers = answer.brokers.map(({ nodeId, host, port, rack }) => ({
      id: nodeId,
      host,
      port,
      rack: rack ?? null,
    }))
    const found: KafkaTopic[] = []
    const missing = new Map<string, number>()
    for (const topic of answer.topics) {
      if (topic.name == null) continue
      // LEADER_NOT_AVAILABLE (5) on the topic: it exists and is being made.
      if (topic.errorCode !== 0 && topic.errorCode !== 5) {
        missing.set(topic.name, topic.errorCode)
        topics.delete(topic.name)
        continue
      }
      const seen: KafkaTopic = {
        name: topic.name,
        id: topic.topicId === noId ? '' : (topic.topicId ?? ''),
        internal: topic.isInternal,
        partitions: topic.partitions.map(toPartition).sort((a, b) => a.partition - b.partition),
      }
      topics.set(seen.name, seen)
      found.push(seen)
    }
    return {
      clusterId: answer.clusterId ?? '',
      controller: answer.controllerId,
      brokers,
      topics: found.sort((a, b) => (a.name < b.name ? -1 : 1)),
      missing,
    }
  }

  async function brokerOf(node: number): Promise<{ host: string; port: number }> {
    const known = brokers.find(({ id }) => id === node)
    if (known) return known
    await metadata([])
    const now = brokers.find(({ id }) => id === node)
    if (!now) throw new AnswerError(8, `broker ${node}`)
    return now
  }

  return {
    metadata,
    async topic(name) {
      const known = topics.get(name)
      if (known && known.partitions.length > 0 && known.partitions.every(({ leader }) => leader >= 0))
        return known
      const { topics: found, missing } = await metadata([name])
      const topic = found.find((each) => each.name === name)
      // The metadata's word is final: waiting for a topic that is not there would only delay the answer.
      if (!topic) throw toAppError(new AnswerError(missing.get(name) ?? 3, name))
      return topic
    },
    forget: (name) => void topics.delete(name),
    async link(node, purpose) {
      const { host, port } = await brokerOf(node)
      return sharedLink(host, port, purpose)
    },
    letGo(purpose) {
      for (const [key, { opening }] of shared) {
        if (!key.startsWith(`${purpose} `)) continue
        shared.delete(key)
        opening.then(
          (link) => link.close(),
          () => {},
        )
      }
    },
    async borrow(node) {
      const { host, port } = await brokerOf(node)
      const waiting = idle.get(`${host}:${port}`) ?? []
      for (let link = waiting.pop(); link !== undefined; link = waiting.pop()) if (link.alive()) return link
      return dial(host, port)
    },
    giveBack(_node, link) {
      const waiting = idle.get(link.address) ?? []
      if (isClosed || !link.alive() || waiting.length >= idleReaders) return link.close()
      idle.set(link.address, [...waiting, link])
    },
    any,
    async coordinator(group, work, purpose = 'main') {
      const apis = [findCoordinatorV6, findCoordinatorV4, findCoordinatorV3]
      const answer = await any((link) => link.call(apis, 0, [group]))
      const [found] = answer.coordinators
      if (!found) throw new AnswerError(15, group)
      check(found.errorCode, group, found.errorMessage)
      return work(await sharedLink(found.host, found.port, purpose))
    },
    async patiently(work, { patienceMs = defaultPatienceMs, signal } = {}) {
      const deadline = Date.now() + patienceMs
      for (let delay = 50; ; delay = Math.min(delay * 2, 500)) {
        try {
          return await work()
        } catch (error) {
          if (isClosed) throw closedError()
          if (signal?.aborted || !mayPass(error) || Date.now() + delay > deadline) throw toAppError(error)
        }
        await pause(delay, signal)
      }
    },
    closed: () => isClosed,
    close() {
      isClosed = true
      for (const link of open) link.close()
      open.clear()
      shared.clear()
    },
  }
}

export function closedError(): AppError {
  return new AppError({
    code: 'KAFKA_CLOSED',
    message: 'The connection to Kafka was closed by this app.',
    hint: 'Open the page again.',
  })
}

function toPartition(partition: {
  partitionIndex: number
  leaderId: number
  replicaNodes: number[]
  isrNodes: number[]
}): KafkaPartition {
  return {
    partition: partition.partitionIndex,
    leader: partition.leaderId,
    replicas: partition.replicaNodes,
    inSync: partition.isrNodes,
  }
}

/** `host:port`, `[::1]:port`, or with the `PLAINTEXT://` that kafka-rest.properties allows in front. */
export function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?:[A-Z_]+:\/\/)?(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text.trim())
  const port = Number(match?.[3])
  const host = match?.[1] ?? match?.[2]
  if (!host || !(port > 0 && port < 65_536)) {
    throw new AppError({
      code: 'KAFKA_ADDRESS_INVALID',
      message: `This is no address of a Kafka broker: ${text}`,
      hint: 'Write host:port, several separated by commas, for example localhost:9092.',
      field: 'bootstrap',
    })
  }
  return { host, port }
}
