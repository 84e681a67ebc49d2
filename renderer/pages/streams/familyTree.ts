/** Where each shard stands in the family tree: its generation, and its place by hash range. */
import type { StreamDetail } from '../../../shared/contract/streams.ts'

type Shard = StreamDetail['shards'][number]

export interface TreeNode {
  readonly id: string
  readonly open: boolean
  readonly generation: number
  /** Part of the hash space, 0 to 1. */
  readonly from: number
  readonly to: number
}

export interface TreeEdge {
  readonly parent: string
  readonly child: string
}

/** All partition keys hash into 128 bits; a part of a million is finer than what is drawn. */
const share = (hash: string): number => Number((BigInt(hash) * 1_000_000n) >> 128n) / 1_000_000

/** Parents whose records are too old are no longer listed: their children begin the tree. */
export function familyTree(shards: readonly Shard[]): {
  readonly nodes: readonly TreeNode[]
  readonly edges: readonly TreeEdge[]
  readonly generations: number
} {
  const byId = new Map(shards.map((shard) => [shard.id, shard]))
  const parentsOf = ({ parent, adjacentParent }: Shard) =>
    [parent, adjacentParent].filter((id): id is string => id !== null && byId.has(id))
  const known = new Map<string, number>()
  const generationOf = (shard: Shard): number => {
    const found = known.get(shard.id)
    if (found !== undefined) return found
    const parents = parentsOf(shard).flatMap((id) => byId.get(id) ?? [])
    const generation = parents.length === 0 ? 0 : 1 + Math.max(...parents.map(generationOf))
    known.set(shard.id, generation)
    return generation
  }
  const nodes = shards.map((shard) => ({
    id: shard.id,
    open: shard.open,
    generation: generationOf(shard),
    from: share(shard.startHash),
    to: share(String(BigInt(shard.endHash) + 1n)),
  }))
  const edges = shards.flatMap((shard) => parentsOf(shard).map((parent) => ({ parent, child: shard.id })))
  return { nodes, edges, generations: 1 + Math.max(-1, ...nodes.map(({ generation }) => generation)) }
}
