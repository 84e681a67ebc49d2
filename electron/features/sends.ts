/** Records in pieces that a broker takes as one batch each. */
import type { OutRecord } from '../clients/kafka/types.ts'

/** Below the broker's own default for a batch (`message.max.bytes`, 1,048,588), with room for what the batch adds. */
const mostBytes = 900_000
/** What a record adds to its key, value and headers, at most. */
const overhead = 64

const sizeOf = ({ key, value, headers = [] }: OutRecord) =>
  headers.reduce(
    (sum, header) => sum + header.name.length * 3 + (header.value?.length ?? 0) + 10,
    (key?.length ?? 0) + (value?.length ?? 0) + overhead,
  )

/** In their order; a larger record stands alone. */
export function sendsOf<R extends OutRecord>(records: readonly R[]): R[][] {
  const sends: R[][] = []
  let room = 0
  for (const record of records) {
    const size = sizeOf(record)
    const last = sends.at(-1)
    if (last !== undefined && size <= room) last.push(record)
    else {
      sends.push([record])
      room = mostBytes
    }
    room -= size
  }
  return sends
}
