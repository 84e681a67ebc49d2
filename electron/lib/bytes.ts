/** Bytes as they cross the contract: text where they are valid UTF-8, else base64, cut at a limit. */
import { isUtf8 } from 'node:buffer'
import type { Bytes } from '../../shared/contract/base.ts'

/** What a list or a tail shows of one value; a whole one is asked for by itself. 64 KiB opens without a pause. */
export const shownBytes = 64 * 1024

/** At most `limit` bytes of it; a character is never cut in two. */
export function bytesOf(value: Buffer, limit: number = Number.POSITIVE_INFINITY): Bytes {
  const truncated = value.length > limit
  const kept = truncated ? value.subarray(0, endOfCharacter(value, limit)) : value
  const text = isUtf8(kept)
  return {
    encoding: text ? 'utf8' : 'base64',
    data: kept.toString(text ? 'utf8' : 'base64'),
    size: value.length,
    truncated,
  }
}

/** The last place at or before `end` where a UTF-8 character begins; `end` where the bytes are no UTF-8. */
function endOfCharacter(value: Buffer, end: number): number {
  for (let back = 0; back < 4 && end - back >= 0; back += 1) {
    // A continuation byte is 10xxxxxx.
    if (((value[end - back] ?? 0) & 0xc0) !== 0x80) return end - back
  }
  return end
}
