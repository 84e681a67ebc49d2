import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { emulationOptionsSchema } from '../../../shared/emulation.ts'
import { kinds } from '../../../shared/names.ts'
import { agrees, fakeSink, fakeTime, good, journal, pass, until } from '../../../tests/helpers/pump.ts'
import type { LanePoint } from '../journal/lanes.ts'
import { builtinSource } from '../sources/builtin.ts'
import { startPump } from './pump.ts'

beforeEach(fakeTime)
afterEach(() => {
  vi.useRealTimers()
})

/** A run of which `pin` is at `pin`, and the other kinds went out up to `others` and were answered. */
function resumed(options: object, pin: LanePoint, others: number, beforeMs = 0) {
  const { sink, log } = fakeSink('rest', () => good)
  const lane = (kind: string) => (kind === 'pin' ? pin : { next: others, again: [] })
  const sent = pin.next + 2 * others
  const pump = startPump({
    options: emulationOptionsSchema.parse({ rate: { kind: 'max' }, ...options }),
    source: builtinSource(100),
    sinks: [sink],
    journal,
    resume: {
      point: {
        from: Math.min(pin.again[0] ?? pin.next, others),
        posts: Math.min(pin.next, others),
        repeated: pin.again.length,
        lane: (_sink, kind) => lane(kind),
        counts: () => ({ sent, acknowledged: sent - pin.again.length, failed: 0, open: pin.again.length }),
        acknowledged: () => 0,
      },
      beforeMs,
      counted: () => ({
        counters: {
          sent,
          acknowledged: sent - pin.again.length,
          failed: 0,
          retried: 0,
          inFlight: pin.again.length,
        },
        perKind: { pin: pin.next - pin.again.length, geo: others, user: others },
        errors: [],
      }),
    },
    signal: new AbortController().signal,
  })
  return { pump, log }
}

/** The rows the original draws, from the first on. */
const order = [7528, 2863, 5730, 8304, 8731, 1313, 4315, 10794]

describe('a run that goes on', () => {
  it('sends each record that its journal does not settle, and no other, in the order of the posts', async () => {
    const { pump, log } = resumed({ posts: 8 }, { next: 5, again: [1, 3] }, 4)
    await pump.ended
    const rows = (kind: string) => log.filter((record) => record.kind === kind).map(({ index }) => index)
    expect(rows('pin')).toEqual([order[1], order[3], ...order.slice(5)])
    expect(rows('geo')).toEqual(order.slice(4))
    const end = pump.snapshot()
    agrees(end)
    expect(end).toMatchObject({
      state: 'done',
      posts: 8,
      counters: { sent: 24, acknowledged: 24, failed: 0, retried: 2, inFlight: 0 },
      perKind: Object.fromEntries(kinds.map((kind) => [kind, 8])),
    })
  })

  it('keeps its pace from where it stands, and its time counts on', async () => {
    const rate = { kind: 'constant', postsPerSecond: 10 }
    const { pump } = resumed({ rate, forMs: 12_000 }, { next: 100, again: [] }, 100, 10_000)
    await pass(950)
    expect(pump.snapshot().posts).toBe(110)
    expect(pump.snapshot().sinks[0]?.latency?.max).toBeLessThan(500)
    await until(() => pump.snapshot().state === 'done')
    expect(pump.snapshot().posts).toBe(120)
    expect(pump.snapshot().activeMs).toBeGreaterThanOrEqual(12_000)
  })

  it('repeats what is open even where its time is over', async () => {
    const { pump, log } = resumed({ forMs: 1_000, posts: 50 }, { next: 5, again: [2] }, 5, 1_000)
    await pump.ended
    expect(log.map(({ index }) => index)).toEqual([order[2]])
    expect(pump.snapshot()).toMatchObject({ state: 'done', posts: 5, counters: { inFlight: 0, failed: 0 } })
  })

  it('calls failed what it was stopped before repeating', async () => {
    const rate = { kind: 'constant', postsPerSecond: 1 }
    const { pump } = resumed({ rate }, { next: 9, again: [2, 8] }, 9)
    await pass(100)
    pump.stop()
    await until(() => pump.snapshot().state === 'stopped')
    agrees(pump.snapshot())
    expect(pump.snapshot().counters).toMatchObject({ sent: 27, acknowledged: 26, failed: 1, inFlight: 0 })
  })
})
