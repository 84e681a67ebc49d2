/** Numbers, sizes and times as a person reads them; what is not known is a dash, never a guess. */

import { isTime } from '../../shared/time.ts'

export const unknown = '—'

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 34560 → "34,560". */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? unknown : whole.format(value)
}

/** "1 file", "1,037 files". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** Records a second: "96/s", "0.4/s"; one decimal below 10. */
export function perSecond(value: number | null | undefined): string {
  if (value === null || value === undefined) return unknown
  const text = value > 0 && value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : whole.format(value)
  return `${text}/s`
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Bytes in decimal units: "41 MB", "1.2 GB". */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return unknown
  let rest = value
  let unit = 0
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1_000
    unit += 1
  }
  const text = unit > 0 && rest < 9.95 ? rest.toFixed(1) : whole.format(rest)
  return `${text} ${units[unit] ?? 'B'}`
}

/** A latency in ms: "4.1 ms", "840 ms", "2.35 s". */
export function latency(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return unknown
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(ms < 9_995 ? 2 : 1)} s`
  return `${ms < 99.5 ? ms.toFixed(1) : whole.format(ms)} ms`
}

/** How long something took or has been going on: "8 s", "6 min", "2 h 05 min", "3 d 4 h". */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return unknown
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** "20:41:07" of the person's own time zone. */
export function timeOfDay(at: number): string {
  return clock.format(at)
}

/** "20:41:07" today, "3 Nov 20:41:07" on another day, "3 Nov 2020 20:41:07" in another year; a number beyond it all as it is. */
export function timeAt(at: number, now: number): string {
  if (!isTime(at)) return at < 0 ? unknown : whole.format(at)
  const [then, today] = [new Date(at), new Date(now)]
  if (then.toDateString() === today.toDateString()) return timeOfDay(at)
  return `${(then.getFullYear() === today.getFullYear() ? day : dayOfYear).format(at)} ${timeOfDay(at)}`
}
