/** Finds a Java that can run the broker, in the places where systems and people put it. */
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { oldestJava } from '../kafka/version.ts'

const run = promisify(execFile)

export interface Java {
  /** Absolute path of the program. */
  readonly program: string
  readonly major: number
  /** As it names itself: `17.0.15`. */
  readonly version: string
}

/** The number before the first dot of what `java -version` says; `1.8` is 8. Null where it is no Java's answer. */
export function parseVersion(text: string): { readonly version: string; readonly major: number } | null {
  const version = /version "([^"]+)"/.exec(text)?.[1]
  const match = version === undefined ? null : /^(?:1\.)?(\d+)/.exec(version)
  return version === undefined || match === null ? null : { version, major: Number(match[1]) }
}

const programName = (platform: NodeJS.Platform) => (platform === 'win32' ? 'java.exe' : 'java')

/** Folders of which each sub-folder is a Java home. */
function collections(
  platform: NodeJS.Platform,
  cache: string,
): readonly { readonly folder: string; readonly below: string }[] {
  const here = [
    { folder: join(cache, 'java'), below: platform === 'darwin' ? 'Contents/Home' : '' },
    { folder: join(homedir(), '.sdkman', 'candidates', 'java'), below: '' },
  ]
  if (platform === 'darwin')
    return [...here, { folder: '/Library/Java/JavaVirtualMachines', below: 'Contents/Home' }]
  if (platform === 'win32') {
    const root = process.env.ProgramFiles ?? 'C:\\Program Files'
    return [
      ...here,
      ...['Eclipse Adoptium', 'Java', 'Microsoft', 'Amazon Corretto'].map((name) => ({
        folder: join(root, name),
        below: '',
      })),
    ]
  }
  return [...here, { folder: '/usr/lib/jvm', below: '' }, { folder: '/opt/java', below: '' }]
}

/** Candidate programs, best first: what the user set, JAVA_HOME, PATH, then the usual places. */
async function candidates(javaHome: string, cache: string, platform: NodeJS.Platform): Promise<string[]> {
  const inHome = (home: string) => join(home, 'bin', programName(platform))
  const usual = await Promise.all(
    collections(platform, cache).map(async ({ folder, below }) =>
      (await readdir(folder).catch(() => []))
        .sort()
        .reverse()
        .map((name) => inHome(join(folder, name, below))),
    ),
  )
  return [
    ...(javaHome === '' ? [] : [inHome(javaHome)]),
    ...(process.env.JAVA_HOME ? [inHome(process.env.JAVA_HOME)] : []),
    ...(process.env.PATH ?? '')
      .split(delimiter)
      .filter((part) => part !== '')
      .map((part) => join(part, programName(platform))),
    ...usual.flat(),
  ]
}

async function ask(program: string, signal: AbortSignal): Promise<Java | null> {
  const answer = await run(program, ['-version'], { signal, timeout: 10_000 }).catch(() => null)
  const parsed = answer === null ? null : parseVersion(answer.stderr + answer.stdout)
  return parsed === null ? null : { program, ...parsed }
}

export interface JavaSearch {
  /** The first that is new enough. */
  readonly found: Java | null
  /** Those that are too old, for the reason shown. */
  readonly tooOld: readonly Java[]
}

export async function findJava(
  options: { readonly javaHome: string; readonly cache: string; readonly platform?: NodeJS.Platform },
  signal: AbortSignal,
): Promise<JavaSearch> {
  const tooOld: Java[] = []
  for (const program of new Set(
    await candidates(options.javaHome, options.cache, options.platform ?? process.platform),
  )) {
    signal.throwIfAborted()
    const java = await ask(program, signal)
    if (java === null) continue
    if (java.major >= oldestJava) return { found: java, tooOld }
    tooOld.push(java)
  }
  return { found: null, tooOld }
}
