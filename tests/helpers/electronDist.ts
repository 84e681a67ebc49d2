/** A stand-in for Electron's unpacked program, for packaging without the network: the files and the fuse wire it needs. */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Electron's own marker before the fuses; after it come the version (1), the number of fuses, and one digit for each. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const fuseCount = 9

/** Makes the folder that `electronDist` is pointed at. */
export async function makeElectronDist(folder: string, version: string): Promise<void> {
  await mkdir(join(folder, 'locales'), { recursive: true })
  await mkdir(join(folder, 'resources'), { recursive: true })
  const wire = Buffer.concat([
    Buffer.from('stand-in\0'),
    Buffer.from(sentinel, 'ascii'),
    Buffer.from([1, fuseCount]),
    Buffer.from('1'.repeat(fuseCount), 'ascii'),
    Buffer.alloc(64),
  ])
  await writeFile(join(folder, 'electron'), wire)
  await chmod(join(folder, 'electron'), 0o755)
  await writeFile(join(folder, 'version'), version)
  for (const name of [
    'LICENSE',
    'LICENSES.chromium.html',
    'chrome-sandbox',
    'chrome_crashpad_handler',
    'resources.pak',
    'icudtl.dat',
  ]) {
    await writeFile(join(folder, name), name)
  }
  await writeFile(join(folder, 'locales', 'en-US.pak'), 'en-US')
}
