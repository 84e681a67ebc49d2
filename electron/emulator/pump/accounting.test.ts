import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { agrees, bad, fakeSink, fakeTime, good, start, until } from '../../../tests/helpers/pump.ts'
import type { Outgoing } from '../types.ts'
import type { PumpSnapshot } from './snapshot.ts'

beforeEach(fakeTime)
afterEach(() => {
  vi.useRealTimers()
})

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
