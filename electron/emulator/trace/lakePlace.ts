/** Where in the lake one record of a topic stands: its file, its line, and since when. */
import { stat } from 'node:fs/promises'
import { relative } from 'node:path'
import type { Entry } from '../../local/lake/entry.ts'
import { lakeFiles, lakeLines } from '../verify/lakeLines.ts'

export interface LakePlace {
  /** Below the lake's folder. */
  readonly file: string
  /** From 1 on. */
  readonly line: number
  /** When the file came into place, ms since 1970, by the file system. */
  readonly at: number
  /** What the line holds. */
  readonly content: Buffer
}

/** The line of an offset in its file; null where the file leaves it out. */
export function lineOf({ ranges }: Pick<Entry, 'ranges'>, offset: bigint): number | null {
  let before = 0n
  for (const [first, last] of ranges) {
    if (offset < first) return null
    if (offset <= last) return Number(before + offset - first) + 1
    before += last - first + 1n
  }
  return null
}

/** Null while no file holds it. */
export async function lakePlace(
  dir: string,
  topic: string,
  partition: number,
  offset: bigint,
  signal: AbortSignal,
): Promise<LakePlace | null> {
  const files = await lakeFiles(dir, topic, partition)
  const file = files.find(({ entry }) => lineOf(entry, offset) !== null)
  const line = file === undefined ? null : lineOf(file.entry, offset)
  if (file === undefined || line === null) return null
  for await (const lines of lakeLines([file], offset, offset, signal)) {
    const found = lines.find(({ key }) => key === offset)
    if (!found?.content) continue
    // The rename into place is the last change of the file itself.
    const { ctimeMs } = await stat(file.path)
    return {
      file: relative(dir, file.path),
      line,
      at: Math.round(ctimeMs),
      content: Buffer.from(found.content),
    }
  }
  return null
}
