/** When a process began: with its pid it names a process for good, since pids are used again. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * A text that stays the same as long as this very process lives, or null where there is none with this pid. Its form differs by
 * system: clock ticks since boot on Linux, a date elsewhere; only ever compare two of them.
 */
export async function processStart(
  pid: number,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  if (!Number.isInteger(pid) || pid <= 0) return null
  if (platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
    // The name in parentheses may hold anything, so fields are counted after the last one: state is 3, start time is 22.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields === undefined || fields[0] === 'Z' ? null : (fields[19] ?? null)
  }
  const [program, args] =
    platform === 'win32'
      ? ['powershell.exe', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]]
  const answer = await run(program as string, args as string[], {
    env: { ...process.env, LC_ALL: 'C' },
  }).catch(() => null)
  const text = answer?.stdout.trim() ?? ''
  return text === '' ? null : text
}

/** True while that very process lives. */
export async function isAlive(who: { readonly pid: number; readonly start: string }): Promise<boolean> {
  return (await processStart(who.pid)) === who.start
}
