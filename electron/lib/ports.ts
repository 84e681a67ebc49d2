/** TCP ports of this computer: is one free, and if not, whose is it. */
import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { promisify } from 'node:util'

const run = promisify(execFile)

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

export interface PortHolder {
  readonly pid: number
  readonly name: string
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
  try {
    if (platform === 'linux') return await linuxHolder(port)
    if (platform === 'win32')
      return parseWindows(
        (await run('powershell.exe', ['-NoProfile', '-Command', windowsQuery(port)])).stdout,
      )
    return parseLsof((await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])).stdout)
  } catch {
    return null
  }
}

const windowsQuery = (port: number) =>
  `Get-NetTCPConnection -State Listen -LocalPort ${port} | Select-Object -First 1 | ForEach-Object { "$($_.OwningProcess) $((Get-Process -Id $_.OwningProcess).ProcessName)" }`

/** `1234 java` */
export function parseWindows(text: string): PortHolder | null {
  const match = /^(\d+) (.+)$/m.exec(text.trim())
  return match === null ? null : { pid: Number(match[1]), name: (match[2] ?? '').trim() }
}

/** `lsof -F pc`: a line `p<pid>` and a line `c<command>`. */
export function parseLsof(text: string): PortHolder | null {
  const pid = /^p(\d+)$/m.exec(text)?.[1]
  return pid === undefined ? null : { pid: Number(pid), name: /^c(.+)$/m.exec(text)?.[1] ?? 'unknown' }
}

/** The inode of the listening socket on a port in the text of /proc/net/tcp (state 0A is LISTEN). */
export function listeningInode(table: string, port: number): string | null {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    if (fields[1]?.endsWith(`:${hex}`) && fields[3] === '0A') return fields[9] ?? null
  }
  return null
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
