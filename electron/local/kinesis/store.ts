/** All streams of one folder: opened, made, changed one at a time and always on disk first, cleaned up, closed. */
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Catalog, loadCatalog, type StreamMeta, saveCatalog } from './catalog.ts'
import { Fault, streamNotFound } from './fault.ts'
import { uniformRanges } from './hash.ts'
import {
  arnOf,
  horizonOf,
  type LiveStream,
  openNewShards,
  openStream,
  retentionStart,
  shardFolder,
} from './liveStream.ts'
import { isOpen, newShard, openShards, type ReshardContext } from './reshard.ts'
import { createShardFolder } from './shardFiles.ts'

export interface StoreOptions {
  readonly dir: string
  readonly region: string
  readonly enforceLimits: boolean
  /** A segment file is closed at this size. */
  readonly segmentBytes: number
  /** ms since 1970 */
  readonly now: () => number
  readonly log: (line: string) => void
  /** How long a subscription to a shard lasts, ms. */
  readonly subscriptionMs: number
}

export type NewStream = Pick<StreamMeta, 'name' | 'mode' | 'maxRecordKiB' | 'tags'> & {
  readonly shardCount: number
}

export interface Store extends StoreOptions {
  all(): readonly LiveStream[]
  /** By name or ARN, as a request gives them. Throws Fault. */
  find(by: { readonly StreamName?: string | undefined; readonly StreamARN?: string | undefined }): LiveStream
  create(wanted: NewStream): Promise<void>
  remove(stream: LiveStream): Promise<void>
  /** Changes settings of a stream, not its shards. */
  edit(stream: LiveStream, change: (meta: StreamMeta) => StreamMeta): Promise<void>
  /** Changes a stream's shards; records that arrive meanwhile wait. */
  reshard(
    stream: LiveStream,
    change: (meta: StreamMeta, context: ReshardContext) => StreamMeta,
  ): Promise<void>
  /** Deletes what is older than each stream's retention. */
  expire(): Promise<void>
  close(): Promise<void>
}

