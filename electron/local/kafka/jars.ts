/** Which jars the broker runs from, and whether each is the one that was published. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { fileSum } from '../../lib/download.ts'

/** sha256 by file name. */
export type Sums = Readonly<Record<string, string>>

const listSchema = z.object({
  version: z.string(),
  jars: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
})

export type JarList = z.infer<typeof listSchema>

/** A list that was recorded after an archive was checked as a whole; null where there is none, or it is damaged. */
export async function readList(file: string): Promise<JarList | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  try {
    return text === null ? null : listSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** The list shipped with the app: all that the broker needs, by the sums of what is on Maven Central. Throws APP_DAMAGED. */
export async function readLock(resources: string): Promise<JarList> {
  const list = await readList(join(resources, 'kafka', 'jars.lock.json'))
  if (list !== null) return list
  throw new AppError({
    code: 'APP_DAMAGED',
    message: 'The list of Kafka’s jars is missing.',
    hint: 'Install the app again.',
  })
}

/** The sums of all jars of a folder, or of those that are named and there. */
export async function sumsOf(folder: string, names?: readonly string[]): Promise<Sums> {
  const there = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jar')).sort()
  const wanted = names === undefined ? there : there.filter((name) => names.includes(name))
  const sums = await Promise.all(wanted.map((name) => fileSum(join(folder, name), 'sha256')))
  return Object.fromEntries(wanted.map((name, nth) => [name, sums[nth] ?? '']))
}

/** What is wrong with the listed jars, in words; null where each is there and right. Others never come on the class path. */
export function difference(found: Sums, listed: Sums): string | null {
  const names = Object.keys(listed)
  const missing = names.filter((name) => found[name] === undefined)
  const changed = names.filter((name) => found[name] !== undefined && found[name] !== listed[name])
  if (changed.length > 0) return `${changed.length} jars are not what was published: ${changed[0]}`
  if (missing.length > 0) return `${missing.length} of ${names.length} jars are missing: ${missing[0]}`
  return null
}
