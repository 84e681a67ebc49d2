/** What was counted during an incident, as a person reads it. */
import type { Fact } from '../../../shared/contract/incidents.ts'
import { count, latency } from '../format.ts'

export function factValue({ value, unit }: Fact): string {
  return unit === 'ms' ? latency(value) : count(value)
}

/** Whole seconds that are left; never below 0. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1_000))
}
