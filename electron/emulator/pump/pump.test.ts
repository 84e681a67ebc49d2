import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type EmulationInput, emulationOptionsSchema } from '../../../shared/emulation.ts'
import { AppError } from '../../../shared/errors.ts'
import type { JournalWriter } from '../journal/writer.ts'
import { builtinSource } from '../sources/builtin.ts'
import type { Outcome, Outgoing, Sink } from '../types.ts'
import { type Pump, startPump } from './pump.ts'
import type { PumpSnapshot } from './snapshot.ts'

const journal: JournalWriter = {
  sent: () => undefined,
  failed: () => undefined,
  acknowledged: () => undefined,
  flush: () => undefined,
  close: () => undefined,
}
const good: Outcome = { ok: true, position: null }
const bad = (code: string, retriable: boolean): Outcome => ({
  ok: false,
  code,
  message: `${code} happened`,
  hint: 'Do this.',
  retriable,
})

/** A sink that answers as told; it remembers what it was given and how many requests were under way at once. */
function fakeSink(
  id: Sink['id'],
  answer: (record: Outgoing, time: number) => Outcome | Promise<Outcome>,
  log: Outgoing[] = [],
) {
  const seen = new Map<Outgoing, number>()
  const state = { underWay: 0, most: 0, requests: [] as number[] }
  const sink: Sink = {
    id,
    send: async (_kind, records) => {
      state.underWay += 1
      state.most = Math.max(state.most, state.underWay)
      state.requests.push(records.length)
      log.push(...records)
      const outcomes = await Promise.all(
        records.map((record) => {
          const time = (seen.get(record) ?? 0) + 1
          seen.set(record, time)
          return answer(record, time)
        }),
      )
      state.underWay -= 1
      return outcomes
    },
    preview: () => [],
    close: async () => undefined,
  }
  return { sink, state, log }
}

function start(options: EmulationInput, sinks: Sink[], signal = new AbortController().signal): Pump {
  const parsed = emulationOptionsSchema.parse({ rate: { kind: 'max' }, ...options })
  return startPump({ options: parsed, source: builtinSource(100), sinks, journal, signal })
}

/** The law of the counters, of each sink and of the sum. */
function agrees({ counters, sinks }: PumpSnapshot) {
  for (const each of [counters, ...sinks.map((sink) => sink.counters)]) {
    expect(each.sent).toBe(each.acknowledged + each.failed + each.inFlight)
  }
}

/** Passes time in small steps; after each, what waits for the (real) event loop has its turn. */
async function pass(ms: number, stepMs = 10) {
  for (let left = ms; left > 0; left -= stepMs) {
    await vi.advanceTimersByTimeAsync(Math.min(left, stepMs))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function until(done: () => boolean, stepMs = 10) {
  for (let step = 0; step < 5_000 && !done(); step++) await pass(stepMs, stepMs)
  expect(done()).toBe(true)
}

beforeEach(() =>
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
  }),
)
afterEach(() => vi.useRealTimers())

