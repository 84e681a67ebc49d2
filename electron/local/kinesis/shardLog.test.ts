/** Nothing that was acknowledged is lost, whatever a crash leaves at the end of the file, and every record is found. */
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createShardFolder } from './shardFiles.ts'
import { openShardLog, type ShardLog } from './shardLog.ts'

let home: string
let folder: string
let lines: string[]
const logs: ShardLog[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kinesis-log-'))
  folder = join(home, '0')
  lines = []
  await createShardFolder(folder)
})
afterEach(async () => {
  for (const log of logs.splice(0)) await log.close()
  await rm(home, { recursive: true })
})

async function open(segmentBytes = 1_000_000, closed = false): Promise<ShardLog> {
  const log = await openShardLog({ folder, closed, segmentBytes, log: (line) => lines.push(line) })
  logs.push(log)
  return log
}

const record = (text: string) => ({ partitionKey: `key-${text}`, data: Buffer.from(text) })
const some = (from: number, count: number) =>
  Array.from({ length: count }, (_, nth) => record(`record ${from + nth}`))
const texts = async (log: ShardLog, from = 0, most = 100_000, bytes = 1e9) =>
  (await log.read(from, most, bytes)).map((each) => each.data.toString())
const files = async () => (await readdir(folder)).filter((name) => name.endsWith('.log')).sort()
const newest = async () => join(folder, (await files()).at(-1) ?? '')

describe('appending', () => {
  it('numbers records without gaps and reads them back in order', async () => {
    const log = await open()
    const first = log.append(some(1, 3), 1_000)
    const second = log.append(some(4, 2), 1_001)
    expect([first.first, second.first]).toEqual([1, 4])
    expect(await texts(log)).toEqual([])
    await Promise.all([first.done, second.done])
    expect((await log.read(0, 10, 1e9)).map(({ counter, time }) => [counter, time])).toEqual([
      [1, 1_000],
      [2, 1_000],
      [3, 1_000],
      [4, 1_001],
      [5, 1_001],
    ])
    expect(await texts(log, 4)).toEqual(['record 4', 'record 5'])
  })

  it('keeps every byte of data and key', async () => {
    const log = await open()
    const data = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const partitionKey = 'ключ 🔑'.repeat(20)
    await log.append(
      [
        { partitionKey, data },
        { partitionKey: '', data: Buffer.alloc(0) },
      ],
      7,
    ).done
    expect(await log.read(1, 9, 1e9)).toEqual([
      { counter: 1, time: 7, partitionKey, data },
      { counter: 2, time: 7, partitionKey: '', data: Buffer.alloc(0) },
    ])
  })

  it('goes on where it was after a restart, in a new segment too', async () => {
    const log = await open(2_000)
    for (let at = 1; at <= 500; at += 10) await log.append(some(at, 10), at).done
    await log.close()
    expect((await files()).length).toBeGreaterThan(5)
    const again = await open(2_000)
    expect(again.append(some(501, 1), 501).first).toBe(501)
    await again.settled()
    expect(await texts(again)).toEqual(some(1, 501).map(({ data }) => data.toString()))
    expect(lines).toEqual([])
  })

  it('answers at most what was asked for, one record at least', async () => {
    const log = await open(2_000)
    await log.append(some(1, 300), 1).done
    expect(await texts(log, 100, 5)).toHaveLength(5)
    expect(await texts(log, 1, 300, 45)).toEqual(['record 1', 'record 2'])
    expect(await texts(log, 1, 300, 1)).toEqual(['record 1'])
    expect(await texts(log, 301)).toEqual([])
  })
})

