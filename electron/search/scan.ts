/** Reads the ranges of a search from either end, and hands on what is wanted; no consumer group is made (decision 13). */
import { merge } from '../clients/kafka/browse.ts'
import type { KafkaClient, KafkaRecord } from '../clients/kafka/types.ts'
import { groupsOf } from './groups.ts'

export interface Range {
  readonly partition: number
  readonly from: bigint
  /** The first offset that is not looked at any more. */
  readonly until: bigint
}

/** A piece of work that was done: what was wanted in the order of the search, and where each partition stands now. */
export interface Step {
  readonly wanted: readonly KafkaRecord[]
  readonly scanned: number
  readonly bytes: number
  readonly passed: number
  readonly place: readonly { readonly partition: number; readonly offset: bigint }[]
}

export interface ScanOptions {
  readonly kafka: Pick<KafkaClient, 'read'>
  readonly topic: string
  readonly ranges: readonly Range[]
  /** `possible` is false where the bytes of it and of its neighbours were looked at and hold nothing that is wanted. */
  readonly wants: (record: KafkaRecord, possible: boolean) => boolean
  /** Whether the look at each of the records within these bytes is needed; always, where it is left out. */
  readonly mayBeIn?: (bytes: Buffer) => boolean
  readonly signal: AbortSignal
}

const size = ({ key, value }: KafkaRecord) => (key?.length ?? 0) + (value?.length ?? 0)

/** Oldest first, each partition in its own order, the partitions as they come. */
export async function* scanForward(options: ScanOptions): AsyncGenerator<Step> {
  const { kafka, topic, ranges, wants, mayBeIn, signal } = options
  const open = ranges.filter(({ from, until }) => from < until)
  const at = new Map(open.map(({ partition, from }) => [partition, from]))
  const batches = kafka.read({
    topic,
    from: open.map(({ partition, from }) => ({ partition, offset: from })),
    until: open.map(({ partition, until }) => ({ partition, offset: until })),
    signal,
  })
  for await (const { partition, records, nextOffset } of batches) {
    const wanted: KafkaRecord[] = []
    let bytes = 0
    for (const group of groupsOf(records)) {
      const possible = mayBeIn === undefined || group.bytes === null || mayBeIn(group.bytes)
      for (const record of group.records) {
        bytes += size(record)
        if (wants(record, possible)) wanted.push(record)
      }
    }
    const passed = Number(nextOffset - (at.get(partition) ?? nextOffset))
    at.set(partition, nextOffset)
    yield {
      wanted,
      scanned: records.length,
      bytes,
      passed,
      place: [{ partition, offset: nextOffset }],
    }
  }
}

/** Offsets of one step back in each partition; doubled with each, so that a rare message is not sought in small steps. */
const firstWindow = 1_000n
const widestWindow = 64_000n

/**
 * Newest first: step by step back through all partitions, each step merged by time, and a partition's own order never
 * changed. At most `most` records of each partition and step are kept.
 */
export async function* scanBackward(options: ScanOptions, most: number): AsyncGenerator<Step> {
  const { ranges, signal } = options
  let open = ranges.filter(({ from, until }) => from < until)
  for (let width = firstWindow; open.length > 0 && !signal.aborted; width *= 2n) {
    const window = width > widestWindow ? widestWindow : width
    const pieces = open.map(({ partition, from, until }) => ({
      partition,
      from: until - window > from ? until - window : from,
      until,
    }))
    const wanted = new Map<number, KafkaRecord[]>(pieces.map(({ partition }) => [partition, []]))
    let scanned = 0
    let bytes = 0
    for await (const step of scanForward({ ...options, ranges: pieces })) {
      for (const record of step.wanted) {
        const theirs = wanted.get(record.partition) ?? []
        theirs.push(record)
        if (theirs.length > 2 * most) theirs.splice(0, theirs.length - most)
      }
      scanned += step.scanned
      bytes += step.bytes
    }
    // What was read in part may lack its newest, so that it would not be newest first.
    if (signal.aborted) return
    const queues = [...wanted.values()].map((theirs) => theirs.toReversed())
    yield {
      wanted: merge(queues, most, (a, b) => a.timestamp > b.timestamp),
      scanned,
      bytes,
      passed: pieces.reduce((sum, { from, until }) => sum + Number(until - from), 0),
      place: pieces.map(({ partition, from }) => ({ partition, offset: from })),
    }
    open = open.flatMap(({ partition, from }, nth) => {
      const until = pieces[nth]?.from ?? from
      return from < until ? [{ partition, from, until }] : []
    })
  }
}
