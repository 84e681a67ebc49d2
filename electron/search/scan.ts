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

export interface StepPlace {
  readonly partition: number
  /** Where it goes on: forwards the next offset, backwards the one before which. */
  readonly offset: bigint
  /** Up to where (backwards: back to where) all was looked at; beyond `offset` only where more was found than there was room for. */
  readonly counted: bigint
}

/** A piece of work that was done: what was wanted in the order of the search, and where each partition stands now. */
export interface Step {
  readonly wanted: readonly KafkaRecord[]
  readonly scanned: number
  readonly bytes: number
  readonly passed: number
  readonly place: readonly StepPlace[]
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

const endless = () => Number.POSITIVE_INFINITY

/**
 * Oldest first, each partition in its own order, the partitions as they come. `room` says how many more are taken: a batch is
 * looked at no further than that.
 */
export async function* scanForward(options: ScanOptions, room = endless): AsyncGenerator<Step> {
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
    const most = room()
    let scanned = 0
    let bytes = 0
    for (const group of groupsOf(records)) {
      if (wanted.length === most) break
      const possible = mayBeIn === undefined || group.bytes === null || mayBeIn(group.bytes)
      for (const record of group.records) {
        if (wanted.length === most) break
        scanned += 1
        bytes += size(record)
        if (wants(record, possible)) wanted.push(record)
      }
    }
    const next = records[scanned]?.offset ?? nextOffset
    const passed = Number(next - (at.get(partition) ?? next))
    at.set(partition, next)
    yield { wanted, scanned, bytes, passed, place: [{ partition, offset: next, counted: next }] }
  }
}

/** Offsets of one step back in each partition; doubled with each, so that a rare message is not sought in small steps. */
const firstWindow = 1_000n
const widestWindow = 64_000n

/**
 * Newest first: step by step back through all partitions, each step merged by time, and a partition's own order never
 * changed. `room` says how many more are taken: no more than that of each partition and step are kept.
 */
export async function* scanBackward(options: ScanOptions, room: () => number): AsyncGenerator<Step> {
  const { ranges, signal } = options
  let open = ranges.filter(({ from, until }) => from < until)
  for (let width = firstWindow; open.length > 0 && !signal.aborted; width *= 2n) {
    const window = width > widestWindow ? widestWindow : width
    const pieces = open.map(({ partition, from, until }) => ({
      partition,
      from: until - window > from ? until - window : from,
      until,
    }))
    const most = room()
    const letGo = new Set<number>()
    const wanted = new Map<number, KafkaRecord[]>(pieces.map(({ partition }) => [partition, []]))
    let scanned = 0
    let bytes = 0
    for await (const step of scanForward({ ...options, ranges: pieces })) {
      for (const record of step.wanted) {
        const theirs = wanted.get(record.partition) ?? []
        theirs.push(record)
        if (theirs.length <= 2 * most) continue
        theirs.splice(0, theirs.length - most)
        letGo.add(record.partition)
      }
      scanned += step.scanned
      bytes += step.bytes
    }
    // What was read in part may lack its newest, so that it would not be newest first.
    if (signal.aborted) return
    const queues = [...wanted.values()].map((theirs) => theirs.toReversed())
    const taken = merge(queues, most, (a, b) => a.timestamp > b.timestamp)
    const goesOn = (partition: number, from: bigint, queue: readonly KafkaRecord[]) => {
      const left = queue[taken.filter((record) => record.partition === partition).length]
      if (left !== undefined) return left.offset + 1n
      return letGo.has(partition) ? (queue.at(-1)?.offset ?? from) : from
    }
    yield {
      wanted: taken,
      scanned,
      bytes,
      passed: pieces.reduce((sum, { from, until }) => sum + Number(until - from), 0),
      place: pieces.map(({ partition, from }, nth) => ({
        partition,
        offset: goesOn(partition, from, queues[nth] ?? []),
        counted: from,
      })),
    }
    open = open.flatMap(({ partition, from }, nth) => {
      const until = pieces[nth]?.from ?? from
      return from < until ? [{ partition, from, until }] : []
    })
  }
}
