/**
 * @platformatic/dynamic-buffer 0.3.1 folds the sign of a 64-bit number at bit 31, and ends it where bits 7 to 31 of what is
 * left are zero: a batch whose times lie more than 24.8 days (2^31 ms) apart is written with other times. Importing this
 * file once in a thread ends that.
 */
import { Writer } from '@platformatic/kafka'

const small = 2n ** 30n

/** Kafka's varlong: the sign in the lowest bit, then seven bits a byte, the lowest first. */
Writer.prototype.appendVarInt64 = function (this: Writer, value: bigint): Writer {
  // The same bytes, and nearly every difference is that small.
  if (value < small && value > -small) return this.appendVarInt(Number(value))
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  const bytes: number[] = []
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  bytes.push(Number(rest))
  return this.append(Buffer.from(bytes))
}
