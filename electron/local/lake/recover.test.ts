import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KafkaRecord } from '../../clients/kafka/types.ts'
import { continueFromEarliest, setAside } from './choices.ts'
import { createPartitionWriter } from './partitionWriter.ts'
import { dataName, entryName, partitionPaths } from './paths.ts'
import { recoverPartition } from './recover.ts'

const topic = '0a1b.pin'
let dir: string
const paths = () => partitionPaths(dir, topic, 0)
const data = (start: bigint) => join(paths().data, dataName(topic, 0, start))
const entry = (start: bigint) => join(paths().entries, entryName(start))
const recover = () => recoverPartition(dir, topic, 0)

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lake-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const record = (offset: bigint): KafkaRecord => ({
  partition: 0,
  offset,
  timestamp: 0,
  key: null,
  value: Buffer.from(`{"n":${offset}}`),
  headers: [],
})

/** Writes these offsets in files of two, as from where the lake ends. */
async function write(offsets: readonly bigint[], nextOffset?: bigint): Promise<void> {
  const { next, totals } = await recover()
  const writer = createPartitionWriter({
    dir,
    topic,
    topicId: 'id-1',
    partition: 0,
    next: next ?? 0n,
    totals,
    flushSize: 2,
    rotateMs: 3_600_000,
    onFile: () => {},
    onFailure: (error) => {
      throw error
    },
  })
  const end = nextOffset ?? (offsets.at(-1) ?? 0n) + 1n
  await writer.accept({ records: offsets.map(record), nextOffset: end })
  await writer.rotate()
}

describe('where to go on', () => {
  it('is behind the last file, gaps included', async () => {
    await write([0n, 1n, 5n, 6n, 9n], 12n)
    expect(await readdir(paths().data)).toEqual([0n, 5n, 9n].map((start) => dataName(topic, 0, start)))
    expect(await readFile(data(5n), 'utf8')).toBe('{"n":5}\n{"n":6}\n')
    expect(await recover()).toMatchObject({
      next: 12n,
      topicId: 'id-1',
      totals: { files: 3, records: 5, bytes: 40 },
    })
  })

  it.each([
    ['before the entry was begun', async () => rm(entry(2n))],
    ['while the entry was written', async () => writeFile(entry(2n), '{"version":1,"to')],
    ['before the data was renamed', async () => {}],
  ])('is behind the last renamed file after a crash %s', async (_when, damage) => {
    await write([0n, 1n, 2n, 3n])
    await rm(data(2n))
    await damage()
    expect(await recover()).toMatchObject({ next: 2n, totals: { files: 1, records: 2 } })
    expect(await readdir(paths().entries)).toEqual([entryName(0n)])
    await write([2n, 3n, 4n])
    expect(await recover()).toMatchObject({ next: 5n, totals: { files: 3, records: 5 } })
  })

  it('has true sums also where files were taken out by hand', async () => {
    await write([0n, 1n, 2n, 3n, 4n, 5n])
    await rm(data(0n))
    expect(await recover()).toMatchObject({ next: 6n, totals: { files: 2, records: 4, bytes: 32 } })
  })
})

describe('a lake that something else has changed', () => {
  it('is not written on: a file that was cut', async () => {
    await write([0n, 1n, 2n, 3n])
    await truncate(data(2n), 5)
    await expect(recover()).rejects.toMatchObject({ code: 'LAKE_DAMAGED' })
  })

  it('is not written on: a file that nobody knows', async () => {
    await write([0n, 1n])
    await writeFile(data(7n), '{}\n')
    await expect(recover()).rejects.toMatchObject({ code: 'LAKE_FILE_UNKNOWN' })
  })

  it('is not written on: an entry that contradicts itself', async () => {
    await write([0n, 1n])
    await writeFile(entry(0n), (await readFile(entry(0n), 'utf8')).replace('"records":2', '"records":3'))
    await expect(recover()).rejects.toMatchObject({ code: 'LAKE_DAMAGED' })
  })

  it('never overwrites a file', async () => {
    const writing = write([0n, 1n])
    await writing
    await rm(entry(0n))
    const writer = createPartitionWriter({
      ...{ dir, topic, topicId: 'id-1', partition: 0, next: 0n, totals: { files: 0, records: 0, bytes: 0 } },
      ...{ flushSize: 10, rotateMs: 3_600_000, onFile: () => {}, onFailure: () => {} },
    })
    await writer.accept({ records: [record(0n)], nextOffset: 1n })
    await expect(writer.rotate()).rejects.toMatchObject({ code: 'LAKE_DAMAGED' })
    await writer.discard()
    expect(await readFile(data(0n), 'utf8')).toBe('{"n":0}\n{"n":1}\n')
  })
})

describe('a choice', () => {
  it('of a new generation keeps all that was there, each time in a folder of its own', async () => {
    await write([0n, 1n])
    await setAside(dir, topic, 0)
    expect(await recover()).toMatchObject({ next: null, topicId: '', totals: { files: 0 } })
    await write([0n])
    await setAside(dir, topic, 0)
    const kept = join(paths().generations, '1')
    expect(await readFile(join(kept, 'data', dataName(topic, 0, 0n)), 'utf8')).toBe('{"n":0}\n{"n":1}\n')
    expect(await readdir(join(kept, 'entries'))).toEqual([entryName(0n)])
    expect(await readdir(paths().generations)).toEqual(['1', '2'])
  })

  it('to continue is kept with every gap, and is over when files have come behind it', async () => {
    await write([0n, 1n])
    await continueFromEarliest(dir, topic, 'id-1', { partition: 0, low: 10n, high: 20n })
    expect(await recover()).toMatchObject({ next: 10n, choice: { passedOver: [[2n, 9n]] } })
    await write([10n, 11n])
    await continueFromEarliest(dir, topic, 'id-1', { partition: 0, low: 15n, high: 20n })
    expect(await recover()).toMatchObject({
      next: 15n,
      choice: {
        passedOver: [
          [2n, 9n],
          [12n, 14n],
        ],
      },
    })
    await write([15n])
    expect(await recover()).toMatchObject({ next: 16n, totals: { records: 5 } })
  })

  it('to continue is refused where an offset would stand in two lines', async () => {
    await write([0n, 1n])
    const again = continueFromEarliest(dir, topic, 'id-2', { partition: 0, low: 0n, high: 5n })
    await expect(again).rejects.toMatchObject({
      code: 'LAKE_CHOICE_IMPOSSIBLE',
      message: expect.stringContaining('up to 1 of'),
      hint: expect.stringContaining('new generation'),
    })
  })
})
