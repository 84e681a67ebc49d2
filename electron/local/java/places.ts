/** Where a Java may be on each system: pure lists of paths, best first. */
import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import { systemOf } from '../../lib/platformOs.ts'

export interface JavaSurroundings {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Our own cache, whose `java/` holds what we downloaded. */
  readonly cache: string
}

export const hereNow = (cache: string): JavaSurroundings => ({
  platform: process.platform,
  environment: process.env,
  home: homedir(),
  cache,
})

const pathOf = (platform: NodeJS.Platform) => (platform === 'win32' ? win32 : posix)

/** The programs a folder may hold that somebody calls a Java home: a home, a macOS bundle, or the program itself. */
export function programsIn(folder: string, platform: NodeJS.Platform): string[] {
  const { join, basename } = pathOf(platform)
  const name = systemOf(platform).executable('java')
  if (basename(folder) === name) return [folder]
  const home = join(folder, 'bin', name)
  return platform === 'darwin' ? [home, join(folder, 'Contents', 'Home', 'bin', name)] : [home]
}

/** Programs named by JAVA_HOME and PATH. */
export function namedPrograms({ platform, environment }: JavaSurroundings): string[] {
  const { join } = pathOf(platform)
  const name = systemOf(platform).executable('java')
  const inPath = (environment.PATH ?? environment.Path ?? '')
    .split(systemOf(platform).listSeparator)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    // Apple's own is no Java: where none is installed it opens a dialog instead.
    .filter((program) => platform !== 'darwin' || program !== '/usr/bin/java')
  const home = environment.JAVA_HOME
  return [...(home ? programsIn(home, platform) : []), ...inPath]
}

/** Folders whose sub-folders are Java homes; `only` limits which. */
export function usualFolders({ platform, environment, home, cache }: JavaSurroundings): readonly {
  readonly folder: string
  readonly only?: RegExp
  /** From the sub-folder to the home. */
  readonly below?: string
}[] {
  const { join } = pathOf(platform)
  const ours = [{ folder: join(cache, 'java') }, { folder: join(home, '.sdkman', 'candidates', 'java') }]
  if (platform === 'darwin') {
    const brew = { only: /^openjdk/, below: 'libexec/openjdk.jdk' }
    return [
      ...ours,
      { folder: '/Library/Java/JavaVirtualMachines' },
      { folder: join(home, 'Library', 'Java', 'JavaVirtualMachines') },
      { folder: '/opt/homebrew/opt', ...brew },
      { folder: '/usr/local/opt', ...brew },
    ]
  }
  if (platform === 'win32') {
    const root = environment.ProgramFiles ?? 'C:\\Program Files'
    const vendors = ['Eclipse Adoptium', 'Java', 'Microsoft', 'Amazon Corretto', 'Zulu', 'BellSoft']
    return [...ours, ...vendors.map((vendor) => ({ folder: join(root, vendor) }))]
  }
  return [...ours, { folder: '/usr/lib/jvm' }, { folder: '/opt/java' }, { folder: '/usr/java' }]
}
