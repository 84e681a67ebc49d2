import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addOffset, writeEntry } from '../../local/lake/entry.ts'
import { dataName, entryName, partitionPaths } from '../../local/lake/paths.ts'
import { lakeFiles, lakeLines, lakeNext } from './lakeLines.ts'

const signal = new AbortController().signal
const topic = 'learner.pin'
let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lake-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** Puts a file of the lake into place, its lines named by their offset. */
function file(offsets: readonly number[], options: { entry?: boolean; more?: string } = {}) {
  const { data, entries } = partitionPaths(dir, topic, 0)
  mkdirSync(data, { recursive: true })
  mkdirSync(entries, { recursive: true })
  const first = BigInt(offsets[0] ?? 0)
  const last = BigInt(offsets.at(-1) ?? 0)
  const text = offsets.map((offset) => `{"n":${offset}}\n`).join('') + (options.more ?? '')
  const ranges: [bigint, bigint][] = []
  for (const offset of offsets) addOffset(ranges, BigInt(offset))
  const totals = { files: 1, records: offsets.length, bytes: text.length }
  const entry = {
    topic,
    partition: 0,
    topicId: 'id',
    first,
    last,
    next: last + 1n,
    ranges,
    upTo: totals,
    ...totals,
  }
  writeFileSync(join(data, dataName(topic, 0, first)), text)
  if (options.entry !== false) writeFileSync(join(entries, entryName(first)), writeEntry(entry))
}

async function read(from = 0n, to = 1_000n) {
  const lines: string[] = []
  for await (const batch of lakeLines(await lakeFiles(dir, topic, 0), from, to, signal)) {
    for (const { key, content } of batch) lines.push(`${key}=${Buffer.from(content ?? '').toString()}`)
  }
  return lines
}
const wanted = (...offsets: number[]) => offsets.map((offset) => `${offset}={"n":${offset}}`)

describe('the lake’s lines', () => {
  it('have the offsets their entry gives them, gaps included', async () => {
    file([3, 4, 5])
    file([9, 10, 14])
    file([15])
    expect(await read()).toEqual(wanted(3, 4, 5, 9, 10, 14, 15))
    expect(await read(5n, 10n)).toEqual(wanted(5, 9, 10))
    expect(await lakeNext(dir, topic, 0)).toBe(16n)
  })

  it('come twice where two files hold the same offsets, still in order', async () => {
    file([0, 1, 2, 3])
    file([2, 3, 4])
    file([5, 6])
    expect(await read()).toEqual(wanted(0, 1, 2, 2, 3, 3, 4, 5, 6))
  })

  it('are not there without their entry, and none of a lake that is not there', async () => {
    file([0, 1])
    file([2, 3], { entry: false })
    expect(await read()).toEqual(wanted(0, 1))
    rmSync(dir, { recursive: true })
    expect(await read()).toEqual([])
    expect(await lakeNext(dir, topic, 0)).toBe(0n)
  })

  it('betray a line too many, by an offset that stands twice', async () => {
    file([0, 1], { more: '{"n":"extra"}\n' })
    expect(await read()).toEqual([...wanted(0, 1), '1={"n":"extra"}'])
  })
})
