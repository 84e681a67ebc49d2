/** TCP ports of this computer: is one free, and if not, whose is it. */
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { listeningInode, type PortHolder, systemOf } from './platformOs.ts'
import { ask } from './processes.ts'

/** 0 asks the system for any. Answers the port, or null where it is taken. */
export function tryPort(port: number, host = '127.0.0.1'): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null)
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : port
      server.close(() => resolve(bound))
    })
  })
}

export interface ChosenPort {
  readonly port: number
  /** In words, where the wanted port was taken: who has it. */
  readonly taken: string | null
}

/** The wanted port where it is free, else another one and the reason. */
export async function choosePort(wanted: number): Promise<ChosenPort> {
  const free = await tryPort(wanted)
  if (free !== null) return { port: free, taken: null }
  const holder = await portHolder(wanted)
  const who = holder === null ? 'another program' : `${holder.name} (process ${holder.pid})`
  const other = await tryPort(0)
  if (other === null) throw new Error('The system has no free port')
  return { port: other, taken: `Port ${wanted} is used by ${who}` }
}

/** Who listens on a port; null where nobody does or the system does not tell us. */
export async function portHolder(
  port: number,
  platform: NodeJS.Platform = process.platform,
): Promise<PortHolder | null> {
  const system = systemOf(platform)
  const query = system.portHolder(port)
  try {
    return query === null ? await linuxHolder(port) : system.parsePortHolder(await ask(query))
  } catch {
    return null
  }
}

async function linuxHolder(port: number): Promise<PortHolder | null> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  )
  const inode = tables.map((table) => listeningInode(table, port)).find((found) => found !== null)
  if (inode === undefined) return null
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const handles = await readdir(`/proc/${pid}/fd`).catch(() => [])
    for (const handle of handles) {
      const target = await readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')
      if (target !== `socket:[${inode}]`) continue
      return { pid: Number(pid), name: (await readFile(`/proc/${pid}/comm`, 'utf8')).trim() }
    }
  }
  return null
}
