/** How a record lies in a segment file: length and CRC, then counter, arrival time, partition key and data. */
import { crc32 } from 'node:zlib'

/** A record as stored. `time`: arrival, ms since 1970. */
export interface StoredRecord {
  readonly counter: number
  readonly time: number
  readonly partitionKey: string
  readonly data: Buffer
}

/** Length (u32) and CRC-32 of the length's bytes and the body (u32). */
const headBytes = 8
/** Counter (u48), time (u48), length of the key (u16). */
const fixedBytes = 14
/** 10 MiB is the largest record AWS allows; the key adds at most 256 characters of 4 bytes. */
const maxBodyBytes = 32 * 1024 * 1024

export interface NewRecord {
  readonly partitionKey: string
  readonly data: Buffer
}

/** Encodes records that arrive together, counters from `first`; answers the bytes and each record's size in them. */
export function encodeRecords(
  records: readonly NewRecord[],
  first: number,
  time: number,
): { readonly bytes: Buffer; readonly sizes: readonly number[] } {
  const sizes = records.map(
    (record) => headBytes + fixedBytes + Buffer.byteLength(record.partitionKey) + record.data.length,
  )
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 0))
  let at = 0
  for (const [nth, record] of records.entries()) {
    const size = sizes[nth] ?? 0
    bytes.writeUInt32LE(size - headBytes, at)
    bytes.writeUIntLE(first + nth, at + headBytes, 6)
    bytes.writeUIntLE(time, at + headBytes + 6, 6)
    const keyBytes = bytes.write(record.partitionKey, at + headBytes + fixedBytes)
    bytes.writeUInt16LE(keyBytes, at + headBytes + 12)
    record.data.copy(bytes, at + headBytes + fixedBytes + keyBytes)
    bytes.writeUInt32LE(checksum(bytes, at, at + size), at + 4)
    at += size
  }
  return { bytes, sizes }
}

/** One record found in a buffer and the bytes it takes; `needs` where the buffer ends before it; `damaged` else. */
export type Parsed =
  | { readonly found: StoredRecord; readonly size: number }
  | { readonly needs: number }
  | { readonly damaged: true }

/** Reads the record at `at`; its data is a view into `buffer`. */
export function parseRecord(buffer: Buffer, at: number, end: number): Parsed {
  if (end - at < headBytes) return { needs: headBytes }
  const body = buffer.readUInt32LE(at)
  if (body < fixedBytes || body > maxBodyBytes) return { damaged: true }
  const size = headBytes + body
  if (end - at < size) return { needs: size }
  if (buffer.readUInt32LE(at + 4) !== checksum(buffer, at, at + size)) return { damaged: true }
  const keyStart = at + headBytes + fixedBytes
  const keyEnd = keyStart + buffer.readUInt16LE(at + headBytes + 12)
  if (keyEnd > at + size) return { damaged: true }
  const found = {
    counter: buffer.readUIntLE(at + headBytes, 6),
    time: buffer.readUIntLE(at + headBytes + 6, 6),
    partitionKey: buffer.toString('utf8', keyStart, keyEnd),
    data: buffer.subarray(keyEnd, at + size),
  }
  return { found, size }
}

function checksum(buffer: Buffer, at: number, end: number): number {
  return crc32(buffer.subarray(at + headBytes, end), crc32(buffer.subarray(at, at + 4)))
}
