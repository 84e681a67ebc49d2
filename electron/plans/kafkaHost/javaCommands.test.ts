import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { quote } from '../../lib/quote.ts'
import {
  broughtJavaRemoveScript,
  forgetPackagesScript,
  javaInstallScript,
  keepPackagesScript,
  newPackagesScript,
  olderJavasRemoveScript,
  packagesRemoveScript,
} from './javaCommands.ts'
import { javaHomes } from './javaRuntime.ts'
import { places } from './wanted.ts'

const exec = promisify(execFile)

const scripts: readonly (readonly [string, string])[] = [
  ['keep', keepPackagesScript],
  ['new', newPackagesScript],
  ['forget', forgetPackagesScript],
  ['remove older', olderJavasRemoveScript],
  ['remove what was brought', broughtJavaRemoveScript],
  ...(['apt-get', 'dnf', 'yum'] as const).flatMap((manager) => [
    [`install by ${manager}`, javaInstallScript(manager)] as const,
    [`remove by ${manager}`, packagesRemoveScript(manager, ["it's", '$(a)', 'b'])] as const,
  ]),
]
it.each(scripts)('%s is a script that sh takes', async (_, script) => {
  await exec('sh', ['-n', '-c', script])
})

describe.runIf(process.platform !== 'win32')('older ones that were brought', () => {
  it('go, but for the one in use, whatever they are called', async () => {
    const folder = await mkdtemp(join(tmpdir(), "java's "))
    try {
      const homes = ['jdk-17.0.1+2-jre', 'jdk-17.0.9+1-jre', 'jdk-17.0.9+1-jre.part']
      for (const home of homes) await mkdir(join(folder, home, 'bin'), { recursive: true })
      await symlink(join(folder, 'jdk-17.0.9+1-jre'), join(folder, 'current'))
      await exec('sh', ['-c', olderJavasRemoveScript.replaceAll(javaHomes, quote(folder))])
      expect((await readdir(folder)).sort()).toEqual(['current', 'jdk-17.0.9+1-jre'])
      await rm(join(folder, 'current'))
      await exec('sh', ['-c', olderJavasRemoveScript.replaceAll(javaHomes, quote(folder))])
      expect(await readdir(folder)).toEqual([])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe.runIf(process.platform !== 'win32')('packages', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packages-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** With a dpkg-query that says this, or fails. */
  const run = async (script: string, said: string | null) => {
    const query = join(folder, 'dpkg-query')
    await writeFile(
      query,
      said === null ? '#!/bin/sh\necho "ii half"; exit 2\n' : `#!/bin/sh\nprintf '${said}'\n`,
    )
    await chmod(query, 0o755)
    const env = { PATH: `${folder}:${process.env.PATH}` }
    const { stdout } = await exec('sh', ['-c', script.replaceAll(places.data, folder)], { env })
    return stdout
  }

  it('that came since are named, also where the first try was cut off, and none where nothing was kept', async () => {
    const before = 'ii libc6\\nrc old\\nii sed\\n'
    expect(await run(newPackagesScript, before)).toBe('')
    await run(keepPackagesScript, before)
    // Pressed again while the first one still unpacks.
    await run(keepPackagesScript, `${before}iU java\\n`)
    expect(await run(newPackagesScript, `${before}iU java\\niF fonts\\nun never\\n`)).toBe('fonts\njava\n')
    await run(forgetPackagesScript, before)
    expect(await run(newPackagesScript, `${before}ii java\\n`)).toBe('')
  })

  it('that could not be listed whole are not taken for all there were', async () => {
    await expect(run(keepPackagesScript, null)).rejects.toThrow()
    await run(keepPackagesScript, 'ii libc6\\n')
    await expect(run(newPackagesScript, null)).rejects.toThrow()
    expect(await run(newPackagesScript, 'ii libc6\\nii java\\n')).toBe('java\n')
  })
})
