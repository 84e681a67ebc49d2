/** Neighbouring records of one fetch and the bytes they lie in, so that a filter may look at many of them at once. */
import type { KafkaRecord } from '../clients/kafka/types.ts'

export interface Group {
  readonly records: readonly KafkaRecord[]
  /** Holds the key and the value of each of them; null where they do not lie one behind the other. */
  readonly bytes: Buffer | null
}

/** Most records of a group: so many are looked at one by one where only one of them is wanted. */
const mostRecords = 256
/** And about so many bytes: larger ones would not stay in the processor's cache. */
const mostBytes = 128 * 1_024

/** All records in their order; those with headers, whose bytes are not known in full, without bytes. */
export function* groupsOf(records: readonly KafkaRecord[]): Generator<Group> {
  for (let from = 0; from < records.length; ) {
    const group = groupAt(records, from)
    yield group
    from += group.records.length
  }
}

function groupAt(records: readonly KafkaRecord[], from: number): Group {
  let memory: ArrayBufferLike | null = null
  let begin = 0
  let end = 0
  let to = from
  for (; to < records.length && to - from < mostRecords && end - begin < mostBytes; to += 1) {
    const record = records[to] as KafkaRecord
    if (record.headers.length > 0) break
    const first = record.key ?? record.value
    const last = record.value ?? record.key
    if (first === null || last === null) continue
    if (memory === null) {
      memory = first.buffer
      begin = first.byteOffset
      end = begin
    }
    // Packed batches lie each in memory of its own.
    if (first.buffer !== memory || last.buffer !== memory) break
    if (first.byteOffset < end || last.byteOffset < first.byteOffset) break
    end = last.byteOffset + last.length
  }
  if (to === from) return { records: records.slice(from, from + 1), bytes: null }
  return {
    records: records.slice(from, to),
    bytes: memory === null ? null : Buffer.from(memory, begin, end - begin),
  }
}
