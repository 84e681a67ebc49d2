/**
 * @platformatic/dynamic-buffer 0.3.1 folds the sign of a 64-bit number at bit 31, so that a batch whose times lie more than
 * 24.8 days (2^31 ms) apart is written with other times. Importing this file once in a thread ends that.
 */
import { Writer } from '@platformatic/kafka'

/** The sign goes into the lowest bit (Kafka's protocol: varlong). */
Writer.prototype.appendVarInt64 = function (this: Writer, value: bigint, append = true): Writer {
  return this.appendUnsignedVarInt64((value << 1n) ^ (value >> 63n), append)
}
