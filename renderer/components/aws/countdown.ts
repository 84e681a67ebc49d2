/** How long a session of AWS still lasts, in words that change no oftener than they matter. */
import { duration } from '../format.ts'

/** From here on it is counted by the second and shown in the header, ms. */
export const nearEndMs = 600_000

/** How often it is looked at, ms; null where nothing ends. */
export function tickOf(expiresAt: number | null, now: number): number | null {
  if (expiresAt === null) return null
  return expiresAt - now < nearEndMs ? 1_000 : 15_000
}

/** "ends in 42 min", "ended"; null where nothing ends. */
export function countdown(expiresAt: number | null, now: number): string | null {
  if (expiresAt === null) return null
  const left = expiresAt - now
  if (left <= 0) return 'ended'
  // Whole minutes, until it comes near.
  return `ends in ${duration(left < nearEndMs ? left : Math.ceil(left / 60_000) * 60_000)}`.replace(
    / 00 s$/,
    '',
  )
}
