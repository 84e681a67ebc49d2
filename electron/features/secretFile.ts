/** The stored secrets of a folder: `secrets.json`, each with the store that holds it (decision 2). */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Problem } from '../../shared/contract/base.ts'
import { AppError } from '../../shared/errors.ts'
import { readJsonFile, writeJsonFile } from '../lib/jsonFile.ts'
import { kdfSchema, sealedSchema } from '../lib/seal.ts'

const itemSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('vault'), name: z.string(), sealed: sealedSchema }),
  /** `store` is the name of the system's store, `data` what it gave us to keep. */
  z.object({ kind: z.literal('keychain'), name: z.string(), store: z.string(), data: z.base64() }),
])
export type StoredSecret = z.infer<typeof itemSchema>

const fileSchema = z.object({
  version: z.literal(1),
  /** `check` is a known text sealed under the key: it tells a wrong passphrase at once. */
  vault: z.object({ kdf: kdfSchema, check: sealedSchema }).nullable(),
  items: z.array(itemSchema).max(10_000),
})
export type SecretFile = z.infer<typeof fileSchema>

export interface OpenSecretFile {
  readonly problem: Problem | null
  get(): SecretFile
  /** Replaces the file in one step. Throws AppError FILE_NEWER where it is not ours to write. */
  set(next: Omit<SecretFile, 'version'>): Promise<void>
  /** Deletes it, and what was put aside as damaged. */
  clear(): Promise<void>
}

export async function openSecretFile(home: string): Promise<OpenSecretFile> {
  const file = join(home, 'secrets.json')
  const { value, problem } = await readJsonFile(file, { schema: fileSchema, version: 1 })
  let stored: SecretFile = value ?? { version: 1, vault: null, items: [] }
  return {
    problem,
    get: () => stored,
    async set(next) {
      if (problem?.code === 'FILE_NEWER') throw new AppError(problem)
      const written: SecretFile = { version: 1, ...next }
      await writeJsonFile(file, written)
      stored = written
    },
    async clear() {
      if (problem?.code === 'FILE_NEWER') throw new AppError(problem)
      await rm(`${file}.bad`, { force: true })
      await rm(file, { force: true })
      stored = { version: 1, vault: null, items: [] }
    },
  }
}
