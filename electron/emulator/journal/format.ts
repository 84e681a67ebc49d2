/**
 * The journal of a run: what was sent and where each acknowledged record is, as an append-only file of small binary
 * frames. A frame is written before its request goes out, so `kill -9` at any instant loses no intention; an
 * acknowledgement is written within a second. A torn last frame is left out when it is read. A run that goes on after
 * it was interrupted begins with a head of its own: the places are numbered anew from there (`lanes.ts`).
 *
 * | Frame  | Bytes                                                                              |
 * |--------|------------------------------------------------------------------------------------|
 * | head   | 1, version                                                                         |
 * | place  | 2, place u16, destination u8, partition u32, name length u8, name, shard length u8, shard |
 * | sent   | 3, sink u8, kind u8, count u16, count × checksum u32                               |
 * | failed | 4, as sent: records that certainly did not arrive                                  |
 * | offset | 5, sink u8, kind u8, place u16, count u16, count × (offset u64, checksum u32)      |
 * | number | 6, as offset with a sequence number of 24 bytes                                    |
 * | kept   | 7, as sent: acknowledged without a place (acks=none, file)                         |
 * | unsure | 8, as sent: nobody answered, and it is not sent again                              |
 *
 * All numbers are big-endian, so that positions compare as bytes.
 */
import { crc32 } from 'node:zlib'
import { sinkIds } from '../../../shared/emulation.ts'
import { kinds } from '../../../shared/names.ts'

export const version = 1
export const frame = {
  head: 1,
  place: 2,
  sent: 3,
  failed: 4,
  offset: 5,
  number: 6,
  kept: 7,
  unsure: 8,
} as const
/** Bytes of a Kafka offset and of a Kinesis sequence number (AWS: up to 2^186). */
export const keyBytes = { kafka: 8, kinesis: 24 } as const
export const checksumBytes = 4
/** Most records of one frame. */
export const mostRecords = 65_535

export const sinkNumber = (sink: (typeof sinkIds)[number]) => sinkIds.indexOf(sink)
export const kindNumber = (kind: (typeof kinds)[number]) => kinds.indexOf(kind)

/** What content is compared by: at a known place, one wrong record in 2^32 would pass. */
export function checksum(content: string | Uint8Array): number {
  return crc32(content)
}

/** Writes a sequence number of up to 192 bits. */
export function writeSequence(target: Buffer, at: number, sequence: bigint): void {
  target.writeBigUInt64BE(sequence >> 128n, at)
  target.writeBigUInt64BE((sequence >> 64n) & 0xffff_ffff_ffff_ffffn, at + 8)
  target.writeBigUInt64BE(sequence & 0xffff_ffff_ffff_ffffn, at + 16)
}

export function readSequence(source: Buffer, at: number): bigint {
  return (
    (source.readBigUInt64BE(at) << 128n) |
    (source.readBigUInt64BE(at + 8) << 64n) |
    source.readBigUInt64BE(at + 16)
  )
}
