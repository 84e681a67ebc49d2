/** The end of long work and reminders, which a person is told of who has looked elsewhere meanwhile. */
import type { Activity } from './contract/app.ts'

/** Shorter work is waited for, ms. */
const longMs = 30_000

export interface End {
  readonly title: string
  readonly body: string
  /** The page that shows it, without its first slash. */
  readonly path: string
}

export const isLong = ({ tookMs }: NonNullable<Activity['ended']>): boolean => tookMs >= longMs

/** What a notification says of an entry; null where it is neither the end of long work nor a reminder. */
export function endOf({ ended, remind, level, text, hint }: Activity): End | null {
  const body = hint === null ? text : `${text}\n${hint}`
  if (remind !== null) return { title: 'Reminder', body, path: remind.path }
  if (ended === null || !isLong(ended)) return null
  const title = { info: 'Ended', good: 'Done', warn: 'Done, with failures', bad: 'Failed' }[level]
  return { title, body, path: ended.path }
}