/** Opens the folder, making it where there is none. Throws AppError where the data cannot be understood. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dir, now } = options
  await mkdir(join(dir, 'data'), { recursive: true, mode: 0o700 })
  const saved = await loadCatalog(dir)
  const streams = new Map<string, LiveStream>()
  for (const meta of saved.streams) streams.set(meta.name, await openStream(meta, options))
  let leftovers = saved.leftovers

  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => {})
    return result
  }

  const save = (change: Partial<Catalog>) =>
    saveCatalog(dir, { streams: [...streams.values()].map(({ meta }) => meta), leftovers, ...change })
  const metasWith = (stream: LiveStream, meta: StreamMeta) =>
    [...streams.values()].map((each) => (each === stream ? meta : each.meta))
  const stillThere = (stream: LiveStream) => {
    if (stream.gone) throw streamNotFound(stream.meta.name)
  }

  /** What cannot be deleted now (a file open on Windows) stays in the list for the next time. */
  const deleteLeftovers = async () => {
    if (leftovers.length === 0) return
    const gone = new Set<string>()
    for (const folder of leftovers) {
      await rm(join(dir, 'data', folder), { recursive: true, force: true }).then(
        () => gone.add(folder),
        (reason) => options.log(`Cannot delete ${folder} yet: ${reason}`),
      )
    }
    leftovers = leftovers.filter((folder) => !gone.has(folder))
    await save({})
  }
  await deleteLeftovers()

  const expireStream = async (stream: LiveStream) => {
    const before = retentionStart(stream.meta, now())
    for (const shard of stream.shards.values()) {
      await shard.log.trim(before)
      await horizonOf(stream, shard, now())
    }
    const expired = stream.meta.shards.filter((shard) => shard.closedAt !== null && shard.closedAt < before)
    if (expired.length === 0) return
    const meta = { ...stream.meta, shards: stream.meta.shards.filter((shard) => !expired.includes(shard)) }
    const more = expired.map((shard) => `${meta.folder}/${shard.index}`)
    await save({ streams: metasWith(stream, meta), leftovers: [...leftovers, ...more] })
    stream.meta = meta
    leftovers = [...leftovers, ...more]
    for (const shard of expired) stream.shards.delete(shard.index)
  }

  return {
    ...options,
    all: () => [...streams.values()],

    find({ StreamName, StreamARN }) {
      const name = StreamName ?? StreamARN?.split('stream/')[1]
      if (name === undefined) {
        throw new Fault('InvalidArgumentException', 'Either StreamName or StreamARN must be provided.')
      }
      const stream = streams.get(name)
      if (!stream) throw streamNotFound(name)
      if (StreamARN !== undefined && StreamARN !== arnOf(options.region, name))
        throw streamNotFound(StreamARN)
      return stream
    },

    create: (wanted) =>
      inTurn(async () => {
        const { shardCount, ...rest } = wanted
        if (streams.has(rest.name)) {
          throw new Fault('ResourceInUseException', `Stream ${rest.name} under account already exists.`)
        }
        // One moment for the stream and its shards: they stand open at the stream's own horizon.
        const createdAt = now()
        const meta: StreamMeta = {
          ...rest,
          folder: `${createdAt.toString(36)}-${randomBytes(4).toString('hex')}`,
          createdAt,
          retentionHours: 24,
          nextShard: shardCount,
          consumers: [],
          shards: uniformRanges(shardCount).map((range, index) => newShard(index, range, createdAt)),
        }
        for (const shard of meta.shards) await createShardFolder(shardFolder(dir, meta, shard))
        const stream = await openStream(meta, options)
        await save({ streams: [...[...streams.values()].map((each) => each.meta), meta] })
        streams.set(meta.name, stream)
      }),

    remove: (stream) =>
      inTurn(async () => {
        stillThere(stream)
        const rest = [...streams.values()].filter((each) => each !== stream).map((each) => each.meta)
        await save({ streams: rest, leftovers: [...leftovers, stream.meta.folder] })
        stream.gone = true
        streams.delete(stream.meta.name)
        for (const each of stream.subscriptions.values()) each.end(streamNotFound(stream.meta.name))
        leftovers = [...leftovers, stream.meta.folder]
        for (const { log } of stream.shards.values()) await log.close()
        await deleteLeftovers()
      }),

    edit: (stream, change) =>
      inTurn(async () => {
        stillThere(stream)
        const meta = change(stream.meta)
        await save({ streams: metasWith(stream, meta) })
        stream.meta = meta
        for (const shard of stream.shards.values()) shard.horizon.checkedAt = Number.NEGATIVE_INFINITY
      }),

    reshard(stream, change) {
      const work = inTurn(async () => {
        stillThere(stream)
        for (const { log } of stream.shards.values()) await log.settled()
        const endCounter = ({ index }: { index: number }) => stream.shards.get(index)?.log.next() ?? 1
        const before = stream.meta
        const meta = change(before, { now: now(), endCounter })
        const added = meta.shards.filter((shard) => shard.index >= before.nextShard)
        for (const shard of added) await createShardFolder(shardFolder(dir, meta, shard))
        await save({ streams: metasWith(stream, meta) })
        // Before anybody can learn of them: a reader follows its shard into the new ones at once.
        await openNewShards(stream, meta.shards, options)
        stream.meta = meta
        stream.routes = openShards(meta)
        for (const shard of before.shards.filter(isOpen)) {
          if (!stream.routes.some(({ index }) => index === shard.index)) {
            await stream.shards.get(shard.index)?.log.seal()
          }
        }
      })
      const settled = work
        .catch(() => {})
        .then(() => {
          if (stream.busy === settled) stream.busy = null
        })
      stream.busy = settled
      return work
    },

    expire: () =>
      inTurn(async () => {
        for (const stream of streams.values()) await expireStream(stream)
        await deleteLeftovers()
      }),

    close: () =>
      inTurn(async () => {
        for (const { shards } of streams.values()) {
          for (const { log } of shards.values()) await log.close()
        }
      }),
  }
}
