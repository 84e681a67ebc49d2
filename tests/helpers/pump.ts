/** A pump over a sink that answers as told, in time that passes as told (vitest's fake timers). */
import { expect, vi } from 'vitest'
import type { JournalWriter } from '../../electron/emulator/journal/writer.ts'
import { type Pump, startPump } from '../../electron/emulator/pump/pump.ts'
import type { PumpSnapshot } from '../../electron/emulator/pump/snapshot.ts'
import { builtinSource } from '../../electron/emulator/sources/builtin.ts'
import type { Outcome, Outgoing, Sink } from '../../electron/emulator/types.ts'
import { type EmulationInput, emulationOptionsSchema } from '../../shared/emulation.ts'

export const journal: JournalWriter = {
  sent: () => undefined,
  failed: () => undefined,
  unsure: () => undefined,
  acknowledged: () => undefined,
  flush: () => undefined,
  close: () => undefined,
}
export const good: Outcome = { ok: true, position: null }
export const bad = (code: string, retriable: boolean): Outcome => ({
  ok: false,
  code,
  message: `${code} happened`,
  hint: 'Do this.',
  retriable,
})

/** A sink that answers as told; it remembers what it was given and how many requests were under way at once. */
export function fakeSink(
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

export function start(options: EmulationInput, sinks: Sink[], signal = new AbortController().signal): Pump {
  const parsed = emulationOptionsSchema.parse({ rate: { kind: 'max' }, ...options })
  return startPump({ options: parsed, source: builtinSource(100), sinks, journal, signal })
}

/** The law of the counters, of each sink and of the sum. */
export function agrees({ counters, sinks }: PumpSnapshot) {
  for (const each of [counters, ...sinks.map((sink) => sink.counters)]) {
    expect(each.sent).toBe(each.acknowledged + each.failed + each.inFlight)
  }
}

/** Passes time in small steps; after each, what waits for the (real) event loop has its turn. */
export async function pass(ms: number, stepMs = 10) {
  for (let left = ms; left > 0; left -= stepMs) {
    await vi.advanceTimersByTimeAsync(Math.min(left, stepMs))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export async function until(done: () => boolean, stepMs = 10) {
  for (let step = 0; step < 5_000 && !done(); step++) await pass(stepMs, stepMs)
  expect(done()).toBe(true)
}

/** To be called before each test; `vi.useRealTimers` after it. */
export function fakeTime(): void {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
  })
}
