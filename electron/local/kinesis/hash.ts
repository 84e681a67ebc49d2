/** Which shard a record belongs to: the MD5 of its partition key in a space of 2^128, cut into ranges. */
import { hash } from 'node:crypto'

/** One more than the greatest hash key. */
export const hashSpace = 1n << 128n

export function hashOfKey(partitionKey: string): bigint {
  return BigInt(`0x${hash('md5', partitionKey, 'hex')}`)
}

export interface HashRange {
  readonly start: bigint
  /** Inclusive, as in the API. */
  readonly end: bigint
}

/** `count` ranges of equal size, the last one up to the end of the space. */
export function uniformRanges(count: number): HashRange[] {
  const width = hashSpace / BigInt(count)
  return Array.from({ length: count }, (_, at) => ({
    start: width * BigInt(at),
    end: at === count - 1 ? hashSpace - 1n : width * BigInt(at + 1) - 1n,
  }))
}

/** The one of `ranges` (sorted by start, covering the space) that holds `key`. */
export function indexOfHash(ranges: readonly HashRange[], key: bigint): number {
  let low = 0
  let high = ranges.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((ranges[middle]?.start ?? 0n) <= key) low = middle
    else high = middle - 1
  }
  return low
}

/** `shardId-000000000042` */
export function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`
}

/** Null where it is no shard's id. */
export function shardIndex(id: string): number | null {
  const digits = /^shardId-(\d{12})$/.exec(id)?.[1]
  return digits === undefined ? null : Number(digits)
}
