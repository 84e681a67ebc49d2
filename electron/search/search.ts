/** One search from its beginning to its end, as events at most ten times a second. */
import type { SearchEvent, SearchInput } from '../../shared/contract/search.ts'
import type { Message } from '../../shared/contract/topics.ts'
import { toErrorDetail } from '../../shared/errors.ts'
import { mergedHistograms } from '../../shared/histogram.ts'
import type { KafkaClient, KafkaRecord } from '../clients/kafka/types.ts'
import { timeCounter } from './histogram.ts'
import { matcher } from './matcher.ts'
import { rangesOf } from './ranges.ts'
import { type Range, type StepPlace, scanBackward, scanForward } from './scan.ts'
import { previewBytes, shown } from './shown.ts'

type Input = Omit<SearchInput, 'pipeline'>

const eventEveryMs = 100

/** Where each partition stands, and which of it an earlier search has counted. */
function standing(input: Input, ranges: readonly Range[]) {
  const oldest = input.order === 'oldest'
  const places = new Map<number, StepPlace>()
  for (const { partition, from, until } of ranges) {
    const offset = oldest ? from : until
    const counted = input.places?.find((place) => place.partition === partition)?.counted
    const far = counted !== undefined && !oldest && BigInt(counted) < offset
    places.set(partition, { partition, offset, counted: far ? BigInt(counted) : offset })
  }
  const again = new Map(
    [...places].flatMap(([of, { offset, counted }]) => (counted < offset ? [[of, counted]] : [])),
  )
  return {
    places,
    total: ranges.reduce((sum, { partition, from, until }) => {
      const counted = places.get(partition)?.counted ?? until
      const left = oldest ? until - from : (counted > from ? counted : from) - from
      return sum + Number(left)
    }, 0),
    /** An earlier search has counted it. */
    isAgain: ({ partition, offset }: KafkaRecord) =>
      again.size > 0 && offset >= (again.get(partition) ?? offset + 1n),
    /** How many offsets are behind us with this step. */
    pass(step: readonly StepPlace[]): number {
      let passed = 0n
      for (const place of step) {
        const before = places.get(place.partition)?.counted ?? place.counted
        const further = oldest ? place.counted > before : place.counted < before
        const counted = further ? place.counted : before
        passed += oldest ? counted - before : before - counted
        places.set(place.partition, { ...place, counted })
      }
      return Number(passed)
    },
  }
}

/** The numbers of one step: they count only with it, since one that is not finished is done again by a search that goes on. */
function stepNumbers() {
  return { times: timeCounter(), again: 0, bytesAgain: 0, misfits: 0 }
}

/** The last event says why it ended; a failure on the way is told in it too, beside what was found. */
export async function* search(
  kafka: KafkaClient,
  input: Input,
  signal: AbortSignal,
): AsyncGenerator<SearchEvent, void, void> {
  const began = Date.now()
  const ranges = await rangesOf(kafka, input)
  const matches = matcher(input.filter, { from: input.fromTime, to: input.toTime })
  const late = AbortSignal.timeout(input.timeLimitMs)
  const ending = new AbortController()
  const { places, total, isAgain, pass } = standing(input, ranges)
  const count = { scanned: 0, matched: 0, bytes: 0, passed: 0, misfits: 0 }
  let histogram: SearchEvent['histogram'] = null
  let now = stepNumbers()
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
      misfit: matches.misfit(),
      elapsedMs: Date.now() - began,
      histogram,
      places: [...places.values()].map(({ partition, offset, counted }) => ({
        partition,
        offset: String(offset),
        counted: String(counted),
      })),
      done,
      problem,
    }
  }

  const options = {
    kafka,
    topic: input.topic,
    ranges,
    mayBeIn: matches.mayBeIn,
    wants: (record: KafkaRecord, possible: boolean) => {
      const again = isAgain(record)
      if (again) {
        now.again += 1
        now.bytesAgain += (record.key?.length ?? 0) + (record.value?.length ?? 0)
      }
      if (!matches.inTime(record)) return false
      const misfits = matches.misfits()
      const wanted = possible && matches.wants(record)
      if (again) return wanted
      now.misfits += matches.misfits() - misfits
      now.times.add(record.timestamp, wanted)
      return wanted
    },
    signal: AbortSignal.any([signal, late, ending.signal]),
  }
  const room = () => input.limit - count.matched
  try {
    const steps = input.order === 'oldest' ? scanForward(options, room) : scanBackward(options, room)
    for await (const { wanted, scanned, bytes, place } of steps) {
      count.scanned += scanned - now.again
      count.bytes += bytes - now.bytesAgain
      count.misfits += now.misfits
      count.passed += pass(place)
      count.matched += wanted.length
      histogram = mergedHistograms(histogram, now.times.read())
      now = stepNumbers()
      for (const record of wanted) waiting.push(shown(record, previewBytes))
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
