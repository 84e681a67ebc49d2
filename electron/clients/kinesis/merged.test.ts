import { describe, expect, it } from 'vitest'
import { readMerged } from './merged.ts'
import type { ReadPace } from './pace.ts'
import type { IteratorStart, KinesisClient, ReadRecord } from './types.ts'

const pace: ReadPace = { turn: async () => {}, backOff: () => {}, used: () => 0 }
const signal = new AbortController().signal

/** A shard as AWS has them: `empty` reads that answer nothing before its one record, and then the tip. */
function sparse(empty: number) {
  let begun = 0
  const record: ReadRecord = {
    shard: 'a',
    sequence: 7n,
    partitionKey: 'k',
    data: Buffer.from('x'),
    arrivedAt: 1_000,
  }
  const client = {
    iterator: async (_stream: string, _shard: string, start: IteratorStart) => {
      begun += 1
      return start.type === 'AFTER_SEQUENCE_NUMBER' ? String(empty + 1) : '0'
    },
    getRecords: async (_shard: string, iterator: string) => {
      const at = Number(iterator)
      return {
        records: at === empty ? [record] : [],
        next: String(at + 1),
        millisBehindLatest: at < empty ? 60_000 * (empty - at) : 0,
        childShards: [],
      }
    },
  }
  return { client: client as unknown as KinesisClient, begun: () => begun }
}

const read = (client: KinesisClient, iterator?: string) =>
  readMerged(
    client,
    pace,
    { stream: 's', shards: [{ shard: 'a', start: { type: 'TRIM_HORIZON' }, iterator }], limit: 10 },
    signal,
  )

describe('a stretch of a shard without records', () => {
  it('is read through in several pages, each from where the last one stood', async () => {
    const { client, begun } = sparse(50)
    let iterator: string | undefined
    const found: ReadRecord[] = []
    const behind: number[] = []
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await read(client, iterator)
      found.push(...page.records)
      behind.push(page.millisBehindLatest)
      if (page.end) break
      iterator = page.next[0]?.iterator ?? undefined
    }
    expect(found.map(({ sequence }) => sequence)).toEqual([7n])
    expect(behind).toEqual([...behind].sort((a, b) => b - a))
    expect(behind.length).toBe(3)
    expect(begun()).toBe(1)
  })

  it('names the last record where one was shown', async () => {
    const { client } = sparse(3)
    const page = await read(client)
    expect(page.next).toEqual([{ shard: 'a', after: 7n, iterator: null }])
    expect(page.end).toBe(true)
  })
})