describe('accounting', () => {
  it('hands each post’s three records to every sink and counts them', async () => {
    const rest = fakeSink('rest', () => good)
    const streams = fakeSink('streams', () => good)
    const pump = start({ posts: 200, batch: 7 }, [rest.sink, streams.sink])
    await pump.ended
    const end = pump.snapshot()
    agrees(end)
    expect(end).toMatchObject({ state: 'done', posts: 200, perKind: { pin: 400, geo: 400, user: 400 } })
    expect(end.counters).toEqual({ sent: 1_200, acknowledged: 1_200, failed: 0, retried: 0, inFlight: 0 })
    expect(rest.log.length).toBe(600)
    expect(Math.max(...rest.state.requests)).toBe(7)
    expect(
      rest.log
        .filter(({ kind }) => kind === 'pin')
        .slice(0, 5)
        .map(({ index }) => index),
    ).toEqual([7528, 2863, 5730, 8304, 8731])
  })

  it('holds the law in every snapshot while records fail, repeat and succeed', async () => {
    let turn = 0
    const answers = [good, bad('THROTTLED', true), good, bad('TOO_LARGE', false)]
    const { sink } = fakeSink('kinesis', async () => {
      turn += 1
      await new Promise((resolve) => setTimeout(resolve, turn % 13))
      return answers[turn % answers.length] ?? good
    })
    const pump = start({ posts: 100, batch: 5, inFlight: 8 }, [sink])
    let over = false
    void pump.ended.then(() => {
      over = true
    })
    const seen: PumpSnapshot[] = []
    await until(() => {
      seen.push(pump.snapshot())
      return over
    }, 3)
    for (const snapshot of seen) agrees(snapshot)
    expect(seen.some(({ counters }) => counters.inFlight > 0)).toBe(true)
    const { counters, errors } = pump.snapshot()
    expect(counters).toMatchObject({ sent: 300, inFlight: 0 })
    expect(counters.failed).toBe(errors.find(({ code }) => code === 'TOO_LARGE')?.count)
    expect(counters.retried).toBe(errors.find(({ code }) => code === 'THROTTLED')?.count)
    expect(errors[0]).toMatchObject({ sink: 'kinesis', hint: 'Do this.' })
  })

  it('repeats only the records that were refused for sure', async () => {
    const log: Outgoing[] = []
    const { sink } = fakeSink(
      'kinesis',
      (record, time) => (record.index === 2863 && time < 3 ? bad('THROTTLED', true) : good),
      log,
    )
    const pump = start({ posts: 5, batch: 5 }, [sink])
    let over = false
    void pump.ended.then(() => {
      over = true
    })
    await until(() => over)
    expect(pump.snapshot().counters).toMatchObject({ sent: 15, acknowledged: 15, failed: 0, retried: 6 })
    expect(log.filter(({ index }) => index === 2863).length).toBe(9)
    expect(log.length).toBe(15 + 6)
  })

  it('gives up after a minute and says so', async () => {
    const { sink } = fakeSink('rest', () => bad('GATEWAY_UNREACHABLE', true))
    const pump = start({ posts: 1 }, [sink])
    let over = false
    void pump.ended.then(() => {
      over = true
    })
    await until(() => over, 500)
    const { counters, activeMs, errors } = pump.snapshot()
    expect(counters).toMatchObject({ sent: 3, acknowledged: 0, failed: 3, inFlight: 0 })
    expect(activeMs).toBeGreaterThan(60_000)
    expect(activeMs).toBeLessThan(70_000)
    expect(errors).toHaveLength(1)
  })

  it('counts a sink that throws as failures, not as a crash', async () => {
    const { sink } = fakeSink('rest', () => {
      throw new Error('a bug')
    })
    const pump = start({ posts: 2 }, [sink])
    await pump.ended
    expect(pump.snapshot()).toMatchObject({ state: 'done', counters: { sent: 6, failed: 6, inFlight: 0 } })
  })
})

describe('load', () => {
  it('keeps to the requests in flight and to bounded queues', async () => {
    const release: (() => void)[] = []
    const { sink, state } = fakeSink(
      'rest',
      () => new Promise((resolve) => release.push(() => resolve(good))),
    )
    const pump = start({ posts: 1_000, batch: 2, inFlight: 3 }, [sink])
    await pass(2_000)
    expect(state.underWay).toBe(3)
    expect(pump.snapshot().counters).toMatchObject({ sent: 6, acknowledged: 0, inFlight: 6 })
    const freeing = setInterval(() => {
      for (const free of release.splice(0)) free()
    }, 1)
    await until(() => pump.snapshot().state === 'done')
    clearInterval(freeing)
    expect(state.most).toBe(3)
  })

  it('paces faithfully: the original’s sleeps of 0 or 1 s before each post', async () => {
    const { sink, log } = fakeSink('rest', () => good)
    const pump = start({ rate: { kind: 'faithful' } }, [sink])
    const posts = () => log.length / 3
    const after: number[] = []
    await pass(10)
    for (let second = 0; second < 5; second++) {
      after.push(posts())
      await pass(1_000)
    }
    expect(after).toEqual([1, 2, 3, 6, 12])
    pump.stop()
    await until(() => pump.snapshot().state === 'stopped')
  })

  it('measures from the intended time: a stall counts for every post it delays', async () => {
    let stalled: (() => void) | null = null
    let first = true
    const { sink } = fakeSink('rest', () => {
      if (!first) return good
      first = false
      return new Promise((resolve) => {
        stalled = () => resolve(good)
      })
    })
    const pump = start({ rate: { kind: 'constant', postsPerSecond: 100 }, posts: 300, inFlight: 1 }, [sink])
    await pass(2_000)
    ;(stalled as (() => void) | null)?.()
    await until(() => pump.snapshot().state === 'done')
    const latency = pump.snapshot().sinks[0]?.latency
    // Posts were due every 10 ms during 2 s of stall: half of the 3 s waited for 500 ms and more.
    expect(latency?.p50).toBeGreaterThan(400)
    expect(latency?.max).toBeGreaterThan(1_950)
    expect(latency?.p999).toBeLessThanOrEqual(latency?.max ?? 0)
  })

  it('ends by time', async () => {
    const { sink } = fakeSink('rest', () => good)
    const pump = start({ rate: { kind: 'constant', postsPerSecond: 10 }, forMs: 2_000 }, [sink])
    await until(() => pump.snapshot().state === 'done')
    expect(pump.snapshot().posts).toBe(20)
    expect(pump.snapshot().activeMs).toBeGreaterThanOrEqual(2_000)
  })
})

