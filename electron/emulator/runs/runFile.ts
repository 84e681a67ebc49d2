/** A run on disk: `runs/<runId>/run.json`, its settings and result, without any secret. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { problemSchema } from '../../../shared/contract/base.ts'
import { runSnapshotSchema } from '../../../shared/emulation.ts'
import { kindNamesSchema } from '../../../shared/settings.ts'
import { type ReadResult, readJsonFile, writeJsonFile } from '../../lib/jsonFile.ts'

const runFileSchema = z.object({
  version: z.literal(1),
  snapshot: runSnapshotSchema,
  /** The names as they were then; a pipeline may be renamed later. */
  topics: kindNamesSchema,
  streams: kindNamesSchema,
  /** Where each partition stood when the run began; null while it is not known. */
  start: z
    .object({
      kafka: z.array(z.object({ topic: z.string(), partition: z.int(), offset: z.string().regex(/^\d+$/) })),
    })
    .nullable(),
  /** Why it ended before its time; reading back has its own problems and must not hide this one. */
  endedBy: problemSchema.nullable().default(null),
})
export type RunFile = z.infer<typeof runFileSchema>

const fileName = 'run.json'

export async function writeRunFile(folder: string, run: RunFile): Promise<void> {
  await writeJsonFile(join(folder, fileName), run)
}

/** A damaged file is kept as `.bad`, one of a newer version stays; both with the reason. */
export async function readRunFile(folder: string): Promise<ReadResult<RunFile>> {
  return readJsonFile(join(folder, fileName), { schema: runFileSchema, version: 1 })
}

/** All runs below `folder` that can be read, newest first. */
export async function listRunFiles(folder: string): Promise<RunFile[]> {
  // Other programs leave files anywhere: Finder its .DS_Store, a person a copy.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const results = await Promise.all(names.map((name) => readRunFile(join(folder, name))))
  return results
    .map(({ value }) => value)
    .filter((run) => run !== null)
    .sort((a, b) => b.snapshot.startedAt - a.snapshot.startedAt)
}
