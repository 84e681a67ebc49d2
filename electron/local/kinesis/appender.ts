/** The writing end of a shard's log: many requests share one write and one sync, and none is answered before it. */
import { type FileHandle, open } from 'node:fs/promises'
import { writeAll } from './files.ts'
import { encodeRecords, type NewRecord } from './record.ts'
import { noteRecord, type Segment, saveIndex } from './segment.ts'
import { createSegment } from './shardFiles.ts'

interface Waiting {
  readonly bytes: Buffer
  readonly sizes: readonly number[]
  readonly time: number
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

export interface Appender {
  next(): number
  waiting(): number
  append(
    records: readonly NewRecord[],
    time: number,
  ): { readonly first: number; readonly done: Promise<void> }
  settled(): Promise<void>
  /** Closes the segment that is written to and begins a new one. */
  roll(): Promise<void>
  /** Called whenever more is on disk, or nothing more will come; answers how to leave. */
  onGrown(listener: () => void): () => void
  seal(): Promise<void>
  close(): Promise<void>
}

/** At most so many bytes go into one write. */
const groupBytes = 16 * 1024 * 1024

/** `segments` is shared with the reader: the last one is written to, and grows when its records are on disk. */
export function appender(
  segments: Segment[],
  options: { readonly folder: string; readonly segmentBytes: number },
): Appender {
  let file: FileHandle | null = null
  let queue: Waiting[] = []
  let queuedBytes = 0
  /** Everything that touches the file goes one after the other through here. */
  let turn: Promise<void> = Promise.resolve()
  let writing = false
  const listeners = new Set<() => void>()
  const grown = () => {
    for (const listener of [...listeners]) listener()
  }
  const newest = (): Segment => {
    const segment = segments.at(-1)
    if (!segment) throw new Error('A shard without a segment')
    return segment
  }
  const durableNext = () => newest().first + newest().count
  let nextCounter = durableNext()

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.then(
      () => {},
      () => {},
    )
    return result
  }

  /** Opening cuts off what an earlier failed write may have left. */
  const opened = async (): Promise<FileHandle> => {
    if (file) return file
    const handle = await open(newest().path, 'r+')
    await handle.truncate(newest().bytes)
    file = handle
    return handle
  }
  const closeFile = async () => {
    const handle = file
    file = null
    await handle?.close()
  }
  const rollNow = async () => {
    await saveIndex(newest())
    await closeFile()
    segments.push(await createSegment(options.folder, durableNext()))
  }

  const writeGroup = async (group: readonly Waiting[]) => {
    if (newest().bytes >= options.segmentBytes) await rollNow()
    const handle = await opened()
    await writeAll(handle, Buffer.concat(group.map((waiting) => waiting.bytes)), newest().bytes)
    await handle.datasync()
    for (const waiting of group) {
      for (const size of waiting.sizes) noteRecord(newest(), size, waiting.time)
    }
    grown()
  }

  const takeGroup = (): Waiting[] => {
    let bytes = 0
    const end = queue.findIndex((waiting, nth) => {
      bytes += waiting.bytes.length
      return nth > 0 && bytes > groupBytes
    })
    return queue.splice(0, end === -1 ? queue.length : end)
  }

  /** What failed was not acknowledged; neither is anything behind it, so that counters stay without gaps. */
  const fail = async (group: readonly Waiting[], reason: unknown) => {
    await closeFile().catch(() => {})
    const lost = [...group, ...queue]
    queue = []
    queuedBytes = 0
    nextCounter = durableNext()
    for (const waiting of lost) waiting.reject(reason)
  }

  const drain = async () => {
    while (queue.length > 0) {
      const group = takeGroup()
      try {
        await writeGroup(group)
      } catch (thrown) {
        await fail(group, thrown)
        continue
      }
      for (const waiting of group) {
        queuedBytes -= waiting.bytes.length
        waiting.resolve()
      }
    }
    writing = false
  }

  return {
    next: durableNext,
    waiting: () => queuedBytes,
    append(records, time) {
      const first = nextCounter
      const { bytes, sizes } = encodeRecords(records, first, time)
      nextCounter += records.length
      queuedBytes += bytes.length
      const done = new Promise<void>((resolve, reject) => {
        queue.push({ bytes, sizes, time, resolve, reject })
      })
      if (!writing) {
        writing = true
        void inTurn(drain)
      }
      return { first, done }
    },
    onGrown(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    settled: () => inTurn(async () => {}),
    roll: () => inTurn(async () => (durableNext() === nextCounter ? rollNow() : undefined)),
    seal: () =>
      inTurn(async () => {
        await saveIndex(newest())
        await closeFile()
        grown()
      }),
    close: () => inTurn(closeFile),
  }
}
