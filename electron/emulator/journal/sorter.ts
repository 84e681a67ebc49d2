/** Sorts acknowledged positions by place and key without holding them all: chunks are sorted, kept aside and merged. */
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checksumBytes, keyBytes } from './format.ts'
import { mergeSorted } from './merge.ts'

/** An acknowledged record's position; equal keys follow each other. */
export interface Acked {
  readonly place: number
  /** Offset or sequence number. */
  readonly key: bigint
  readonly checksum: number
}

export interface Sorter {
  /** `key` of 8 or 24 bytes, big-endian. */
  add(place: number, key: Buffer, checksum: number): void
  /** Everything that was added, ascending by place, then key; may be read more than once. */
  sorted(): AsyncGenerator<Acked>
  /** Removes what was kept aside. */
  close(): Promise<void>
}

const placeBytes = 2
const fullKey = keyBytes.kinesis
/** Every entry is as wide as the widest: place, key, checksum. */
const width = placeBytes + fullKey + checksumBytes
const keyEnd = placeBytes + fullKey

/** `folder` is ours alone; `chunk` is the number of entries in memory (30 bytes each). */
export function createSorter(folder: string, chunk = 524_288): Sorter {
  let bytes = Buffer.alloc(0)
  let count = 0
  const files: string[] = []

  const grow = () => {
    const larger = Buffer.alloc(Math.min(chunk, Math.max(1_024, (bytes.length / width) * 2)) * width)
    bytes.copy(larger)
    bytes = larger
  }
  /** Synchronous, since the next entry follows at once; this runs in a worker. */
  const spill = () => {
    mkdirSync(folder, { recursive: true })
    const path = join(folder, `chunk-${files.length}`)
    writeFileSync(path, sortChunk(bytes.subarray(0, count * width)))
    files.push(path)
    count = 0
  }

  return {
    add: (place, key, checksum) => {
      if (count * width === bytes.length) grow()
      const at = count * width
      bytes.writeUInt16BE(place, at)
      bytes.fill(0, at + placeBytes, at + keyEnd - key.length)
      key.copy(bytes, at + keyEnd - key.length)
      bytes.writeUInt32BE(checksum, at + keyEnd)
      count += 1
      if (count === chunk) spill()
    },
    sorted: async function* () {
      const inMemory = sortChunk(bytes.subarray(0, count * width))
      const chunks = [...files.map((path) => fileEntries(path)), memoryEntries(inMemory)]
      for await (const entry of mergeSorted(chunks, compareEntries)) yield toAcked(entry)
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

const compareEntries = (a: Buffer, b: Buffer) => a.compare(b, 0, keyEnd, 0, keyEnd)

function toAcked(entry: Buffer): Acked {
  const low = entry.readBigUInt64BE(placeBytes + 16)
  const middle = entry.readBigUInt64BE(placeBytes + 8)
  const high = entry.readBigUInt64BE(placeBytes)
  const key = high === 0n && middle === 0n ? low : (high << 128n) | (middle << 64n) | low
  return { place: entry.readUInt16BE(0), key, checksum: entry.readUInt32BE(keyEnd) }
}

/** Sorted copy; the order of arrival is mostly the right one already within each place. */
function sortChunk(bytes: Buffer): Buffer {
  const order = Array.from({ length: bytes.length / width }, (_, i) => i)
  order.sort((a, b) => bytes.compare(bytes, b * width, b * width + keyEnd, a * width, a * width + keyEnd))
  const result = Buffer.allocUnsafe(bytes.length)
  order.forEach((from, to) => {
    bytes.copy(result, to * width, from * width, from * width + width)
  })
  return result
}

async function* memoryEntries(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += width) yield bytes.subarray(at, at + width)
}

async function* fileEntries(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path)) {
    const bytes: Buffer = Buffer.concat([rest, chunk as Buffer])
    const whole = bytes.length - (bytes.length % width)
    for (let at = 0; at < whole; at += width) yield bytes.subarray(at, at + width)
    rest = bytes.subarray(whole)
  }
}
