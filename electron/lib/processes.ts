/** The processes of this computer: which run, and ending one with all below it. */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type ProcessRow, parseProcStat, type Query, systemOf, treeOf } from './platformOs.ts'

const run = promisify(execFile)

/** What a system's own program prints, in English. Throws what it fails with. */
export async function ask({ program, args }: Query): Promise<string> {
  const answer = await run(program, [...args], {
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
    windowsHide: true,
  })
  return answer.stdout
}

async function linuxProcesses(): Promise<ProcessRow[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const rows = await Promise.all(
    pids.map(async (pid) => {
      const [stat, command] = await Promise.all([
        readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
        readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
      ])
      const parent = parseProcStat(stat)?.parent
      if (parent === undefined) return []
      return [{ pid: Number(pid), parent, command: command.replaceAll('\0', ' ').trim() }]
    }),
  )
  return rows.flat()
}

/** Every process that we may see; empty where the system does not tell. */
export async function listProcesses(platform: NodeJS.Platform = process.platform): Promise<ProcessRow[]> {
  const system = systemOf(platform)
  try {
    return system.processes === null
      ? await linuxProcesses()
      : system.parseProcesses(await ask(system.processes))
  } catch {
    return []
  }
}

/** Ends a process and all below it by force. Those that are gone already are no error. */
export async function endTree(pid: number, platform: NodeJS.Platform = process.platform): Promise<void> {
  const query = systemOf(platform).endTree(pid)
  if (query !== null) {
    await ask(query).catch(() => {})
    return
  }
  for (const each of treeOf(pid, await listProcesses(platform))) {
    try {
      process.kill(each, 'SIGKILL')
    } catch {
      // Gone, or not ours to end.
    }
  }
}
