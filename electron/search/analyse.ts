/** Sums a topic up while it is read: bounded memory whatever its length, and told as it goes. */
import { isUtf8 } from 'node:buffer'
import type { Analysis, AnalysisInput } from '../../shared/contract/analysis.ts'
import { toErrorDetail } from '../../shared/errors.ts'
import type { KafkaClient, KafkaRecord } from '../clients/kafka/types.ts'
import { fieldCounter } from './fields.ts'
import { timeCounter } from './histogram.ts'
import { matcher } from './matcher.ts'
import { rangesOf } from './ranges.ts'
import { type Range, scanForward } from './scan.ts'
import { sizes } from './sizes.ts'
import { tally } from './tally.ts'

const tellEveryMs = 300
const keptKeys = 10_000
const keptHeaders = 200
const shownKeys = 20

type Input = Omit<AnalysisInput, 'pipeline'>

/** The last summary says why it ended. */
export async function* analyse(
  kafka: KafkaClient,
  input: Input,
  signal: AbortSignal,
): AsyncGenerator<Analysis, void, void> {
  const began = Date.now()
  const counter = summary()
  const count = { scanned: 0, total: 0, passed: 0 }
  let told = 0
  const now = (done: Analysis['done'], problem: Analysis['problem'] = null): Analysis => {
    told = Date.now()
    return { ...count, ...counter.read(), elapsedMs: Date.now() - began, done, problem }
  }
  const late = AbortSignal.timeout(input.timeLimitMs)
  try {
    const ranges = newest(await rangesOf(kafka, input), input.most)
    count.total = ranges.reduce((sum, { from, until }) => sum + Number(until - from), 0)
    const matches = matcher(input.filter, { from: input.fromTime, to: input.toTime })
    const { mayBeIn } = matches
    const wants = (record: KafkaRecord, possible: boolean) => {
      if (possible && matches.inTime(record) && matches.wants(record)) counter.add(record)
      return false
    }
    const both = AbortSignal.any([signal, late])
    for await (const step of scanForward({
      kafka,
      topic: input.topic,
      ranges,
      wants,
      mayBeIn,
      signal: both,
    })) {
      count.scanned += step.scanned
      count.passed += step.passed
      if (Date.now() - told >= tellEveryMs) yield now(null)
    }
    if (!signal.aborted) yield now(late.aborted ? 'time' : 'end')
  } catch (thrown) {
    yield now('failed', toErrorDetail(thrown))
  }
}

/** The last `most` offsets, evenly over the partitions. */
function newest(ranges: readonly Range[], most: number): Range[] {
  const each = BigInt(Math.max(1, Math.floor(most / Math.max(1, ranges.length))))
  return ranges.map(({ partition, from, until }) => ({
    partition,
    from: until - each > from ? until - each : from,
    until,
  }))
}

function summary() {
  const keySizes = sizes()
  const valueSizes = sizes()
  const keys = tally(keptKeys)
  const headers = tally(keptHeaders)
  const fields = fieldCounter()
  const times = timeCounter()
  const values = { json: 0, text: 0, binary: 0, tombstones: 0 }
  const partitions = new Map<number, { messages: number; bytes: number }>()
  let messages = 0
  let bytes = 0
  let without = 0

  const lookInto = (value: Buffer | null) => {
    if (value === null) {
      values.tombstones += 1
      return
    }
    valueSizes.add(value.length)
    if (!isUtf8(value)) {
      values.binary += 1
      return
    }
    try {
      const parsed: unknown = JSON.parse(value.toString('utf8'))
      values.json += 1
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) fields.add(parsed)
    } catch {
      values.text += 1
    }
  }

  return {
    add({ key, value, partition, timestamp, headers: named }: KafkaRecord) {
      const size = (key?.length ?? 0) + (value?.length ?? 0)
      messages += 1
      bytes += size
      const theirs = partitions.get(partition) ?? { messages: 0, bytes: 0 }
      theirs.messages += 1
      theirs.bytes += size
      partitions.set(partition, theirs)
      times.add(timestamp, true)
      if (key === null) without += 1
      else {
        keySizes.add(key.length)
        keys.add(isUtf8(key) ? key.toString('utf8', 0, 200) : `base64:${key.toString('base64', 0, 150)}`)
      }
      for (const { name } of named) headers.add(name)
      lookInto(value)
    },
    read: () => ({
      messages,
      bytes,
      keySizes: keySizes.read(),
      valueSizes: valueSizes.read(),
      values: { ...values },
      keys: { without, ...keys.distinct(), ...keys.top(shownKeys) },
      partitions: [...partitions]
        .map(([partition, sums]) => ({ partition, ...sums }))
        .sort((a, b) => a.partition - b.partition),
      headers: headers.top(shownKeys).top,
      ...fields.read(),
      histogram: times.read(),
    }),
  }
}
