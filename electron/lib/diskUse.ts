/** How much of the disk a folder takes, and how much is free. */
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** `stat` counts blocks of this size, whatever the disk's own are; bytes. */
const blockBytes = 512

/**
 * Bytes that all files below take; 0 where the folder is not there. Files that vanish meanwhile do not count. Blocks, not
 * lengths: Kafka gives each index its 10 MB beforehand, of which the disk holds next to nothing.
 */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return folderBytes(path)
      return entry.isFile()
        ? stat(path)
            .then(({ size, blocks }) => (Number.isFinite(blocks) ? blocks * blockBytes : size))
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
