/** The end of long work, which a person is told of who has looked elsewhere meanwhile. */
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

/** What a notification says of an entry; null where it is no end of long work. */
export function endOf({ ended, level, text, hint }: Activity): End | null {
  if (ended === null || !isLong(ended)) return null
  const title = { info: 'Ended', good: 'Done', warn: 'Done, with failures', bad: 'Failed' }[level]
  return { title, body: hint === null ? text : `${text}\n${hint}`, path: ended.path }
}
