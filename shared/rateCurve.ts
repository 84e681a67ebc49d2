/** A pace that changes: points of time and rate, straight lines between them; and the words in which it is written. */
import { AppError } from './errors.ts'

export interface CurvePoint {
  /** ms after the start of the run. */
  readonly at: number
  readonly postsPerSecond: number
}

export interface Curve {
  readonly points: readonly CurvePoint[]
  /** Begins again after the last point; without it the last rate stays, and 0 ends the run. */
  readonly repeat: boolean
}

/** Posts an hour of a day on a social network, as parts of the busiest: quiet at four, busiest at twenty. */
const hoursOfDay = [
  0.35, 0.22, 0.15, 0.12, 0.1, 0.13, 0.22, 0.38, 0.5, 0.55, 0.6, 0.66, 0.72, 0.68, 0.64, 0.66, 0.72, 0.82,
  0.92, 0.98, 1, 0.92, 0.75, 0.52,
] as const

export const ramp = (from: number, to: number, overMs: number): Curve => ({
  points: [
    { at: 0, postsPerSecond: from },
    { at: overMs, postsPerSecond: to },
  ],
  repeat: false,
})

/** `peak` for `forMs` at the end of every `everyMs`, else `base`. Two points at one time are a step. */
export const bursts = (base: number, peak: number, forMs: number, everyMs: number): Curve => ({
  points: [
    { at: 0, postsPerSecond: base },
    { at: everyMs - forMs, postsPerSecond: base },
    { at: everyMs - forMs, postsPerSecond: peak },
    { at: everyMs, postsPerSecond: peak },
  ],
  repeat: true,
})

/** A day from midnight to midnight in `dayMs`, with `peak` in its busiest hour. */
export const day = (peak: number, dayMs: number): Curve => ({
  points: [...hoursOfDay, hoursOfDay[0]].map((part, hour) => ({
    at: Math.round((dayMs * hour) / 24),
    postsPerSecond: Math.round(peak * part * 100) / 100,
  })),
  repeat: true,
})

export const peakOf = ({ points }: Curve): number =>
  Math.max(0, ...points.map(({ postsPerSecond }) => postsPerSecond))

/** Posts a second at a time, ms after the start. At a step, the rate after it. */
export function rateAt({ points, repeat }: Curve, atMs: number): number {
  const last = points.at(-1)
  const first = points[0]
  if (last === undefined || first === undefined) return 0
  const at = repeat && last.at > 0 ? atMs % last.at : atMs
  if (at >= last.at) return last.postsPerSecond
  const next = points.findIndex((point) => point.at > at)
  const to = points[next]
  const from = points[next - 1]
  if (to === undefined || from === undefined) return first.postsPerSecond
  return (
    from.postsPerSecond + ((to.postsPerSecond - from.postsPerSecond) * (at - from.at)) / (to.at - from.at)
  )
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

function timeOf(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim()) ?? []
  return number === undefined || unit === undefined
    ? Number.NaN
    : Math.round(Number(number) * (units[unit] ?? Number.NaN))
}

const rateOf = (text: string): number => (/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN)

function wrong(text: string): AppError {
  return new AppError({
    code: 'RATE_INVALID',
    message: `Not a pace: ${text}`,
    hint: 'Write ramp:10..500/60s, burst:10+500/5s@30s, daily:500/24m, or curve:0s=10,30s=200,60s=0 (and ,repeat).',
    field: 'rate',
  })
}

const fits = ({ points }: Curve): boolean =>
  points.length >= 2 &&
  points[0]?.at === 0 &&
  points.every(({ at, postsPerSecond }, nth) => at >= (points[nth - 1]?.at ?? 0) && postsPerSecond >= 0) &&
  (points.at(-1)?.at ?? 0) > 0 &&
  points.some(({ postsPerSecond }) => postsPerSecond > 0)

/**
 * `ramp:10..500/60s`, `burst:10+500/5s@30s` (500 for 5 s of every 30 s, else 10), `daily:500/24m` (a day in 24 minutes),
 * `curve:0s=10,30s=200,60s=0` and `,repeat`. Throws AppError RATE_INVALID.
 */
export function parseCurve(text: string): Curve {
  const found = shapeOf(text.trim())
  if (found === null || !fits(found)) throw wrong(text)
  return found
}

function shapeOf(text: string): Curve | null {
  const [, kind, rest = ''] = /^(ramp|burst|daily|curve):(.*)$/s.exec(text) ?? []
  if (kind === 'ramp') {
    const [, from = '', to = '', over = ''] = /^(.+)\.\.(.+)\/(.+)$/.exec(rest) ?? []
    return ramp(rateOf(from), rateOf(to), timeOf(over))
  }
  if (kind === 'burst') {
    const [, base = '', peak = '', length = '', every = ''] = /^(.+)\+(.+)\/(.+)@(.+)$/.exec(rest) ?? []
    return bursts(rateOf(base), rateOf(peak), timeOf(length), timeOf(every))
  }
  if (kind === 'daily') {
    const [, peak = '', length = ''] = /^(.+)\/(.+)$/.exec(rest) ?? []
    return day(rateOf(peak), timeOf(length))
  }
  if (kind !== 'curve') return null
  const parts = rest.split(',').map((part) => part.trim())
  const repeat = parts.at(-1) === 'repeat'
  const points = (repeat ? parts.slice(0, -1) : parts).map((part) => {
    const [at = '', rate = ''] = part.split('=')
    return { at: timeOf(at), postsPerSecond: rateOf(rate) }
  })
  return { points, repeat }
}

function timeText(ms: number): string {
  if (ms % 1_000 !== 0) return `${ms}ms`
  return ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000}m` : `${ms / 1_000}s`
}

/** The same in the words that `parseCurve` reads. */
export function curveText({ points, repeat }: Curve): string {
  const parts = points.map(({ at, postsPerSecond }) => `${timeText(at)}=${postsPerSecond}`)
  return `curve:${[...parts, ...(repeat ? ['repeat'] : [])].join(',')}`
}
