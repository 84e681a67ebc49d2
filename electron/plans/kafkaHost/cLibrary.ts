/** The C library of a host: a program that we bring must have been built for it. */
import type { RootShell } from '../../clients/ssh/sudo.ts'

/** Major and minor number of a glibc. */
export type Glibc = readonly [number, number]

/** `glibc 2.34` as its numbers; null where it is another library. */
export function parseGlibc(text: string): Glibc | null {
  const match = /glibc (\d+)\.(\d+)/.exec(text)
  return match === null ? null : [Number(match[1]), Number(match[2])]
}

/** Null where the host has another library, such as musl. */
export const glibcOf = async (root: RootShell, signal: AbortSignal): Promise<Glibc | null> =>
  parseGlibc((await root.run('getconf GNU_LIBC_VERSION', { signal })).stdout)

/** Why what needs at least `oldest` does not run there; null where it does. */
export function unfitLibrary(glibc: Glibc | null, oldest: Glibc): string | null {
  if (glibc === null) return `it is not glibc (musl?), glibc ${oldest.join('.')} or newer is needed`
  const [major, minor] = oldest
  if (glibc[0] > major || (glibc[0] === major && glibc[1] >= minor)) return null
  return `glibc ${glibc.join('.')}, ${oldest.join('.')} is needed`
}
