/** How much memory a program and all it started have taken at their most (Linux only). */
import { readdir, readFile } from 'node:fs/promises'

/** Between two looks, ms: what lives shorter than that is not what fills a memory. */
const lookMs = 250

/** Looks at the children of this process until `stop`, which answers the sum of each one's highest resident memory, MiB. */
export function watchChildren(): { stop(): number } {
  const highest = new Map<string, number>()
  let looking = false
  const look = async () => {
    if (looking) return
    looking = true
    for (const { pid, kib } of await descendants(process.pid)) highest.set(pid, kib)
    looking = false
  }
  const timer = setInterval(() => void look(), lookMs)
  return {
    stop() {
      clearInterval(timer)
      return [...highest.values()].reduce((sum, kib) => sum + kib, 0) / 1_024
    },
  }
}

async function descendants(root: number): Promise<{ readonly pid: string; readonly kib: number }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const all = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
      return { pid, parent: number('PPid'), kib: number('VmHWM') }
    }),
  )
  const found: typeof all = []
  let parents = new Set([root])
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent))
    found.push(...children)
    parents = new Set(children.map(({ pid }) => Number(pid)))
  }
  return found
}