describe('what a crash leaves', () => {
  it.each([1, 7, 8, 15, 22, 30])('cuts a record torn after %i bytes', async (bytes) => {
    const log = await open()
    await log.append(some(1, 3), 1).done
    await log.close()
    const whole = await readFile(await newest())
    await log.append(some(4, 1), 1).done
    await log.close()
    await truncate(await newest(), whole.length + bytes)
    const again = await open()
    expect(await texts(again)).toEqual(['record 1', 'record 2', 'record 3'])
    expect((await stat(await newest())).size).toBe(whole.length)
    expect(lines).toEqual([expect.stringContaining(`Cut ${bytes} bytes`)])
    expect(again.append(some(4, 1), 2).first).toBe(4)
    await again.settled()
    expect(await texts(again, 4)).toEqual(['record 4'])
  })

  it('cuts blocks of zeros and of nonsense', async () => {
    for (const rest of [
      Buffer.alloc(4_096),
      Buffer.alloc(5_000, 0xff),
      Buffer.from('nonsense nonsense nonsense'),
    ]) {
      const log = await open()
      const before = await texts(log)
      await log.append([record('last')], 1).done
      await log.close()
      await appendFile(await newest(), rest)
      expect(await texts(await open())).toEqual([...before, 'last'])
    }
  })

  it('makes good a segment that was made but not begun', async () => {
    const log = await open(100)
    await log.append(some(1, 10), 1).done
    await log.append(some(11, 1), 1).done
    await log.close()
    await writeFile(join(folder, '000000000000012.log'), '')
    const again = await open(100)
    expect(again.next()).toBe(12)
    await again.append(some(12, 1), 1).done
    await again.close()
    expect(await texts(await open())).toHaveLength(12)
  })

  it('reads a segment whose index is missing, damaged or of another file', async () => {
    const log = await open(500)
    for (let at = 1; at <= 60; at += 1) await log.append(some(at, 1), at).done
    await log.close()
    const indexes = (await readdir(folder)).filter((name) => name.endsWith('.index')).sort()
    await rm(join(folder, indexes[0] ?? ''))
    await writeFile(join(folder, indexes[1] ?? ''), '{"first":')
    await writeFile(join(folder, indexes[2] ?? ''), await readFile(join(folder, indexes[1] ?? '')))
    expect(await texts(await open(500))).toHaveLength(60)
  })

  it('refuses a folder without data instead of beginning to count anew', async () => {
    for (const name of await readdir(folder)) await rm(join(folder, name))
    await expect(open()).rejects.toMatchObject({ code: 'KINESIS_DATA_DAMAGED' })
  })

  it('refuses a file of another version', async () => {
    await writeFile(await newest(), 'something else entirely')
    await expect(open()).rejects.toMatchObject({ code: 'KINESIS_DATA_DAMAGED' })
    expect(await readFile(await newest(), 'utf8')).toBe('something else entirely')
  })
})

describe('by time', () => {
  it('finds the first record at or after a time in many segments', async () => {
    const log = await open(5_000)
    for (let at = 1; at <= 2_000; at += 1) {
      const { done } = log.append([record(String(at))], at * 10)
      if (at % 50 === 0) await done
    }
    await log.settled()
    expect((await files()).length).toBeGreaterThan(5)
    await log.close()
    for (const reopened of [log, await open(5_000)]) {
      expect(await reopened.counterAt(0)).toBe(1)
      expect(await reopened.counterAt(10)).toBe(1)
      expect(await reopened.counterAt(11)).toBe(2)
      expect(await reopened.counterAt(12_345)).toBe(1_235)
      expect(await reopened.counterAt(20_000)).toBe(2_000)
      expect(await reopened.counterAt(20_001)).toBe(2_001)
    }
  })

  it('finds it where the clock went back', async () => {
    const log = await open(300)
    for (const [nth, time] of [100, 200, 50, 60, 300, 10].entries()) {
      await log.append([record(String(nth))], time).done
    }
    expect(await log.counterAt(150)).toBe(2)
    expect(await log.counterAt(201)).toBe(5)
    expect(await log.counterAt(301)).toBe(7)
  })

  it('deletes whole old segments and never counts anew', async () => {
    const log = await open(1_000)
    for (let at = 1; at <= 200; at += 1) await log.append(some(at, 1), at).done
    const all = (await files()).length
    await log.trim(101)
    expect((await files()).length).toBeLessThan(all)
    expect(log.first()).toBeLessThanOrEqual(101)
    expect(log.first()).toBeGreaterThan(1)
    expect((await texts(log)).at(-1)).toBe('record 200')
    await log.trim(10_000)
    expect(await files()).toHaveLength(1)
    expect([log.first(), log.next()]).toEqual([201, 201])
    await log.close()
    const again = await open(1_000)
    expect(again.next()).toBe(201)
    await again.append(some(201, 1), 10_001).done
    expect(await texts(again)).toEqual(['record 201'])
  })
})

it('refuses all that waits when the disk fails, loses nothing before and goes on after', async () => {
  const log = await open(100)
  await log.append(some(1, 10), 1).done
  // The next write needs a new segment, which a folder in its place prevents.
  const next = join(folder, '000000000000011.log')
  await mkdir(next)
  const failing = [log.append(some(11, 1), 2), log.append(some(12, 1), 2)]
  for (const { done } of failing) await expect(done).rejects.toThrow()
  expect(log.waiting()).toBe(0)
  expect(await texts(log)).toHaveLength(10)
  await rm(next, { recursive: true })
  const repeated = log.append(some(11, 2), 3)
  expect(repeated.first).toBe(11)
  await repeated.done
  expect(await texts(log)).toEqual(some(1, 12).map(({ data }) => data.toString()))
})

it('keeps a closed shard readable', async () => {
  const log = await open(500)
  await log.append(some(1, 50), 1).done
  await log.seal()
  expect(await texts(log)).toHaveLength(50)
  await log.trim(5)
  expect(log.next()).toBe(51)
  expect(await texts(await open(500, true))).toHaveLength(50)
})
