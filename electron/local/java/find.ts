/** Finds a Java that can run the broker, in the places where systems and people put it. */
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { oldestJava } from '../kafka/version.ts'
import { hereNow, type JavaSurroundings, namedPrograms, programsIn, usualFolders } from './places.ts'

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

/** The homes in the usual places; of several in one folder the last name first, which mostly is the newest. */
async function usualPrograms(here: JavaSurroundings): Promise<string[]> {
  const found = await Promise.all(
    usualFolders(here).map(async ({ folder, only, below = '' }) =>
      (await readdir(folder).catch(() => []))
        .filter((name) => only?.test(name) ?? true)
        .sort()
        .reverse()
        .flatMap((name) => programsIn(join(folder, name, below), here.platform)),
    ),
  )
  return found.flat()
}

async function askJava(program: string, signal: AbortSignal): Promise<Java | null> {
  const answer = await run(program, ['-version'], { signal, timeout: 10_000, windowsHide: true }).catch(
    () => null,
  )
  const parsed = answer === null ? null : parseVersion(answer.stderr + answer.stdout)
  return parsed === null ? null : { program, ...parsed }
}

export interface JavaSearch {
  /** The first that is new enough. */
  readonly found: Java | null
  /** Those that are too old, for the reason shown. */
  readonly tooOld: readonly Java[]
}

/** Where the user named a folder, only that one is looked at. */
export async function findJava(
  options: { readonly javaHome: string; readonly cache: string },
  signal: AbortSignal,
): Promise<JavaSearch> {
  const here = hereNow(options.cache)
  const programs =
    options.javaHome === ''
      ? [...namedPrograms(here), ...(await usualPrograms(here))]
      : programsIn(options.javaHome, here.platform)
  const tooOld: Java[] = []
  for (const program of new Set(programs)) {
    signal.throwIfAborted()
    const java = await askJava(program, signal)
    if (java === null) continue
    if (java.major >= oldestJava) return { found: java, tooOld }
    tooOld.push(java)
  }
  return { found: null, tooOld }
}
