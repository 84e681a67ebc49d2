/** Sequence numbers: 56 decimal digits as AWS's, made of the shard's birth, a counter and the shard's index. */

/** What of a shard goes into its numbers. `bornSecs`: seconds since 1970, later for a child than for its parents. */
export interface ShardBirth {
  readonly index: number
  readonly bornSecs: number
}

/*
 * 186 bits as on AWS, from the top: version 2 (4) · birth (36) · counter (64) · zeros (48) · shard index (32) · 2 (4).
 * The counter alone orders the records of a shard, so a clock that goes back changes nothing; the birth before it puts
 * every child's numbers above its parents'.
 */
const version = 2n
const counterShift = 84n
const bornShift = 148n
const versionShift = 184n
const mask = (bits: bigint) => (1n << bits) - 1n

/** Counters are stored in 48 bits: 890 years at 10,000 records a second. */
const maxCounter = 2 ** 48 - 1

export function sequenceNumber(shard: ShardBirth, counter: number): string {
  const value =
    (version << versionShift) |
    (BigInt(shard.bornSecs) << bornShift) |
    (BigInt(counter) << counterShift) |
    (BigInt(shard.index) << 4n) |
    version
  return value.toString()
}

/** A function for many numbers of one shard: the fixed part is computed once. */
export function sequenceNumbersOf(shard: ShardBirth): (counter: number) => string {
  const fixed = BigInt(sequenceNumber(shard, 0))
  return (counter) => (fixed + (BigInt(counter) << counterShift)).toString()
}

/** Null where it is no number of ours. */
export function parseSequenceNumber(text: string): (ShardBirth & { readonly counter: number }) | null {
  if (!/^\d{1,57}$/.test(text)) return null
  const value = BigInt(text)
  const counter = (value >> counterShift) & mask(64n)
  const zeros = (value >> 36n) & mask(48n)
  if (value >> versionShift !== version || (value & 15n) !== version || zeros !== 0n) return null
  if (counter > BigInt(maxCounter)) return null
  return {
    bornSecs: Number((value >> bornShift) & mask(36n)),
    counter: Number(counter),
    index: Number((value >> 4n) & mask(32n)),
  }
}
