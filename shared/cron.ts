/** When a schedule of Airflow fires: its presets, and cron of five fields. */

/** As Airflow reads them (`airflow.timetables`). */
export const cronPresets: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@quarterly': '0 0 1 */3 *',
  '@yearly': '0 0 1 1 *',
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

/** `*`, `5`, `1-5`, steps such as `0-59/15`, `mon`, and lists of them; null for anything else. */
function valuesOf(text: string, { from, to, names }: Field): number[] | null {
  const found = new Set<number>()
  for (const part of text.toLowerCase().split(',')) {
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part)
    if (match === null) return null
    const [, all, first = '', last, step] = match
    const low = all === undefined ? numberOf(first, from, names) : from
    const high =
      all !== undefined || (last === undefined && step !== undefined)
        ? to
        : numberOf(last ?? first, from, names)
    const by = step === undefined ? 1 : Number(step)
    if (!(low >= from && high <= to && low <= high && by > 0)) return null
    for (let value = low; value <= high; value += by) found.add(value)
  }
  return [...found].sort((a, b) => a - b)
}

function numberOf(text: string, from: number, names: readonly string[]): number {
  const named = names.indexOf(text.slice(0, 3))
  if (named >= 0 && !/\d/.test(text)) return named + from
  return /^\d+$/.test(text) ? Number(text) : Number.NaN
}
