import { describe, expect, it } from 'vitest'
import { pageBackward, pageForward } from './browse.ts'
import type { KafkaClient, KafkaRecord, PartitionOffsets } from './types.ts'

const record = (partition: number, offset: number, timestamp: number): KafkaRecord => ({
  partition,
  offset: BigInt(offset),
  timestamp,
  key: null,
  value: Buffer.from(`${partition}/${offset}`),
  headers: [],
})

const signal = new AbortController().signal

/** A log in memory: one batch for each read, as a broker may answer it, with records before and behind the range. */
function logOf(records: readonly KafkaRecord[], ends: readonly (readonly [low: number, high: number])[]) {
  const log: PartitionOffsets[] = ends.map(([low, high], partition) => ({
    partition,
    low: BigInt(low),
    high: BigInt(high),
  }))
  const kafka: Pick<KafkaClient, 'read'> = {
    async *read({ from, until }) {
      const { partition, offset } = from[0] ?? { partition: 0, offset: 0n }
      const all = records.filter((each) => each.partition === partition && each.offset >= offset)
      const rest = { bytes: 0, high: 0n }
      for (const each of all)
        yield { partition, records: [each], count: 1, nextOffset: each.offset + 1n, ...rest }
      yield { partition, records: [], count: 0, nextOffset: until?.[0]?.offset ?? 0n, ...rest }
    },
  }
  return { kafka, log, topic: 't', keep: (record: KafkaRecord) => record, signal }
}

const names = (records: readonly KafkaRecord[]) =>
  records.map(({ partition, offset }) => `${partition}/${offset}`)

const two = logOf(
  [
    record(0, 0, 10),
    record(0, 1, 30),
    record(0, 2, 50),
    record(1, 0, 20),
    record(1, 1, 40),
    record(1, 2, 35),
  ],
  [
    [0, 3],
    [0, 3],
  ],
)
const start = two.log.map(({ partition, low }) => ({ partition, offset: low }))
const tip = two.log.map(({ partition, high }) => ({ partition, offset: high }))

describe('pages of a topic', () => {
  it('go forwards by time, each partition in its own order, and every record once', async () => {
    const first = await pageForward(two, start, 4)
    expect(names(first.records)).toEqual(['0/0', '1/0', '0/1', '1/1'])
    expect(first.end).toBe(false)
    const second = await pageForward(two, first.next, 4)
    // 1/2 has an older timestamp than 1/1 and still comes after it.
    expect(names(second.records)).toEqual(['1/2', '0/2'])
    expect(second.end).toBe(true)
  })

  it('go backwards from the newest, and every record once', async () => {
    const seen: string[] = []
    let next = tip
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await pageBackward(two, next, 2)
      seen.push(...names(page.records))
      next = [...page.next]
      if (page.end) break
    }
    expect(seen).toHaveLength(6)
    expect(new Set(seen).size).toBe(6)
    expect(seen.slice(0, 1)).toEqual(['0/2'])
    expect(seen.filter((name) => name.startsWith('1/'))).toEqual(['1/2', '1/1', '1/0'])
  })

  it('step over gaps and stop at the end of the log', async () => {
    const gaps = logOf([record(0, 5, 1), record(0, 9_000, 2)], [[0, 10_000]])
    const back = await pageBackward(gaps, [{ partition: 0, offset: 10_000n }], 2)
    expect(names(back.records)).toEqual(['0/9000', '0/5'])
    expect(back.end).toBe(true)
    const forth = await pageForward(gaps, [{ partition: 0, offset: 6n }], 2)
    expect(names(forth.records)).toEqual(['0/9000'])
    expect(forth).toMatchObject({ end: true, next: [{ partition: 0, offset: 10_000n }] })
  })

  it('are empty where the topic is', async () => {
    const none = logOf([], [[7, 7]])
    const at = [{ partition: 0, offset: 7n }]
    expect(await pageForward(none, at, 5)).toMatchObject({
      records: [],
      end: true,
    })
    expect(await pageBackward(none, at, 5)).toMatchObject({
      records: [],
      end: true,
    })
  })
})
