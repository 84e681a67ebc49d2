/** The sums of archives whose publisher tells none: recorded when one first came, compared ever after (decision 9). */
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { readJsonFile, writeJsonFile } from '../../lib/jsonFile.ts'

export interface RecordedSums {
  /** Hex digest of SHA-256; null where this archive never came. Throws AppError FILE_NEWER, FILE_DAMAGED. */
  of(archive: string): Promise<string | null>
  /** Once: what is recorded stays. */
  record(archive: string, sha256: string): Promise<void>
}

const schema = z.object({
  version: z.literal(1),
  archives: z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), at: z.int() })),
})
type Stored = z.infer<typeof schema>

/** One file for all pipelines of this app's folder. */
export function recordedSums(file: string): RecordedSums {
  let turn: Promise<unknown> = Promise.resolve()
  const read = async (): Promise<Stored> => {
    const { value, problem } = await readJsonFile(file, { schema, version: 1 })
    if (problem !== null) throw new AppError(problem)
    return value ?? { version: 1, archives: {} }
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => {})
    return result
  }
  return {
    of: (archive) => inTurn(async () => (await read()).archives[archive]?.sha256 ?? null),
    record: (archive, sha256) =>
      inTurn(async () => {
        const stored = await read()
        if (stored.archives[archive] !== undefined) return
        const archives = { ...stored.archives, [archive]: { sha256, at: Date.now() } }
        await writeJsonFile(file, { ...stored, archives })
      }),
  }
}
