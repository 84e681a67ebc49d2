/** A run on disk: `runs/<runId>/run.json`, its settings and result, without any secret. */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { runSnapshotSchema } from '../../../shared/emulation.ts'
import { kindNamesSchema } from '../../../shared/settings.ts'

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
})
export type RunFile = z.infer<typeof runFileSchema>

const fileName = 'run.json'

/** Written aside and renamed, readable by the owner only. */
export async function writeRunFile(folder: string, run: RunFile): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFileAtomic(join(folder, fileName), `${JSON.stringify(run, null, 2)}\n`, {
    mode: 0o600,
    fsync: false,
  })
}

/** Null where there is none or it cannot be read; the file then stays as it is. */
export async function readRunFile(folder: string): Promise<RunFile | null> {
  const text = await readFile(join(folder, fileName), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return runFileSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** All runs below `folder`, newest first. */
export async function listRunFiles(folder: string): Promise<RunFile[]> {
  const names = await readdir(folder).catch(() => [])
  const runs = await Promise.all(names.map((name) => readRunFile(join(folder, name))))
  return runs.filter((run) => run !== null).sort((a, b) => b.snapshot.startedAt - a.snapshot.startedAt)
}
