/** The id of a run of something: sortable by its time, unique, and safe as a name of a file. */
import { randomBytes } from 'node:crypto'

/** `2026-11-30-121530-0a1b2c`; `time` in ms since 1970. */
export function newRunId(time: number): string {
  const text = new Date(time).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')
  return `${text}-${randomBytes(3).toString('hex')}`
}
