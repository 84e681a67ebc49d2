/** Reads a journal frame by frame, in constant memory. A torn last frame, as after `kill -9`, is left out. */
import { createReadStream } from 'node:fs'
import { type SinkId, sinkIds } from '../../../shared/emulation.ts'
import { AppError } from '../../../shared/errors.ts'
import { type Kind, kinds } from '../../../shared/names.ts'
import { checksumBytes, frame, keyBytes, version } from './format.ts'

/** A topic's partition or a stream's shard, by the number the journal gives it. */
export interface Place {
  readonly id: number
  readonly to: 'kafka' | 'kinesis'
  /** Topic or stream. */
  readonly name: string
  readonly partition: number
  readonly shard: string
}

/** What a frame says of records without a position. */
export type Fate = 'sent' | 'failed' | 'kept' | 'unsure'

const fates: Readonly<Record<number, Fate>> = {
  [frame.sent]: 'sent',
  [frame.failed]: 'failed',
  [frame.kept]: 'kept',
  [frame.unsure]: 'unsure',
}

export interface JournalVisitor {
  /** A run begins, or goes on after it was interrupted: places are numbered anew. */
  begin?(): void
  place(place: Place): void
  /** `sent`: went out; `failed`: certainly did not arrive; `kept`: taken, without a place; `unsure`: no answer. */
  records(what: Fate, sink: SinkId, kind: Kind, checksums: readonly number[]): void
  /** `key` is the offset or sequence number, big-endian, only valid during the call. */
  position(sink: SinkId, kind: Kind, place: number, key: Buffer, checksum: number): void
}

/** Answers the bytes of whole frames. Throws AppError JOURNAL_UNREADABLE where it is not one of ours. */
export async function readJournal(
  path: string,
  visitor: JournalVisitor,
  signal: AbortSignal,
): Promise<number> {
  let whole = 0
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 1_048_576 })) {
    const bytes: Buffer = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer])
    let at = 0
    for (;;) {
      const used = readFrame(bytes, at, visitor, path)
      if (used === 0) break
      at += used
    }
    whole += at
    rest = bytes.subarray(at)
  }
  return whole
}

/** Answers the frame's length, 0 where it is not complete. */
function readFrame(bytes: Buffer, at: number, visitor: JournalVisitor, path: string): number {
  const left = bytes.length - at
  if (left < 2) return 0
  const type = bytes.readUInt8(at)
  if (type === frame.head) {
    if (bytes.readUInt8(at + 1) !== version) throw strange(path)
    visitor.begin?.()
    return 2
  }
  if (type === frame.place) return readPlace(bytes, at, visitor)
  const fate = fates[type]
  if (fate !== undefined) return readRecords(bytes, at, fate, visitor)
  if (type === frame.offset || type === frame.number) return readPositions(bytes, at, type, visitor)
  throw strange(path)
}

function readPlace(bytes: Buffer, at: number, visitor: JournalVisitor): number {
  const left = bytes.length - at
  if (left < 10) return 0
  const nameLength = bytes.readUInt8(at + 8)
  if (left < 10 + nameLength) return 0
  const shardLength = bytes.readUInt8(at + 9 + nameLength)
  const length = 10 + nameLength + shardLength
  if (left < length) return 0
  visitor.place({
    id: bytes.readUInt16BE(at + 1),
    to: bytes.readUInt8(at + 3) === 0 ? 'kafka' : 'kinesis',
    partition: bytes.readUInt32BE(at + 4),
    name: bytes.toString('utf8', at + 9, at + 9 + nameLength),
    shard: bytes.toString('utf8', at + 10 + nameLength, at + length),
  })
  return length
}

function readRecords(bytes: Buffer, at: number, fate: Fate, visitor: JournalVisitor): number {
  const left = bytes.length - at
  if (left < 5) return 0
  const count = bytes.readUInt16BE(at + 3)
  const length = 5 + count * checksumBytes
  if (left < length) return 0
  const checksums = Array.from({ length: count }, (_, i) => bytes.readUInt32BE(at + 5 + i * checksumBytes))
  visitor.records(fate, sinkAt(bytes, at + 1), kindAt(bytes, at + 2), checksums)
  return length
}

function readPositions(bytes: Buffer, at: number, type: number, visitor: JournalVisitor): number {
  const left = bytes.length - at
  if (left < 7) return 0
  const width = type === frame.offset ? keyBytes.kafka : keyBytes.kinesis
  const count = bytes.readUInt16BE(at + 5)
  const length = 7 + count * (width + checksumBytes)
  if (left < length) return 0
  const sink = sinkAt(bytes, at + 1)
  const kind = kindAt(bytes, at + 2)
  const place = bytes.readUInt16BE(at + 3)
  for (let i = 0; i < count; i++) {
    const start = at + 7 + i * (width + checksumBytes)
    visitor.position(
      sink,
      kind,
      place,
      bytes.subarray(start, start + width),
      bytes.readUInt32BE(start + width),
    )
  }
  return length
}

const sinkAt = (bytes: Buffer, at: number): SinkId => sinkIds[bytes.readUInt8(at)] ?? 'file'
const kindAt = (bytes: Buffer, at: number): Kind => kinds[bytes.readUInt8(at)] ?? 'pin'

function strange(path: string): AppError {
  return new AppError({
    code: 'JOURNAL_UNREADABLE',
    message: `The run's journal cannot be read: ${path}`,
    hint: 'It is damaged, or a newer version of this app wrote it. The run itself is not affected.',
  })
}
