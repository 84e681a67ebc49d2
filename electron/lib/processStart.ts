/** When a process began: with its pid it names a process for good, since pids are used again. */
import { readFile } from 'node:fs/promises'
import { parseProcStat, systemOf } from './platformOs.ts'
import { ask } from './processes.ts'

/**
 * A text that stays the same as long as this very process lives, or null where there is none with this pid. Its form differs by
 * system: clock ticks since boot on Linux, a date elsewhere; only ever compare two of them.
 */
export async function processStart(
  pid: number,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  if (!Number.isInteger(pid) || pid <= 0) return null
  const query = systemOf(platform).processStart(pid)
  if (query === null) {
    return parseProcStat(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))?.start ?? null
  }
  const text = (await ask(query).catch(() => '')).trim()
  return text === '' ? null : text
}

/** True while that very process lives. */
export async function isAlive(who: { readonly pid: number; readonly start: string }): Promise<boolean> {
  return (await processStart(who.pid)) === who.start
}
