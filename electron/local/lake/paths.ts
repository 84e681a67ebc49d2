/** Where everything in a lake lies; the names under `topics/` are those of the S3 sink connector. */
import { join } from 'node:path'

export interface PartitionPaths {
  /** The data: `topics/<topic>/partition=<n>`. */
  readonly data: string
  /** One small file for each data file: `_offsets/<topic>/<n>`. */
  readonly entries: string
  /** Where a person chose to go on, after a problem. */
  readonly choice: string
  /** Earlier generations, set aside by a person's choice. */
  readonly generations: string
}

export function partitionPaths(dir: string, topic: string, partition: number): PartitionPaths {
  const entries = join(dir, '_offsets', topic, String(partition))
  return {
    data: join(dir, 'topics', topic, `partition=${partition}`),
    entries,
    choice: join(entries, 'choice'),
    generations: join(dir, '_generations', topic, String(partition)),
  }
}

/** Files being written: on the same disk, but not where readers look. */
export const writingFolder = (dir: string) => join(dir, '_writing')

const digits = (start: bigint) => String(start).padStart(10, '0')

export const dataName = (topic: string, partition: number, start: bigint) =>
  `${topic}+${partition}+${digits(start)}.json`

export const entryName = (start: bigint) => `${digits(start)}.json`

/** The start offset in a data file's name; null for any other file. */
export function startOfData(name: string, topic: string, partition: number): bigint | null {
  const prefix = `${topic}+${partition}+`
  return name.startsWith(prefix) ? startOfEntry(name.slice(prefix.length)) : null
}

/** The start offset in an entry's name; null for any other file. */
export function startOfEntry(name: string): bigint | null {
  const match = /^(\d{10,19})\.json$/.exec(name)
  return match?.[1] === undefined ? null : BigInt(match[1])
}
