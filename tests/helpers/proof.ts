/** What must be true of a verified run, whatever was killed meanwhile. */
import { expect } from 'vitest'
import type { RunSnapshot } from '../../shared/emulation.ts'

/** Everything acknowledged was read back at its place, and the five numbers add up. */
export function expectTrue({ report, counters }: RunSnapshot): void {
  expect(report).not.toBeNull()
  expect(report?.unaccounted).toBe(0)
  expect(report?.found.kafka).toBe(report?.acknowledged.kafka)
  expect(report?.found.lake).toBe(report?.acknowledged.kafka)
  expect(report?.found.kinesis).toBe(report?.acknowledged.kinesis)
  expect(counters.sent).toBe(counters.acknowledged + counters.failed + counters.inFlight)
  expect(counters.inFlight).toBe(0)
  expect((report?.acknowledged.kafka ?? 0) + (report?.acknowledged.kinesis ?? 0)).toBe(counters.acknowledged)
}
