import { expect, it } from 'vitest'
import { familyTree } from './familyTree.ts'

const end = 2n ** 128n - 1n
const half = 2n ** 127n
const shard = (id: string, start: bigint, stop: bigint, open: boolean, ...parents: (string | null)[]) => ({
  id,
  startHash: String(start),
  endHash: String(stop),
  open,
  firstSequence: '1',
  parent: parents[0] ?? null,
  adjacentParent: parents[1] ?? null,
})

it('sets children one generation after the later of their parents, by their part of the keys', () => {
  const { nodes, edges, generations } = familyTree([
    shard('a', 0n, end, false),
    shard('b', 0n, half - 1n, false, 'a'),
    shard('c', half, end, false, 'a'),
    shard('d', 0n, end, true, 'b', 'c'),
  ])
  expect(nodes).toEqual([
    { id: 'a', open: false, generation: 0, from: 0, to: 1 },
    { id: 'b', open: false, generation: 1, from: 0, to: 0.5 },
    { id: 'c', open: false, generation: 1, from: 0.5, to: 1 },
    { id: 'd', open: true, generation: 2, from: 0, to: 1 },
  ])
  expect(edges.map(({ parent, child }) => parent + child)).toEqual(['ab', 'ac', 'bd', 'cd'])
  expect(generations).toBe(3)
})

it('begins with a child whose parents are no longer listed', () => {
  const { nodes, edges, generations } = familyTree([shard('d', 0n, end, true, 'gone', 'too')])
  expect([nodes[0]?.generation, edges, generations]).toEqual([0, [], 1])
  expect(familyTree([])).toEqual({ nodes: [], edges: [], generations: 0 })
})
