/** The lines of the lake with the offset each of them is, read from what stands on disk and from nothing else. */
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Entry, readEntry } from '../../local/lake/entry.ts'
import { dataName, entryName, partitionPaths, startOfData } from '../../local/lake/paths.ts'
import { mergeSorted } from '../journal/merge.ts'
import type { Standing } from './match.ts'

/** A file that is in place, with the offsets of its lines. */
export interface LakeFile {
  readonly path: string
  readonly entry: Entry
}

/** The files of one partition by their start; one without its entry has lines nobody can place and is left out. */
export async function lakeFiles(dir: string, topic: string, partition: number): Promise<LakeFile[]> {
  const starts = await startsOf(dir, topic, partition)
  const files = await Promise.all(starts.map((start) => fileAt(dir, topic, partition, start)))
  return files.filter((file) => file !== null)
}

/** The offset the partition's lake goes on with; 0 where it holds nothing. Looks at the newest file only. */
export async function lakeNext(dir: string, topic: string, partition: number): Promise<bigint> {
  const last = (await startsOf(dir, topic, partition)).at(-1)
  if (last === undefined) return 0n
  return (await fileAt(dir, topic, partition, last))?.entry.next ?? 0n
}

async function startsOf(dir: string, topic: string, partition: number): Promise<bigint[]> {
  const names = await readdir(partitionPaths(dir, topic, partition).data).catch(() => [])
  return names
    .map((name) => startOfData(name, topic, partition))
    .filter((start) => start !== null)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

async function fileAt(
  dir: string,
  topic: string,
  partition: number,
  start: bigint,
): Promise<LakeFile | null> {
  const { data, entries } = partitionPaths(dir, topic, partition)
  const text = await readFile(join(entries, entryName(start)), 'utf8').catch(() => '')
  const entry = readEntry(text)
  return entry && { path: join(data, dataName(topic, partition, start)), entry }
}

/** Lines from `from` to `to`, both included, ascending; files that overlap give their offsets as often as they hold them. */
export async function* lakeLines(
  files: readonly LakeFile[],
  from: bigint,
  to: bigint,
  signal: AbortSignal,
): AsyncGenerator<Standing[]> {
  const wanted = files.filter(({ entry }) => entry.last >= from && entry.first <= to)
  for (const group of overlapping(wanted)) {
    const lines = group.map((file) => linesOf(file, signal))
    const [only] = lines
    const sorted = lines.length === 1 && only ? only : mergeSorted(lines, byKey)
    let batch: Standing[] = []
    for await (const line of sorted) {
      if (line.key < from || line.key > to) continue
      batch.push(line)
      if (batch.length === batchLines) {
        yield batch
        batch = []
      }
    }
    yield batch
  }
}

const batchLines = 1_000
const byKey = (a: Standing, b: Standing) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/** Files in groups that share offsets; normally each stands alone. */
function overlapping(files: readonly LakeFile[]): LakeFile[][] {
  const groups: LakeFile[][] = []
  let end = -1n
  for (const file of files) {
    const group = groups.at(-1)
    if (group && file.entry.first <= end) group.push(file)
    else groups.push([file])
    end = file.entry.last > end ? file.entry.last : end
  }
  return groups
}

const lineFeed = 0x0a

async function* linesOf({ path, entry }: LakeFile, signal: AbortSignal): AsyncGenerator<Standing> {
  const offsets = offsetsOf(entry)
  const standing = (content: Buffer): Standing => {
    const next = offsets.next()
    // A line too many makes the last offset stand twice, so that it cannot pass unseen.
    return { key: next.done ? entry.last : next.value, content }
  }
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 262_144 })) {
    const bytes: Buffer = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer])
    let start = 0
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      yield standing(bytes.subarray(start, end))
      start = end + 1
    }
    rest = bytes.subarray(start)
  }
  if (rest.length > 0) yield standing(rest)
}

function* offsetsOf({ ranges }: Entry): Generator<bigint, undefined> {
  for (const [first, last] of ranges) for (let offset = first; offset <= last; offset++) yield offset
  return undefined
}
