/** Which jars the broker runs from, and whether each is the one that was published. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fileSum } from '../../lib/download.ts'

/** sha256 by file name. */
export type Sums = Readonly<Record<string, string>>

const lockSchema = z.object({
  version: z.string(),
  jars: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
})

/** The sums shipped with the app, or recorded after an archive was checked as a whole. */
export async function readLock(
  file: string,
): Promise<{ readonly version: string; readonly jars: Sums } | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  return text === null ? null : lockSchema.parse(JSON.parse(text))
}

/** The sums of what is in a folder. */
export async function sumsOf(folder: string): Promise<Sums> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jar')).sort()
  const sums = await Promise.all(names.map((name) => fileSum(join(folder, name), 'sha256')))
  return Object.fromEntries(names.map((name, nth) => [name, sums[nth] ?? '']))
}

/** What is wrong with a folder of jars, in words; null where each is there and nothing is strange. */
export function difference(found: Sums, locked: Sums): string | null {
  const missing = Object.keys(locked).filter((name) => found[name] === undefined)
  const changed = Object.keys(locked).filter(
    (name) => found[name] !== undefined && found[name] !== locked[name],
  )
  const strange = Object.keys(found).filter((name) => locked[name] === undefined)
  if (changed.length > 0) return `${changed.length} jars are not what was published: ${changed[0]}`
  if (missing.length > 0)
    return `${missing.length} of ${Object.keys(locked).length} jars are missing: ${missing[0]}`
  if (strange.length > 0) return `${strange.length} jars do not belong here: ${strange[0]}`
  return null
}
