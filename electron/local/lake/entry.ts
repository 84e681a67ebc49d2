/** What stands beside each file of the lake: which offset each of its lines is. */
import { z } from 'zod'

const offset = z.string().regex(/^\d+$/)
const runs = z.array(z.tuple([offset, offset]))

const entrySchema = z.object({
  version: z.literal(1),
  topic: z.string(),
  partition: z.int().min(0),
  /** Kafka's id of the topic; empty where the broker tells none. */
  topicId: z.string(),
  first: offset,
  last: offset,
  /** Where to go on: behind `last`, and behind what compaction or transactions left out after it. */
  next: offset,
  records: z.int().positive(),
  bytes: z.int().positive(),
  /** Runs of offsets without a gap, both ends included: line k is the k-th offset of them. */
  ranges: runs,
  /** All files of the partition up to and with this one. */
  upTo: z.object({ files: z.int().positive(), records: z.int().positive(), bytes: z.int().positive() }),
})

export interface Totals {
  readonly files: number
  readonly records: number
  readonly bytes: number
}

export interface Entry {
  readonly topic: string
  readonly partition: number
  readonly topicId: string
  readonly first: bigint
  readonly last: bigint
  readonly next: bigint
  readonly records: number
  readonly bytes: number
  readonly ranges: readonly (readonly [bigint, bigint])[]
  readonly upTo: Totals
}

export function writeEntry(entry: Entry): string {
  const { first, last, next, ranges, ...rest } = entry
  return `${JSON.stringify({
    version: 1,
    ...rest,
    first: String(first),
    last: String(last),
    next: String(next),
    ranges: ranges.map(([from, to]) => [String(from), String(to)]),
  })}\n`
}

/** Null where the text is torn or its numbers contradict each other. */
export function readEntry(text: string): Entry | null {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = entrySchema.safeParse(raw)
  if (!parsed.success) return null
  const { version: _, first, last, next, ranges, ...rest } = parsed.data
  const entry: Entry = {
    ...rest,
    first: BigInt(first),
    last: BigInt(last),
    next: BigInt(next),
    ranges: ranges.map(([from, to]) => [BigInt(from), BigInt(to)]),
  }
  return isSound(entry) ? entry : null
}

function isSound({ first, last, next, records, ranges }: Entry): boolean {
  let count = 0n
  let before = -1n
  for (const [from, to] of ranges) {
    if (from <= before || to < from) return false
    count += to - from + 1n
    before = to
  }
  return ranges[0]?.[0] === first && before === last && next > last && count === BigInt(records)
}

/** Adds an offset to the runs, which are in order. */
export function addOffset(ranges: [bigint, bigint][], added: bigint): void {
  const run = ranges.at(-1)
  if (run && run[1] + 1n === added) run[1] = added
  else ranges.push([added, added])
}
