import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Kind } from '../../../shared/names.ts'
import { outgoing } from '../pump/record.ts'
import type { AckPosition } from '../types.ts'
import { checksum, readSequence, writeSequence } from './format.ts'
import { mergeSorted } from './merge.ts'
import { scanJournal } from './scan.ts'
import { type Acked, createSorter } from './sorter.ts'
import { createJournalWriter } from './writer.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const signal = new AbortController().signal
const record = (index: number, kind: Kind = 'pin') =>
  outgoing({ index, kind, json: `{"index":${index}}`, partitionKey: null })
const at = (offset: number, partition = 0): AckPosition => ({
  to: 'kafka',
  topic: 'learner.pin',
  partition,
  offset: BigInt(offset),
})
const shard = (sequence: bigint): AckPosition => ({
  to: 'kinesis',
  stream: 'streaming-learner-pin',
  shard: 'shardId-000000000000',
  sequence,
})
const all = async (entries: AsyncGenerator<Acked>) => {
  const list: Acked[] = []
  for await (const entry of entries) list.push(entry)
  return list
}
const scan = (sinks: Parameters<typeof scanJournal>[1] = ['rest']) =>
  scanJournal(join(folder, 'journal'), sinks, join(folder, 'aside'), signal)

describe('the journal', () => {
  it('gives back what was written: counts, positions in order, what nobody answered', async () => {
    const journal = createJournalWriter(join(folder, 'journal'))
    const records = [0, 1, 2, 3, 4].map((index) => record(index))
    const big = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n
    journal.sent('rest', 'pin', records)
    journal.sent('streams', 'pin', records)
    journal.acknowledged('rest', 'pin', records.slice(0, 3), [at(12), at(7), at(3, 1)])
    journal.failed('rest', 'pin', records.slice(3, 4))
    journal.acknowledged('streams', 'pin', records.slice(0, 2), [shard(big), shard(big - 1n)])
    journal.close()
    const found = await scan(['rest', 'streams'])
    expect(found.counts).toMatchObject({
      rest: { sent: 5, acknowledged: 3 },
      streams: { sent: 5, acknowledged: 2 },
      kafka: { sent: 0, acknowledged: 0 },
    })
    expect(found.positions).toEqual({ kafka: 3, kinesis: 2 })
    expect(
      found.places.map(({ to, partition, count, first, last }) => [to, partition, count, first, last]),
    ).toEqual([
      ['kafka', 0, 2, 7n, 12n],
      ['kafka', 1, 1, 3n, 3n],
      ['kinesis', 0, 2, big - 1n, big],
    ])
    expect(await all(found.sorted())).toEqual([
      { place: 0, key: 7n, checksum: checksum('{"index":1}') },
      { place: 0, key: 12n, checksum: checksum('{"index":0}') },
      { place: 1, key: 3n, checksum: checksum('{"index":2}') },
      { place: 2, key: big - 1n, checksum: checksum('{"index":1}') },
      { place: 2, key: big, checksum: checksum('{"index":0}') },
    ])
    expect([...found.unanswered('kafka', 'pin')]).toEqual([[checksum('{"index":4}'), 1]])
    expect(found.unanswered('kinesis', 'pin').size).toBe(3)
    expect(found.unanswered('kafka', 'geo').size).toBe(0)
    await found.close()
  })

  it('counts as posts only what went out to every sink in every kind', async () => {
    const journal = createJournalWriter(join(folder, 'journal'))
    for (const kind of ['pin', 'geo', 'user'] as const) {
      journal.sent('rest', kind, [record(0, kind), record(1, kind), record(2, kind)])
    }
    journal.sent('streams', 'pin', [record(0), record(1)])
    journal.sent('streams', 'geo', [record(0), record(1)])
    journal.sent('streams', 'user', [record(0)])
    journal.close()
    expect((await scan(['rest'])).posts).toBe(3)
    expect((await scan(['rest', 'streams'])).posts).toBe(1)
  })

  it('has an intention on file before the request goes out, and nothing else waits longer than a flush', async () => {
    const journal = createJournalWriter(join(folder, 'journal'))
    journal.sent('rest', 'pin', [record(0)])
    const before = await scan()
    expect(before.counts.rest).toEqual({ sent: 1, acknowledged: 0 })
    journal.acknowledged('rest', 'pin', [record(0)], [at(0)])
    journal.flush()
    expect((await scan()).counts.rest).toEqual({ sent: 1, acknowledged: 1 })
    journal.close()
  })

  it('leaves a torn last frame out, wherever kill -9 tore it', async () => {
    const path = join(folder, 'journal')
    const journal = createJournalWriter(path)
    journal.sent('rest', 'pin', [record(0), record(1)])
    journal.acknowledged('rest', 'pin', [record(0)], [at(0)])
    journal.flush()
    const whole = readFileSync(path).length
    journal.acknowledged('rest', 'pin', [record(1)], [at(1)])
    journal.close()
    const end = readFileSync(path).length
    for (let cut = end - 1; cut >= whole; cut--) {
      truncateSync(path, cut)
      const found = await scan()
      expect(found.positions.kafka).toBe(1)
      expect(found.unanswered('kafka', 'pin').size).toBe(1)
    }
  })

  it('refuses what is no journal', async () => {
    writeFileSync(join(folder, 'journal'), 'this is something else')
    await expect(scan()).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' })
    writeFileSync(join(folder, 'journal'), Buffer.from([1, 99]))
    await expect(scan()).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' })
    appendFileSync(join(folder, 'journal'), 'x')
  })

  it('keeps records without a place (acks=none) among the unanswered, to be found by content', async () => {
    const journal = createJournalWriter(join(folder, 'journal'))
    journal.sent('kafka', 'pin', [record(0)])
    journal.acknowledged('kafka', 'pin', [record(0)], [null])
    journal.close()
    const found = await scan(['kafka'])
    expect(found.counts.kafka).toEqual({ sent: 1, acknowledged: 1 })
    expect(found.positions.kafka).toBe(0)
    expect(found.unanswered('kafka', 'pin').size).toBe(1)
  })
})