describe('control', () => {
  it('pauses with nothing in flight and goes on where it was, its schedule moved', async () => {
    const { sink, log } = fakeSink('rest', () => good)
    const pump = start({ rate: { kind: 'constant', postsPerSecond: 10 } }, [sink])
    await pass(1_000)
    pump.pause()
    await until(() => pump.snapshot().state === 'paused')
    const before = pump.snapshot()
    agrees(before)
    expect(before.counters.inFlight).toBe(0)
    expect(log.length % 3).toBe(0)
    await pass(60_000)
    expect(pump.snapshot()).toMatchObject({ state: 'paused', posts: before.posts, activeMs: before.activeMs })
    pump.resume()
    await pass(1_000)
    expect(pump.snapshot().posts - before.posts).toBe(10)
    expect(pump.snapshot().sinks[0]?.latency?.max).toBeLessThan(1_000)
    pump.stop()
    await until(() => pump.snapshot().state === 'stopped')
  })

  it('stops at a post’s boundary, batches that were not full included', async () => {
    const { sink, log } = fakeSink('rest', () => good)
    const pump = start({ rate: { kind: 'constant', postsPerSecond: 100 }, batch: 50 }, [sink])
    await pass(777)
    pump.stop()
    await until(() => pump.snapshot().state === 'stopped')
    const { posts, counters } = pump.snapshot()
    expect(posts).toBeGreaterThan(0)
    expect(counters).toMatchObject({ sent: posts * 3, acknowledged: posts * 3, inFlight: 0 })
    expect(log.length).toBe(posts * 3)
  })

  it('stops within seconds although the sink cannot be reached', async () => {
    const { sink } = fakeSink('rest', () => bad('GATEWAY_UNREACHABLE', true))
    const pump = start({}, [sink])
    await pass(1_000)
    pump.stop()
    await until(() => pump.snapshot().state === 'stopped', 100)
    agrees(pump.snapshot())
    expect(pump.snapshot().activeMs).toBeLessThan(12_000)
  })

  it('fails with the source’s own error, after what was read has gone out', async () => {
    const source = builtinSource(100)
    const broken = new AppError({ code: 'MYSQL_UNREACHABLE', message: 'Gone.', hint: 'Look.' })
    let reads = 0
    const pump = startPump({
      options: emulationOptionsSchema.parse({ rate: { kind: 'max' }, batch: 5 }),
      source: {
        ...source,
        read: (index, signal) => (++reads > 20 ? Promise.reject(broken) : source.read(index, signal)),
      },
      sinks: [fakeSink('rest', () => good).sink],
      journal,
      signal: new AbortController().signal,
    })
    await until(() => pump.snapshot().state === 'failed', 100)
    expect(pump.snapshot()).toMatchObject({
      posts: 20,
      problem: { code: 'MYSQL_UNREACHABLE', hint: 'Look.' },
    })
    agrees(pump.snapshot())
  })
})
