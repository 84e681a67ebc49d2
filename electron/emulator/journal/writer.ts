/** Appends to a run's journal. Synchronous on purpose: it runs in the worker, and an intention must be on file first. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import type { SinkId } from '../../../shared/emulation.ts'
import type { Kind } from '../../../shared/names.ts'
import type { AckPosition, Outgoing } from '../types.ts'
import { checksumBytes, frame, keyBytes, kindNumber, sinkNumber, version, writeSequence } from './format.ts'

export interface JournalWriter {
  /** On file when this returns. */
  sent(sink: SinkId, kind: Kind, records: readonly Outgoing[]): void
  /** Certainly did not arrive. */
  failed(sink: SinkId, kind: Kind, records: readonly Outgoing[]): void
  /** Nobody answered: they may have arrived, and are not sent again. */
  unsure(sink: SinkId, kind: Kind, records: readonly Outgoing[]): void
  /** Acknowledged; records and positions in the same order. */
  acknowledged(
    sink: SinkId,
    kind: Kind,
    records: readonly Outgoing[],
    positions: readonly (AckPosition | null)[],
  ): void
  /** Writes what is held back; call at least once a second. */
  flush(): void
  close(): void
}

/** Held back at most, bytes. */
const mostHeld = 64 * 1_024

export function createJournalWriter(path: string): JournalWriter {
  const file = openSync(path, 'a', 0o600)
  const places = new Map<string, number>()
  let held: Buffer[] = []
  let heldBytes = 0

  const hold = (bytes: Buffer) => {
    held.push(bytes)
    heldBytes += bytes.length
    if (heldBytes >= mostHeld) flush()
  }
  const flush = () => {
    if (heldBytes === 0) return
    const bytes = held.length === 1 ? held[0] : undefined
    writeAll(file, bytes ?? Buffer.concat(held))
    held = []
    heldBytes = 0
  }

  const plain = (type: number, sink: SinkId, kind: Kind, records: readonly Outgoing[]) => {
    const bytes = Buffer.allocUnsafe(5 + records.length * checksumBytes)
    bytes.writeUInt8(type, 0)
    bytes.writeUInt8(sinkNumber(sink), 1)
    bytes.writeUInt8(kindNumber(kind), 2)
    bytes.writeUInt16BE(records.length, 3)
    records.forEach((record, i) => {
      bytes.writeUInt32BE(record.checksum, 5 + i * checksumBytes)
    })
    hold(bytes)
  }

  const placeOf = (position: Placed): number => {
    const where = position.to === 'kafka' ? position.topic : position.stream
    const part = position.to === 'kafka' ? String(position.partition) : position.shard
    const key = `${position.to}\0${where}\0${part}`
    const known = places.get(key)
    if (known !== undefined) return known
    places.set(key, places.size)
    hold(placeFrame(places.size - 1, position))
    return places.size - 1
  }

  hold(Buffer.from([frame.head, version]))

  return {
    sent: (sink, kind, records) => {
      plain(frame.sent, sink, kind, records)
      flush()
    },
    failed: (sink, kind, records) => plain(frame.failed, sink, kind, records),
    unsure: (sink, kind, records) => plain(frame.unsure, sink, kind, records),
    acknowledged: (sink, kind, records, positions) => {
      const groups = new Map<number, { position: Placed; checksum: number }[]>()
      const kept: Outgoing[] = []
      records.forEach((record, i) => {
        const position = positions[i]
        if (!position || position.to === 'file') {
          kept.push(record)
          return
        }
        const place = placeOf(position)
        const group = groups.get(place)
        if (group) group.push({ position, checksum: record.checksum })
        else groups.set(place, [{ position, checksum: record.checksum }])
      })
      if (kept.length > 0) plain(frame.kept, sink, kind, kept)
      for (const [place, group] of groups) hold(positionsFrame(sink, kind, place, group))
    },
    flush,
    close: () => {
      flush()
      fsyncSync(file)
      closeSync(file)
    },
  }
}

type Placed = Exclude<AckPosition, { readonly to: 'file' }>

function placeFrame(place: number, position: Placed): Buffer {
  const name = Buffer.from(position.to === 'kafka' ? position.topic : position.stream)
  const shard = Buffer.from(position.to === 'kafka' ? '' : position.shard)
  const head = Buffer.alloc(9)
  head.writeUInt8(frame.place, 0)
  head.writeUInt16BE(place, 1)
  head.writeUInt8(position.to === 'kafka' ? 0 : 1, 3)
  head.writeUInt32BE(position.to === 'kafka' ? position.partition : 0, 4)
  head.writeUInt8(name.length, 8)
  return Buffer.concat([head, name, Buffer.from([shard.length]), shard])
}

function positionsFrame(
  sink: SinkId,
  kind: Kind,
  place: number,
  group: readonly { readonly position: Placed; readonly checksum: number }[],
): Buffer {
  const to = group[0]?.position.to ?? 'kafka'
  const width = keyBytes[to] + checksumBytes
  const bytes = Buffer.allocUnsafe(7 + group.length * width)
  bytes.writeUInt8(to === 'kafka' ? frame.offset : frame.number, 0)
  bytes.writeUInt8(sinkNumber(sink), 1)
  bytes.writeUInt8(kindNumber(kind), 2)
  bytes.writeUInt16BE(place, 3)
  bytes.writeUInt16BE(group.length, 5)
  group.forEach(({ position, checksum }, i) => {
    const at = 7 + i * width
    if (position.to === 'kafka') bytes.writeBigUInt64BE(position.offset, at)
    else writeSequence(bytes, at, position.sequence)
    bytes.writeUInt32BE(checksum, at + keyBytes[to])
  })
  return bytes
}

function writeAll(file: number, bytes: Buffer): void {
  let done = 0
  while (done < bytes.length) done += writeSync(file, bytes, done)
}
