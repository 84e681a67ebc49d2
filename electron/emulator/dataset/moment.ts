/** Moments as the database returns them: whole seconds, no zone. */
import type { RowRandom } from './randomizer.ts'

/** `YYYY-MM-DD HH:MM:SS` between two moments (ms since 1970, UTC), both included. */
export function makeMoment(random: RowRandom, first: number, last: number): string {
  return momentText(random.between(first / 1_000, last / 1_000) * 1_000)
}

/** The original's datetime text of ms since 1970, read as UTC. */
export function momentText(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ')
}
