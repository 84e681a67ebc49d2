/** File operations that outlast a power failure, and their Windows ways. */
import { mkdir, open, readdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pause } from '../../lib/broadcast.ts'

/** A virus scanner or an indexer may hold a new file for a moment on Windows: tried again for so long, ms. */
const busyMs = 10_000

/** Makes what was created, renamed or deleted in a folder last; Windows has no such call. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a folder and those above it, and makes them last. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let at = folder; at.length >= first.length; at = dirname(at)) await syncFolder(dirname(at))
}

export async function writeSynced(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w')
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Renames and makes it last. On Windows a busy file is tried again instead of the folder being synced (decision 5). */
export async function renameDurably(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
  move: (from: string, to: string) => Promise<void> = rename,
): Promise<void> {
  const deadline = Date.now() + busyMs
  for (let delay = 10; ; delay = Math.min(delay * 2, 500)) {
    try {
      await move(from, to)
      break
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const busy = platform === 'win32' && (code === 'EBUSY' || code === 'EPERM' || code === 'EACCES')
      if (!busy || Date.now() > deadline) throw error
      await pause(delay, undefined)
    }
  }
  await syncFolder(dirname(to))
}

/** The names in a folder; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
