/**
 * Writes one partition, exactly once: data aside and synced, then the entry that says which offsets it holds, then the
 * data is renamed into place (decision 5). Calls are taken one after the other.
 */
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { KafkaRecord, ReadBatch } from '../../clients/kafka/types.ts'
import { makeFolder, renameDurably, syncFolder, writeSynced } from './disk.ts'
import { addOffset, type Totals, writeEntry } from './entry.ts'
import { toLine } from './line.ts'
import { dataName, entryName, partitionPaths, writingFolder } from './paths.ts'
import { damaged } from './recover.ts'

export interface PartitionWriter {
  readonly partition: number
  /** The next offset to read. */
  next(): bigint
  /** The next offset the lake does not hold yet, whatever happens to this process. */
  settled(): bigint
  totals(): Totals
  notJson(): number
  /** Resolves when it is written, not yet in place: that bounds what is held in memory. */
  accept(batch: Pick<ReadBatch, 'records' | 'nextOffset'>): Promise<void>
  /** Puts what was written into place. */
  rotate(): Promise<void>
  /** Throws away what is not in place yet; it is read again later. */
  discard(): Promise<void>
}

export interface WriterOptions {
  readonly dir: string
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly next: bigint
  readonly totals: Totals
  readonly flushSize: number
  /** ms of the wall clock: files end on its multiples since 1970, as with the connector. */
  readonly rotateMs: number
  /** A file is in place. */
  readonly onFile: (next: bigint) => void
  /** A file could not be put into place when its time had come; the writer must not be used again. */
  readonly onFailure: (error: unknown) => void
}

/** Bytes gathered before they are written. */
const chunkBytes = 512 * 1024
const lineFeed = Buffer.from('\n')

interface Open {
  readonly handle: FileHandle
  readonly path: string
  readonly first: bigint
  readonly ranges: [bigint, bigint][]
  last: bigint
  records: number
  bytes: number
  /** Lines not handed to the disk yet. */
  waiting: Buffer[]
  waitingBytes: number
  readonly timer: NodeJS.Timeout
}

export function createPartitionWriter(options: WriterOptions): PartitionWriter {
  const { dir, topic, partition, flushSize, rotateMs } = options
  const paths = partitionPaths(dir, topic, partition)
  let next = options.next
  let settled = options.next
  let totals = options.totals
  let notJson = 0
  let file: Open | null = null
  let foldersMade = false
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }

  async function begin(first: bigint): Promise<Open> {
    if (!foldersMade) {
      for (const folder of [writingFolder(dir), paths.data, paths.entries]) await makeFolder(folder)
      foldersMade = true
    }
    const path = join(writingFolder(dir), dataName(topic, partition, first))
    const handle = await open(path, 'w')
    const wait = rotateMs - (Date.now() % rotateMs)
    const timer = setTimeout(() => inTurn(rotate).catch(options.onFailure), wait)
    return {
      handle,
      path,
      first,
      last: first,
      ranges: [],
      records: 0,
      bytes: 0,
      waiting: [],
      waitingBytes: 0,
      timer,
    }
  }

  async function spill(open: Open): Promise<void> {
    const bytes = Buffer.concat(open.waiting, open.waitingBytes)
    open.waiting = []
    open.waitingBytes = 0
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await open.handle.write(bytes, done, bytes.length - done)
      done += bytesWritten
    }
  }

  async function append(record: KafkaRecord): Promise<void> {
    file ??= await begin(record.offset)
    const line = toLine(record.value)
    if (line.notJson) notJson += 1
    file.waiting.push(line.bytes, lineFeed)
    file.waitingBytes += line.bytes.length + 1
    file.bytes += line.bytes.length + 1
    file.records += 1
    file.last = record.offset
    addOffset(file.ranges, record.offset)
    next = record.offset + 1n
    if (file.waitingBytes >= chunkBytes) await spill(file)
    if (file.records >= flushSize) await rotate()
  }

  async function rotate(): Promise<void> {
    if (file === null) return
    const open = file
    clearTimeout(open.timer)
    await spill(open)
    await open.handle.sync()
    await open.handle.close()
    const { first, last: lastOffset, records, bytes, ranges } = open
    const sums = { files: totals.files + 1, records: totals.records + records, bytes: totals.bytes + bytes }
    const entry = {
      topic,
      partition,
      topicId: options.topicId,
      first,
      last: lastOffset,
      next,
      records,
      bytes,
      ranges,
    }
    await writeSynced(join(paths.entries, entryName(first)), writeEntry({ ...entry, upTo: sums }))
    await syncFolder(paths.entries)
    const place = join(paths.data, dataName(topic, partition, first))
    if ((await stat(place).catch(() => null)) !== null) throw damaged(place)
    await renameDurably(open.path, place)
    file = null
    totals = sums
    settled = next
    options.onFile(next)
  }

  return {
    partition,
    next: () => next,
    settled: () => settled,
    totals: () => totals,
    notJson: () => notJson,
    accept: (batch) =>
      inTurn(async () => {
        for (const record of batch.records) await append(record)
        if (file) await spill(file)
        // Also behind what was passed over; with no line waiting, that is settled too.
        next = batch.nextOffset
        if (file === null) settled = next
      }),
    rotate: () => inTurn(rotate),
    discard: () =>
      inTurn(async () => {
        const open = file
        file = null
        if (open === null) return
        clearTimeout(open.timer)
        await open.handle.close().catch(() => {})
        await rm(open.path, { force: true }).catch(() => {})
      }),
  }
}
