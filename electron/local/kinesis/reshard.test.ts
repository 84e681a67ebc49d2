/** However shards are split and merged, the open ones cover the hash space once, and parents come before children. */
import { describe, expect, it } from 'vitest'
import type { StreamMeta } from './catalog.ts'
import { hashOfKey, hashSpace, indexOfHash, uniformRanges } from './hash.ts'
import { merge, newShard, openShards, type ReshardContext, scale, split } from './reshard.ts'

const context: ReshardContext = { now: 1_000_000, endCounter: () => 5 }

function stream(shards: number): StreamMeta {
  return {
    name: 's',
    folder: 'f',
    createdAt: 1_000_000,
    mode: 'PROVISIONED',
    retentionHours: 24,
    maxRecordKiB: 1_024,
    tags: [],
    consumers: [],
    nextShard: shards,
    shards: uniformRanges(shards).map((range, index) => newShard(index, range, 1_000_000)),
  }
}

function expectWhole(meta: StreamMeta): void {
  const open = openShards(meta)
  expect(open[0]?.start).toBe(0n)
  expect(open.at(-1)?.end).toBe(hashSpace - 1n)
  for (const [nth, shard] of open.entries()) {
    if (nth > 0) expect(shard.start).toBe((open[nth - 1]?.end ?? 0n) + 1n)
  }
  const byIndex = new Map(meta.shards.map((shard) => [shard.index, shard]))
  expect(byIndex.size).toBe(meta.shards.length)
  for (const shard of meta.shards) {
    for (const parent of [shard.parent, shard.adjacentParent]) {
      if (parent === null) continue
      expect(parent).toBeLessThan(shard.index)
      expect(byIndex.get(parent)?.endCounter).not.toBeNull()
      expect(byIndex.get(parent)?.bornSecs).toBeLessThan(shard.bornSecs)
    }
  }
}

describe('scale', () => {
  it.each([
    [1, 2],
    [2, 4],
    [4, 2],
    [2, 1],
    [2, 3],
    [3, 2],
    [3, 5],
    [5, 3],
    [7, 7],
    [4, 100],
    [100, 3],
  ])('%i to %i shards of equal size', (before, after) => {
    const meta = scale(stream(before), after, context)
    expectWhole(meta)
    expect(openShards(meta).map(({ start, end }) => ({ start, end }))).toEqual(uniformRanges(after))
  })

  it('changes nothing where nothing is to be done', () => {
    const meta = stream(4)
    expect(scale(meta, 4, context)).toEqual(meta)
  })

  it('holds through any series of changes', () => {
    let meta = stream(3)
    for (const target of [5, 2, 8, 7, 1, 6, 3]) {
      meta = scale(meta, target, context)
      expectWhole(meta)
      expect(openShards(meta)).toHaveLength(target)
    }
  })
})

it('splits where it is told and merges it again', () => {
  const before = stream(1)
  const [only] = openShards(before)
  if (!only) throw new Error('no shard')
  const halves = split(before, only, 1_000n, context)
  expectWhole(halves)
  const [lower, upper] = openShards(halves)
  expect(upper?.start).toBe(1_000n)
  if (!lower || !upper) throw new Error('no halves')
  const merged = merge(halves, lower, upper, context, upper)
  expectWhole(merged)
  expect(merged.shards.at(-1)).toMatchObject({ parent: upper.index, adjacentParent: lower.index })
})

it('routes by MD5 as AWS does', () => {
  // `printf test | md5sum`
  expect(hashOfKey('test')).toBe(0x098f6bcd4621d373cade4e832627b4f6n)
  const ranges = uniformRanges(4)
  expect(indexOfHash(ranges, hashOfKey('test'))).toBe(0)
  for (const [nth, range] of ranges.entries()) {
    expect(indexOfHash(ranges, range.start)).toBe(nth)
    expect(indexOfHash(ranges, range.end)).toBe(nth)
  }
})
