/** Which files of the lake are sent to a volume: compared by name and size, and by when they were written. */
import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '../../lib/jsonFile.ts'

export interface LakeFile {
  /** Below the folder, with slashes: `learner.pin/partition=0/learner.pin+0+0000000000.json`. */
  readonly name: string
  readonly bytes: number
  /** ms since 1970 */
  readonly writtenAt: number
}

/** Records that are whole: what is being written lies in folders and files whose names begin with an underscore. */
export async function lakeFiles(folder: string): Promise<LakeFile[]> {
  const names = await readdir(folder, { recursive: true }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return []
    throw thrown
  })
  const data = names
    .map((name) => relative('.', name).split(sep))
    .filter((parts) => parts.at(-1)?.endsWith('.json') && !parts.some((part) => part.startsWith('_')))
  const found = await Promise.all(
    data.map(async (parts) => {
      const { size, mtimeMs } = await stat(join(folder, ...parts))
      return { name: parts.join('/'), bytes: size, writtenAt: Math.round(mtimeMs) }
    }),
  )
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

const schema = z.object({
  version: z.literal(1),
  /** By where they were sent to, `https://host /Volumes/…`: when each file had been written, by its name. */
  places: z.record(z.string(), z.record(z.string(), z.int())),
})

/** When each file that was sent had been written, by its name. */
export type Sent = Map<string, number>

const placesOf = async (file: string) =>
  (await readJsonFile(file, { schema, version: 1 })).value?.places ?? {}

/** Empty where nothing was sent to this place yet. */
export async function readSent(file: string, to: string): Promise<Sent> {
  return new Map(Object.entries((await placesOf(file))[to] ?? {}))
}

/** Of this place; what was sent to others stays known. */
export async function writeSent(file: string, to: string, sent: Sent): Promise<void> {
  const { [to]: _, ...others } = await placesOf(file)
  const places = sent.size === 0 ? others : { ...others, [to]: Object.fromEntries(sent) }
  await writeJsonFile(file, { version: 1, places })
}

export interface Difference {
  readonly toSend: readonly LakeFile[]
  /** Names of files that this computer sent and the lake no longer has: it was deleted since. */
  readonly stale: readonly string[]
  readonly same: number
}

/**
 * `there`: bytes by name. A file of the same name and size that was written anew since it was sent is another file. `ours`: nobody
 * else puts files there; else only what was sent from here can be stale.
 */
export function differenceOf(
  here: readonly LakeFile[],
  there: ReadonlyMap<string, number>,
  sent: Sent,
  ours: boolean,
): Difference {
  const isThere = ({ name, bytes, writtenAt }: LakeFile) =>
    there.get(name) === bytes && (sent.get(name) ?? writtenAt) === writtenAt
  const names = new Set(here.map(({ name }) => name))
  const toSend = here.filter((file) => !isThere(file))
  return {
    toSend,
    stale: [...there.keys()].filter((name) => !names.has(name) && (ours || sent.has(name))),
    same: here.length - toSend.length,
  }
}
