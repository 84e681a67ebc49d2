/** Which lines of the activity are shown: by level, by area, by words; newest first. */
import type { Activity } from '../../../shared/contract/app.ts'

export type Level = Activity['level']

export const levelWords: Readonly<Record<Level, string>> = {
  info: 'Information',
  good: 'Done',
  warn: 'Warning',
  bad: 'Failure',
}

export interface Filter {
  readonly level: Level | 'all'
  readonly area: string
  readonly search: string
}

/** Shows everything. */
export const noFilter: Filter = { level: 'all', area: 'all', search: '' }

/** Every word must occur somewhere in the line or its hint, in any order and case. Takes oldest first, gives newest first. */
export function filtered(entries: readonly Activity[], { level, area, search }: Filter): readonly Activity[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return entries
    .filter((entry) => {
      if (level !== 'all' && entry.level !== level) return false
      if (area !== 'all' && entry.area !== area) return false
      const text = `${entry.area} ${entry.text} ${entry.hint ?? ''}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .reverse()
}

/** The areas that occur, in order of the alphabet; the chosen one stays even where it no longer occurs. */
export function areasOf(entries: readonly Activity[], chosen: string): readonly string[] {
  const areas = new Set(entries.map((entry) => entry.area))
  if (chosen !== 'all') areas.add(chosen)
  return [...areas].sort()
}
