/** Unpacks an archive into a folder that appears only when it is whole. */
import { execFile } from 'node:child_process'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { extract } from 'tar'

const run = promisify(execFile)

/** Moves a whole folder into its place; what was there is gone afterwards. */
export async function replaceFolder(whole: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  await rm(folder, { recursive: true, force: true })
  await rename(whole, folder)
}

/** `.tar.gz` and `.tgz` by the tar library; `.zip` by Windows' own tar, which reads it (Windows 10 and newer). */
export async function unpack(archive: string, folder: string): Promise<void> {
  const aside = `${folder}.unpacking`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { recursive: true })
  if (archive.endsWith('.zip')) await run('tar', ['-xf', archive, '-C', aside])
  else await extract({ file: archive, cwd: aside, strict: true })
  await replaceFolder(aside, folder)
}
