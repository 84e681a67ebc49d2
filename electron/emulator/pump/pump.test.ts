import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { emulationOptionsSchema } from '../../../shared/emulation.ts'
import { AppError } from '../../../shared/errors.ts'
import {
  agrees,
  bad,
  fakeSink,
  fakeTime,
  good,
  journal,
  pass,
  start,
  until,
} from '../../../tests/helpers/pump.ts'
import { builtinSource } from '../sources/builtin.ts'
import { startPump } from './pump.ts'

beforeEach(fakeTime)
afterEach(() => {
  vi.useRealTimers()
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

  it('ends at once when it is aborted, although a sink never answers', async () => {
    const abort = new AbortController()
    const { sink } = fakeSink('kafka', () => new Promise(() => undefined))
    const pump = start({}, [sink], abort.signal)
    await pass(500)
    expect(pump.snapshot().counters.inFlight).toBeGreaterThan(0)
    abort.abort()
    await until(() => pump.snapshot().state === 'stopped')
    agrees(pump.snapshot())
    expect(pump.snapshot().counters).toMatchObject({ acknowledged: 0, inFlight: 0 })
    expect(pump.snapshot().errors[0]).toMatchObject({ code: 'RUN_ABORTED' })
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
