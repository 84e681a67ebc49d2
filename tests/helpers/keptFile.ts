/** Files that are the same for every test and take a while to make: made once, in the test hosts' folder. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { hostFolder } from './host.ts'

/** Copies the file of this name to `to`, so that a test may spoil it. `make` writes it where it is not there yet. */
export async function keptFile(
  name: string,
  to: string,
  make: (file: string) => Promise<void>,
): Promise<void> {
  const folder = join(hostFolder, 'kept')
  const kept = join(folder, name)
  if (!existsSync(kept)) {
    await mkdir(folder, { recursive: true })
    // Two tests may make it at once: either file is as good.
    const made = `${kept}.${randomBytes(4).toString('hex')}`
    await make(made)
    await rename(made, kept)
  }
  await copyFile(kept, to)
}
