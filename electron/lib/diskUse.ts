/** How much of the disk a folder takes, and how much is free. */
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of all files below; 0 where the folder is not there. Files that vanish meanwhile do not count. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return folderBytes(path)
      return entry.isFile()
        ? stat(path)
            .then(({ size }) => size)
            .catch(() => 0)
        : 0
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Free bytes of the disk that holds the folder, for an ordinary user. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
