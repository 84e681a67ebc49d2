/** One search from its beginning to its end, as events at most ten times a second. */
import type { SearchEvent, SearchInput } from '../../shared/contract/search.ts'
import type { Message } from '../../shared/contract/topics.ts'
import { toErrorDetail } from '../../shared/errors.ts'
import type { KafkaClient } from '../clients/kafka/types.ts'
import { timeCounter } from './histogram.ts'
import { matcher } from './matcher.ts'
import { rangesOf } from './ranges.ts'
import { scanBackward, scanForward } from './scan.ts'
import { previewBytes, shown } from './shown.ts'

type Input = Omit<SearchInput, 'pipeline'>

const eventEveryMs = 100

/** The last event says why it ended; a failure on the way is told in it too, beside what was found. */
export async function* search(
  kafka: KafkaClient,
  input: Input,
  signal: AbortSignal,
): AsyncGenerator<SearchEvent, void, void> {
  const began = Date.now()
  const ranges = await rangesOf(kafka, input)
  const matches = matcher(input.filter, { from: input.fromTime, to: input.toTime })
  const times = timeCounter()
  const late = AbortSignal.timeout(input.timeLimitMs)
  const ending = new AbortController()
  const places = new Map(
    ranges.map(({ partition, from, until }) => [partition, input.order === 'oldest' ? from : until]),
  )
  const total = ranges.reduce((sum, { from, until }) => sum + Number(until - from), 0)
  const count = { scanned: 0, matched: 0, bytes: 0, passed: 0 }
  let waiting: Message[] = []
  let told = 0

  const event = (done: SearchEvent['done'], problem: SearchEvent['problem'] = null): SearchEvent => {
    const messages = waiting
    waiting = []
    told = Date.now()
    return {
      messages,
      ...count,
      total,
      misfits: matches.misfits(),
      misfit: matches.misfit(),
      elapsedMs: Date.now() - began,
      histogram: times.read(),
      places: [...places].map(([partition, offset]) => ({ partition, offset: String(offset) })),
      done,
      problem,
    }
  }

  const options = {
    kafka,
    topic: input.topic,
    ranges,
    mayBeIn: matches.mayBeIn,
    wants: (record: Parameters<typeof matches.wants>[0], possible: boolean) => {
      if (!matches.inTime(record)) return false
      const wanted = possible && matches.wants(record)
      times.add(record.timestamp, wanted)
      return wanted
    },
    signal: AbortSignal.any([signal, late, ending.signal]),
  }
  try {
    const steps = input.order === 'oldest' ? scanForward(options) : scanBackward(options, input.limit)
    for await (const { wanted, scanned, bytes, passed, place } of steps) {
      count.scanned += scanned
      count.bytes += bytes
      count.passed += passed
      for (const { partition, offset } of place) places.set(partition, offset)
      for (const record of wanted) {
        if (count.matched === input.limit) break
        count.matched += 1
        waiting.push(shown(record, previewBytes))
      }
      if (count.matched === input.limit) {
        yield event('limit')
        return
      }
      if (Date.now() - told >= eventEveryMs) yield event(null)
      // A read that never waits for the network would otherwise not see that its time is up.
      if (Date.now() - began >= input.timeLimitMs) break
    }
    if (signal.aborted) return
    yield event(late.aborted || Date.now() - began >= input.timeLimitMs ? 'time' : 'end')
  } catch (thrown) {
    yield event('failed', toErrorDetail(thrown))
  } finally {
    ending.abort()
  }
}
