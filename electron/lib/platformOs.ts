/** Where Linux, macOS and Windows differ for the programs we start, find and end: pure text and data, in this one place. */
import { z } from 'zod'

/** A program of the system that answers a question. */
export interface Query {
  readonly program: string
  readonly args: readonly string[]
}

export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  /** The whole command line; empty where the system keeps it from us. */
  readonly command: string
}

export interface PortHolder {
  readonly pid: number
  readonly name: string
}

/** Null for a question means: Linux answers it in /proc, without a program that might not be installed. */
export interface System {
  /** Between the entries of a class path. */
  readonly listSeparator: ':' | ';'
  /** The file name of a program: `java.exe`. */
  executable(name: string): string
  /** The file name of a script like Maven's, and whether only a shell can run it. */
  script(name: string): { readonly program: string; readonly shell: boolean }
  readonly processes: Query | null
  parseProcesses(text: string): ProcessRow[]
  processStart(pid: number): Query | null
  portHolder(port: number): Query | null
  parsePortHolder(text: string): PortHolder | null
  /** Ends a process and all below it at once; null where each gets its own signal. */
  endTree(pid: number): Query | null
}

const unix = {
  listSeparator: ':',
  executable: (name: string) => name,
  script: (name: string) => ({ program: name, shell: false }),
  parseProcesses: parsePs,
  parsePortHolder: parseLsof,
  endTree: () => null,
} as const

const powershell = (command: string): Query => ({
  program: 'powershell.exe',
  args: ['-NoProfile', '-NonInteractive', '-Command', command],
})

const systems = {
  linux: { ...unix, processes: null, processStart: () => null, portHolder: () => null },
  darwin: {
    ...unix,
    processes: { program: 'ps', args: ['-axww', '-o', 'pid=,ppid=,command='] },
    processStart: (pid) => ({ program: 'ps', args: ['-o', 'lstart=', '-p', String(pid)] }),
    portHolder: (port) => ({ program: 'lsof', args: ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'] }),
  },
  win32: {
    listSeparator: ';',
    executable: (name) => `${name}.exe`,
    // Node.js starts .cmd files only through a shell (CVE-2024-27980).
    script: (name) => ({ program: `${name}.cmd`, shell: true }),
    processes: powershell(
      'Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,CommandLine | ConvertTo-Json -Compress',
    ),
    parseProcesses: parseCim,
    processStart: (pid) => powershell(`(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`),
    portHolder: (port) =>
      powershell(
        `Get-NetTCPConnection -State Listen -LocalPort ${port} | Select-Object -First 1 | ForEach-Object { "$($_.OwningProcess) $((Get-Process -Id $_.OwningProcess).ProcessName)" }`,
      ),
    parsePortHolder: parseConnection,
    endTree: (pid) => ({ program: 'taskkill.exe', args: ['/PID', String(pid), '/T', '/F'] }),
  },
} satisfies Record<string, System>

/** The other Unixes answer as macOS does. */
export function systemOf(platform: NodeJS.Platform): System {
  if (platform === 'linux' || platform === 'win32') return systems[platform]
  return systems.darwin
}

/** `  123     1 /usr/bin/java -cp …` */
function parsePs(text: string): ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)
    return match === null
      ? []
      : [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? '' }]
  })
}

const cimRow = z.object({
  ProcessId: z.int(),
  ParentProcessId: z.int(),
  CommandLine: z.string().nullable(),
})

/** One row is an object, several are a list: so does ConvertTo-Json. */
function parseCim(text: string): ProcessRow[] {
  const rows = z.union([z.array(cimRow), cimRow.transform((row) => [row])]).parse(JSON.parse(text))
  return rows.map((row) => ({
    pid: row.ProcessId,
    parent: row.ParentProcessId,
    command: row.CommandLine ?? '',
  }))
}

/** `lsof -F pc`: a line `p<pid>` and a line `c<command>`. */
function parseLsof(text: string): PortHolder | null {
  const pid = /^p(\d+)$/m.exec(text)?.[1]
  return pid === undefined ? null : { pid: Number(pid), name: /^c(.+)$/m.exec(text)?.[1] ?? 'unknown' }
}

/** `1234 java` */
function parseConnection(text: string): PortHolder | null {
  const match = /^(\d+) (.+)$/m.exec(text.trim())
  return match === null ? null : { pid: Number(match[1]), name: (match[2] ?? '').trim() }
}

/** The parent and the start (clock ticks since boot) in /proc/<pid>/stat; null where the process has ended and only waits. */
export function parseProcStat(text: string): { readonly parent: number; readonly start: string } | null {
  // The name in parentheses may hold anything, so fields are counted after the last one: state is 3, start is 22.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const start = fields[19]
  return fields[0] === 'Z' || start === undefined ? null : { parent: Number(fields[1]), start }
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

/** The process itself and all below it, parents first, so that none can start another one unseen. */
export function treeOf(pid: number, rows: readonly ProcessRow[]): number[] {
  const tree = [pid]
  for (const each of tree)
    tree.push(...rows.filter((row) => row.parent === each && !tree.includes(row.pid)).map((row) => row.pid))
  return tree
}
