/** Splitting, merging and scaling as pure changes of a stream's list of shards, each a series of AWS's two moves. */
import type { ShardMeta, StreamMeta } from './catalog.ts'
import { uniformRanges } from './hash.ts'

export interface ReshardContext {
  /** ms since 1970 */
  readonly now: number
  /** Counter after the last record of a shard that is open now. */
  readonly endCounter: (shard: ShardMeta) => number
}

export const isOpen = (shard: ShardMeta) => shard.endCounter === null

/** Open shards by hash range: what a record is routed by. */
export function openShards(meta: StreamMeta): ShardMeta[] {
  return meta.shards.filter(isOpen).sort((a, b) => (a.start < b.start ? -1 : 1))
}

/** A new shard's place in a stream; its number space lies above its parents'. */
export function newShard(
  index: number,
  range: { readonly start: bigint; readonly end: bigint },
  now: number,
  parents: readonly ShardMeta[] = [],
): ShardMeta {
  return {
    index,
    bornSecs: Math.max(Math.floor(now / 1_000), ...parents.map((parent) => parent.bornSecs + 1)),
    createdAt: now,
    parent: parents[0]?.index ?? null,
    adjacentParent: parents[1]?.index ?? null,
    start: range.start,
    end: range.end,
    endCounter: null,
    closedAt: null,
  }
}

/** `at` becomes the first hash key of the upper half; it must lie inside the shard and not at its start. */
export function split(meta: StreamMeta, shard: ShardMeta, at: bigint, context: ReshardContext): StreamMeta {
  const children = [
    newShard(meta.nextShard, { start: shard.start, end: at - 1n }, context.now, [shard]),
    newShard(meta.nextShard + 1, { start: at, end: shard.end }, context.now, [shard]),
  ]
  return replace(meta, [shard], children, context)
}

/** `lower` ends right before `upper` begins; `named` is the one the caller named first, recorded as the parent. */
export function merge(
  meta: StreamMeta,
  lower: ShardMeta,
  upper: ShardMeta,
  context: ReshardContext,
  named: ShardMeta = lower,
): StreamMeta {
  const parents = named === upper ? [upper, lower] : [lower, upper]
  const child = newShard(meta.nextShard, { start: lower.start, end: upper.end }, context.now, parents)
  return replace(meta, parents, [child], context)
}

function replace(
  meta: StreamMeta,
  closing: readonly ShardMeta[],
  children: readonly ShardMeta[],
  context: ReshardContext,
): StreamMeta {
  const closed = meta.shards.map((shard) =>
    closing.includes(shard)
      ? { ...shard, endCounter: context.endCounter(shard), closedAt: context.now }
      : shard,
  )
  return { ...meta, shards: [...closed, ...children], nextShard: meta.nextShard + children.length }
}

/** Equal ranges by splits at each new boundary, then merges over each old one, with shards in between as on AWS. */
export function scale(meta: StreamMeta, target: number, context: ReshardContext): StreamMeta {
  const wanted = new Set(uniformRanges(target).map((range) => range.start))
  let result = meta
  for (const boundary of wanted) {
    const holder = openShards(result).find((shard) => shard.start < boundary && boundary <= shard.end)
    if (holder) result = split(result, holder, boundary, context)
  }
  for (;;) {
    const open = openShards(result)
    const nth = open.findIndex((shard) => !wanted.has(shard.start))
    const [lower, upper] = [open[nth - 1], open[nth]]
    if (!lower || !upper) return result
    result = merge(result, lower, upper, context)
  }
}
