/** One back end for each data folder: who owns it, and where later doors find it (decision 2). */
import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { isAlive, processStart } from './processStart.ts'

const holderSchema = z.object({
  pid: z.int().positive(),
  start: z.string(),
  socket: z.string(),
  door: z.string(),
  version: z.string(),
})
export type Holder = z.infer<typeof holderSchema>

export interface Lock {
  readonly socket: string
  release(): Promise<void>
}

/** The longest path a Unix socket may have is 103 bytes on macOS, 107 on Linux. */
const longestSocket = 100

/** Where the owner of this folder listens: in the folder itself where the path is short enough. */
export function socketPath(home: string, platform: NodeJS.Platform = process.platform): string {
  const id = createHash('sha256').update(home).digest('hex').slice(0, 16)
  if (platform === 'win32') return `\\\\.\\pipe\\pipeline-control-${id}`
  const inside = join(home, 'backend.sock')
  return Buffer.byteLength(inside) <= longestSocket ? inside : join(tmpdir(), `pipeline-control-${id}.sock`)
}

const lockFile = (home: string) => join(home, 'backend.lock')

async function readHolder(file: string): Promise<Holder | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Who owns the folder now, or null. */
export async function holderOf(home: string): Promise<Holder | null> {
  const holder = await readHolder(lockFile(home))
  return holder !== null && (await isAlive(holder)) ? holder : null
}

/**
 * Takes the folder, or answers who has it. The lock appears whole and only where there is none (a hard link); a stale one is
 * moved away and looked at again before it counts as stale.
 */
export async function takeLock(home: string, who: Pick<Holder, 'door' | 'version'>): Promise<Lock | Holder> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  const file = lockFile(home)
  const socket = socketPath(home)
  const mine: Holder = { ...who, pid: process.pid, start: (await processStart(process.pid)) ?? '', socket }
  const mark = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(mark, JSON.stringify(mine), { mode: 0o600 })
  try {
    for (;;) {
      const taken = await link(mark, file).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST') return false
          throw error
        },
      )
      if (taken) break
      const holder = await holderOf(home)
      if (holder !== null) return holder
      await moveStaleAway(file, `${mark}.stale`)
    }
  } finally {
    await rm(mark, { force: true })
  }
  if (process.platform !== 'win32') await rm(socket, { force: true })
  return {
    socket,
    release: async () => {
      const holder = await readHolder(file)
      if (holder?.pid === mine.pid && holder.start === mine.start) await rm(file, { force: true })
    },
  }
}

/** Between looking and moving another may have taken the folder: then its lock is put back. */
async function moveStaleAway(file: string, aside: string): Promise<void> {
  await rename(file, aside).catch(() => {})
  const moved = await readHolder(aside)
  if (moved !== null && (await isAlive(moved))) await link(aside, file).catch(() => {})
  await rm(aside, { force: true })
}
