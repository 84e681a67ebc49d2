/** One segment file of a shard and its sparse index by counter and by time, kept in memory. */
import { type FileHandle, open, readFile } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { parseRecord, type StoredRecord } from './record.ts'

/** First bytes of each file; a change of format changes them. */
export const magic = Buffer.from('PCKINES1')

/** An entry of the index about every so many bytes: what a read passes over at most before it finds its record. */
const indexEveryBytes = 64 * 1024
const chunkBytes = 1024 * 1024

const entrySchema = z.object({
  counter: z.int(),
  position: z.int(),
  /** The latest arrival among all records of the segment before this one, ms; 0 where there is none. */
  before: z.int(),
})

const segmentSchema = z.object({
  first: z.int(),
  count: z.int(),
  /** Length of the file up to the end of its last whole record that is on disk. */
  bytes: z.int(),
  /** Arrival of the first record and the latest arrival, ms; 0 while empty. */
  firstTime: z.int(),
  maxTime: z.int(),
  index: z.array(entrySchema),
})

/** What is known of a segment; grows only with records that are on disk. */
export type Segment = z.infer<typeof segmentSchema> & { readonly path: string }

export function emptySegment(path: string, first: number): Segment {
  return { path, first, count: 0, bytes: magic.length, firstTime: 0, maxTime: 0, index: [] }
}

/** Takes a record into account that is on disk at the end of the segment. */
export function noteRecord(segment: Segment, size: number, time: number): void {
  const last = segment.index.at(-1)
  if (!last || segment.bytes - last.position >= indexEveryBytes) {
    segment.index.push({
      counter: segment.first + segment.count,
      position: segment.bytes,
      before: segment.maxTime,
    })
  }
  if (segment.count === 0) segment.firstTime = time
  segment.count += 1
  segment.bytes += size
  segment.maxTime = Math.max(segment.maxTime, time)
}

/** Where to begin reading to find a record by counter. */
export function positionOf(segment: Segment, counter: number): number {
  return lastWhere(segment, (entry) => entry.counter <= counter)
}

/** Where to begin reading to find the first record that arrived at or after `time`. */
export function positionAt(segment: Segment, time: number): number {
  return lastWhere(segment, (entry) => entry.before < time)
}

function lastWhere(segment: Segment, holds: (entry: z.infer<typeof entrySchema>) => boolean): number {
  let low = -1
  let high = segment.index.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    const entry = segment.index[middle]
    if (entry && holds(entry)) low = middle
    else high = middle - 1
  }
  return segment.index[low]?.position ?? magic.length
}

/**
 * Whole records from `from` up to `to` (byte positions), some at a time. Ends early at the first place that holds no
 * whole record, which is `stoppedAt` of the last batch; `stoppedAt` is null where it came to the end.
 */
export async function* readRecords(
  file: FileHandle,
  from: number,
  to: number,
): AsyncGenerator<{ records: { record: StoredRecord; size: number }[]; stoppedAt: number | null }> {
  let position = from
  let wanted = chunkBytes
  while (position < to) {
    const buffer = Buffer.allocUnsafe(Math.min(wanted, to - position))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
    const records: { record: StoredRecord; size: number }[] = []
    let at = 0
    let stopped = bytesRead === 0
    wanted = chunkBytes
    while (at < bytesRead) {
      const parsed = parseRecord(buffer, at, bytesRead)
      if ('found' in parsed) {
        records.push({ record: parsed.found, size: parsed.size })
        at += parsed.size
        continue
      }
      stopped = 'damaged' in parsed || position + at + parsed.needs > to
      if ('needs' in parsed) wanted = Math.max(chunkBytes, parsed.needs)
      break
    }
    position += at
    yield { records, stoppedAt: stopped ? position : null }
    if (stopped) return
  }
}

/** Reads a whole file and answers what is known of it; `bytes` stands at the end of the last whole record. */
export async function scanSegment(path: string, first: number): Promise<Segment> {
  const segment = emptySegment(path, first)
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    for await (const { records } of readRecords(file, magic.length, size)) {
      for (const { record, size } of records) {
        if (record.counter !== first + segment.count) return segment
        noteRecord(segment, size, record.time)
      }
    }
    return segment
  } finally {
    await file.close()
  }
}

const indexPath = (path: string) => path.replace(/\.log$/, '.index')

/** Keeps what is known of a segment that gets no more records beside it, so that a start need not read it. */
export async function saveIndex(segment: Segment): Promise<void> {
  const { path, ...known } = segment
  await writeFileAtomic(indexPath(path), JSON.stringify(known))
}

/** Null where there is no index or it does not fit the file: then the file is scanned. */
export async function loadIndex(path: string, first: number, size: number): Promise<Segment | null> {
  try {
    const parsed = segmentSchema.safeParse(JSON.parse(await readFile(indexPath(path), 'utf8')))
    if (!parsed.success || parsed.data.first !== first || parsed.data.bytes !== size) return null
    return { ...parsed.data, path }
  } catch {
    return null
  }
}

/** All files of a segment, the data first: what is left after a crash in between is deleted with the next. */
export function filesOf(path: string): readonly string[] {
  return [path, indexPath(path)]
}
