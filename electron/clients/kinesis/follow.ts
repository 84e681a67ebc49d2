/** Follows a stream: all its shards, and those that take their place when they are split or merged. */
import type { ReadShard } from './read.ts'
import type { IteratorStart, KinesisClient, ReadRecord, ShardInfo } from './types.ts'

export interface FollowListener {
  readonly onRecords: (records: readonly ReadRecord[]) => void
  /** ms a shard is behind; again with every read. */
  readonly onBehind: (shard: string, ms: number) => void
  /** A closed shard was read to its end; its children, if any, are read from here on. */
  readonly onFinished: (shard: string) => void
}

/** Runs until `readShard` throws, as it does when aborted, or, for a closed shard named in `only`, until it is read. */
export async function followStream(
  client: Pick<KinesisClient, 'shards'>,
  readShard: ReadShard,
  what: {
    readonly stream: string
    /** This shard alone; without, all of them. */
    readonly only?: string | undefined
    /** A sequence number is one of the shard named in `only`. */
    readonly from: IteratorStart
  },
  listener: FollowListener,
): Promise<void> {
  const { stream, only, from } = what
  const known = await client.shards(stream)
  const started = new Set<string>()
  const finished = new Set<string>()
  const running = new Set<Promise<void>>()
  const failed = Promise.withResolvers<never>()

  const start = (shard: string, at: IteratorStart) => {
    if (started.has(shard)) return
    started.add(shard)
    const run = readOne(shard, at).catch(failed.reject)
    running.add(run)
    void run.finally(() => running.delete(run))
  }

  const readOne = async (shard: string, at: IteratorStart) => {
    for await (const { records, millisBehindLatest } of readShard(shard, at)) {
      listener.onRecords(records)
      listener.onBehind(shard, millisBehindLatest)
    }
    finished.add(shard)
    listener.onFinished(shard)
    if (only === undefined) startChildren(shard, await client.shards(stream))
  }

  /** A child of two parents begins when both are read, so that its records come after theirs. */
  const startChildren = (parent: string, shards: readonly ShardInfo[]) => {
    for (const child of shards) {
      const parents = [child.parent, child.adjacentParent]
      if (!parents.includes(parent)) continue
      if (parents.every((id) => id === null || finished.has(id) || !started.has(id))) {
        // A shard split long ago ends before the time from which its children are wanted.
        start(child.id, from.type === 'AT_TIMESTAMP' ? from : { type: 'TRIM_HORIZON' })
      }
    }
  }

  const ids = new Set(known.map((shard) => shard.id))
  const first = known.filter((shard) => {
    if (only !== undefined) return shard.id === only
    if (from.type === 'LATEST') return shard.lastSequence === null
    return ![shard.parent, shard.adjacentParent].some((id) => id !== null && ids.has(id))
  })
  for (const shard of first) start(shard.id, from)
  while (running.size > 0) await Promise.race([failed.promise, Promise.all(running)])
}
