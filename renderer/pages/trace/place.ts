/** The place in an address of the trace page: a record of a topic, or one of a stream. */
import type { RecordPlace } from '../../../shared/contract/trace.ts'

export interface TracedPlace {
  readonly topic?: string
  readonly partition?: number
  readonly offset?: string
  readonly stream?: string
  readonly shard?: string
  readonly sequence?: string
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
const digits = (value: unknown): string | undefined => {
  const found = text(value)
  return found !== undefined && /^\d+$/.test(found) ? found : undefined
}

/** Anything that is no whole place is none. */
export function tracedPlace(search: Record<string, unknown>): TracedPlace {
  const { topic, stream, shard } = search
  const [partition, offset, sequence] = [search.partition, search.offset, search.sequence].map(digits)
  if (typeof topic === 'string' && partition !== undefined && offset !== undefined)
    return { topic, partition: Number(partition), offset }
  if (typeof stream === 'string' && typeof shard === 'string' && sequence !== undefined)
    return { stream, shard, sequence }
  return {}
}

/** As the contract takes it; null for none. */
export function placeOf({
  topic,
  partition,
  offset,
  stream,
  shard,
  sequence,
}: TracedPlace): RecordPlace | null {
  if (topic !== undefined && partition !== undefined && offset !== undefined)
    return { in: 'topic', topic, partition, offset }
  if (stream !== undefined && shard !== undefined && sequence !== undefined)
    return { in: 'stream', stream, shard, sequence }
  return null
}
