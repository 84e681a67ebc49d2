/** The durable log of one shard: appended in groups that share one sync, read by counter or by time, trimmed by age. */
import { appender } from './appender.ts'
import { openIfThere } from './files.ts'
import type { NewRecord, StoredRecord } from './record.ts'
import { positionAt, positionOf, readRecords, type Segment } from './segment.ts'
import { deleteSegment, loadSegments } from './shardFiles.ts'

export interface ShardLogOptions {
  readonly folder: string
  /** A closed shard's log is only read. */
  readonly closed: boolean
  /** A segment is closed and a new one begun at this size. */
  readonly segmentBytes: number
  readonly log: (line: string) => void
}

export interface ShardLog {
  /** Counter the next record that is on disk will have. */
  next(): number
  /** Counter of the first record kept, equal to `next()` where there is none. */
  first(): number
  /** Bytes on disk. */
  bytes(): number
  /** Bytes accepted and not yet on disk. */
  waiting(): number
  /** Gives the records their counters at once, from `first`; `done` resolves when all are on disk and can be read. */
  append(
    records: readonly NewRecord[],
    time: number,
  ): { readonly first: number; readonly done: Promise<void> }
  /** Called whenever more can be read, or the shard was closed; answers how to leave. */
  onGrown(listener: () => void): () => void
  /** Resolves when nothing waits any more; whether or not it could be written. */
  settled(): Promise<void>
  /** Records in order from the first at or after `from`, at most so many and so many bytes of key and data (one at least). */
  read(from: number, maxRecords: number, maxBytes: number): Promise<StoredRecord[]>
  /** Counter of the first record that arrived at or after `time` (ms); `next()` where there is none. */
  counterAt(time: number): Promise<number>
  /** Deletes whole segments whose records all arrived before `time` (ms). */
  trim(time: number): Promise<void>
  /** Ends writing for good: the shard is closed. */
  seal(): Promise<void>
  close(): Promise<void>
}

/** Opens or makes the log in `folder`, cutting off what a crash left half-written at its end. */
export async function openShardLog(options: ShardLogOptions): Promise<ShardLog> {
  const segments = await loadSegments(options.folder, options.closed, options.log)
  const writer = appender(segments, options)
  let { closed } = options
  const first = () => segments[0]?.first ?? writer.next()

  return {
    next: writer.next,
    first,
    bytes: () => segments.reduce((sum, segment) => sum + segment.bytes, 0),
    waiting: writer.waiting,
    append: writer.append,
    onGrown: writer.onGrown,
    settled: writer.settled,

    async read(from, maxRecords, maxBytes) {
      const records: StoredRecord[] = []
      let bytes = 0
      for (const segment of [...segments]) {
        if (segment.first + segment.count <= from || segment.count === 0) continue
        for await (const record of recordsOf(segment, positionOf(segment, from))) {
          if (record.counter < from) continue
          bytes += record.data.length + Buffer.byteLength(record.partitionKey)
          if (records.length === maxRecords || (bytes > maxBytes && records.length > 0)) return records
          records.push(record)
        }
        if (records.length === maxRecords) break
      }
      return records
    },

    async counterAt(time) {
      for (const segment of [...segments]) {
        if (segment.count === 0 || segment.maxTime < time) continue
        if (segment.firstTime >= time) return segment.first
        for await (const record of recordsOf(segment, positionAt(segment, time))) {
          if (record.time >= time) return record.counter
        }
      }
      return writer.next()
    },

    async trim(time) {
      const newest = segments.at(-1)
      if (newest && newest.count > 0 && newest.maxTime < time && !closed) await writer.roll()
      while (segments.length > 1) {
        const oldest = segments[0]
        if (!oldest || oldest.maxTime >= time) break
        segments.shift()
        await deleteSegment(oldest.path)
      }
    },

    seal() {
      closed = true
      return writer.seal()
    },
    close: writer.close,
  }
}

/** Records of a segment from a byte position up to what was on disk when asked. None where it was trimmed meanwhile. */
async function* recordsOf(segment: Segment, position: number): AsyncGenerator<StoredRecord> {
  const end = segment.bytes
  const file = await openIfThere(segment.path)
  if (!file) return
  try {
    for await (const { records, stoppedAt } of readRecords(file, position, end)) {
      for (const { record } of records) yield record
      if (stoppedAt !== null) {
        throw new Error(`Damaged data at byte ${stoppedAt} of ${segment.path}`)
      }
    }
  } finally {
    await file.close()
  }
}
