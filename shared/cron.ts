/** When a schedule of Airflow fires: its presets, and cron of five fields. */

/** As Airflow reads them (`airflow.timetables`). */
export const cronPresets: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@quarterly': '0 0 1 */3 *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}

/** Minutes between the two firings that follow each other soonest, or why it is no schedule that Airflow fires as it is meant. */
export type CronReading =
  | { readonly kind: 'every'; readonly minutes: number }
  /** Six or seven fields are read with the seconds last by one program and first by the other (F-71). */
  | { readonly kind: 'fields'; readonly count: number }
  | { readonly kind: 'unreadable'; readonly field: string }

const dayMinutes = 1_440

interface Field {
  readonly from: number
  readonly to: number
  readonly names: readonly string[]
}
const plain = (from: number, to: number): Field => ({ from, to, names: [] })
const fields: readonly Field[] = [
  plain(0, 59),
  plain(0, 23),
  plain(1, 31),
  { ...plain(1, 12), names: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ') },
  { ...plain(0, 7), names: 'sun mon tue wed thu fri sat'.split(' ') },
]

export function readCron(text: string): CronReading {
  const words = (cronPresets[text.trim()] ?? text).trim().split(/\s+/)
  if (words.length !== fields.length) return { kind: 'fields', count: words.length }
  const sets: number[][] = []
  for (const [nth, field] of fields.entries()) {
    const word = words[nth] ?? ''
    const set = valuesOf(word, field)
    if (set === null) return { kind: 'unreadable', field: word }
    sets.push(set)
  }
  const [minutes = [], hours = []] = sets
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute)).sort((a, b) => a - b)
  const gaps = times.map((time, nth) => (times[nth + 1] ?? (times[0] ?? 0) + dayMinutes) - time)
  return { kind: 'every', minutes: Math.min(...gaps) }
}

/**
 * What Airflow's own reader (croniter) takes: `*`, `?`, `5`, `1-5`, `22-2`, steps such as `0-59/15`, `mon`, lists of them, and of days
 * the last one (`l`, `l5`) or the nth of a month (`mon#1`), which stand for themselves here. Null for anything else.
 */
function valuesOf(text: string, field: Field): number[] | null {
  const found = new Set<number>()
  for (const part of text.toLowerCase().split(',')) {
    const values = partOf(part, field)
    if (values === null) return null
    for (const value of values) found.add(value)
  }
  return [...found].sort((a, b) => a - b)
}

function partOf(part: string, { from, to, names }: Field): number[] | null {
  const special = /^(?:l|l\d|(\w+)#\d)$/.exec(part)
  // Of days alone, whose fields begin at 1 or end at 7.
  if (special !== null && (to === 31 || to === 7)) {
    const day = special[1] === undefined ? to : numberOf(special[1], from, names)
    return day >= from && day <= to ? [day] : null
  }
  if (part === '?') return to === 31 || to === 7 ? partOf('*', { from, to, names }) : null
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part)
  if (match === null) return null
  const [, all, first = '', last, step] = match
  const low = all === undefined ? numberOf(first, from, names) : from
  const open = all !== undefined || (last === undefined && step !== undefined)
  const high = open ? to : numberOf(last ?? first, from, names)
  const by = step === undefined ? 1 : Number(step)
  if (!(low >= from && low <= to && high >= from && high <= to && by > 0)) return null
  // Past the end it goes on at the beginning: 22-2 are five hours.
  const length = low <= high ? high - low : to - low + 1 + high - from
  const size = to - from + 1
  return Array.from(
    { length: Math.floor(length / by) + 1 },
    (_, nth) => from + ((low - from + nth * by) % size),
  )
}

function numberOf(text: string, from: number, names: readonly string[]): number {
  const named = names.indexOf(text)
  if (named >= 0) return named + from
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}