it('writes sequence numbers of up to 192 bits so that bytes compare as numbers', () => {
  const numbers = [0n, 1n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 128n, 2n ** 186n - 1n, 2n ** 192n - 1n]
  const buffers = numbers.map((number) => {
    const bytes = Buffer.alloc(24)
    writeSequence(bytes, 0, number)
    expect(readSequence(bytes, 0)).toBe(number)
    return bytes
  })
  expect([...buffers].reverse().sort(Buffer.compare)).toEqual(buffers)
})

describe('the sorter', () => {
  it.each([1_000_000, 100, 7])(
    'sorts by place and key with %i entries in memory, more than once',
    async (chunk) => {
      const sorter = createSorter(join(folder, 'aside'), chunk)
      const wanted: Acked[] = []
      let seed = 1
      for (let i = 0; i < 1_000; i++) {
        seed = (seed * 48_271) % 2_147_483_647
        const entry = { place: seed % 3, key: BigInt(seed % 5_000), checksum: i }
        const key = Buffer.alloc(8)
        key.writeBigUInt64BE(entry.key)
        sorter.add(entry.place, key, entry.checksum)
        wanted.push(entry)
      }
      const order = (a: Acked, b: Acked) =>
        a.place - b.place || Number(a.key - b.key) || a.checksum - b.checksum
      wanted.sort(order)
      for (let time = 0; time < 2; time++) {
        const found = await all(sorter.sorted())
        expect(found.map(({ place, key }) => [place, key])).toEqual(
          wanted.map(({ place, key }) => [place, key]),
        )
        expect([...found].sort(order)).toEqual(wanted)
      }
      await sorter.close()
    },
  )
})

it('merges sequences and ends those that were not read to their end', async () => {
  const ended: number[] = []
  async function* numbers(id: number, ...values: number[]) {
    try {
      yield* values
    } finally {
      ended.push(id)
    }
  }
  const sequences = () => [numbers(0, 1, 4, 9), numbers(1), numbers(2, 2, 2, 3), numbers(3, 0, 10)]
  const merged: number[] = []
  for await (const value of mergeSorted(sequences(), (a, b) => a - b)) merged.push(value)
  expect(merged).toEqual([0, 1, 2, 2, 3, 4, 9, 10])
  ended.length = 0
  for await (const value of mergeSorted(sequences(), (a, b) => a - b)) if (value === 2) break
  expect(ended.sort()).toEqual([0, 1, 2, 3])
})
