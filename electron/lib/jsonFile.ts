/** A JSON file that is checked when read and replaced whole when written; what is damaged is put aside, never dropped. */
import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { ErrorDetail } from '../../shared/errors.ts'

export interface ReadResult<T> {
  /** Null where there is no usable file. */
  readonly value: T | null
  readonly problem: ErrorDetail | null
}

/** Takes the stored value of version n to version n + 1. */
export type Migration = (stored: Record<string, unknown>) => Record<string, unknown>

export interface Format<T> {
  readonly schema: z.ZodType<T>
  /** The version this app writes. */
  readonly version: number
  /** By the version they start from. */
  readonly migrations?: Readonly<Record<number, Migration>>
}

const versioned = z.looseObject({ version: z.int().min(1).default(1) })

/**
 * Reads and checks. A file of a newer version stays untouched and is refused; a damaged one is renamed to `<file>.bad` and
 * the reason told. Throws only what the file system throws besides "not there".
 */
export async function readJsonFile<T>(file: string, format: Format<T>): Promise<ReadResult<T>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return { value: null, problem: null }
  try {
    let stored: Record<string, unknown> & { version: number } = versioned.parse(JSON.parse(text))
    if (stored.version > format.version) {
      return {
        value: null,
        problem: {
          code: 'FILE_NEWER',
          message: `This file was written by a newer Pipeline Control: ${file}`,
          hint: 'Update the app, or start it with another PIPELINE_HOME. The file is left as it is.',
        },
      }
    }
    while (stored.version < format.version) {
      const from = stored.version
      stored = { ...(format.migrations?.[from]?.(stored) ?? stored), version: from + 1 }
    }
    return { value: format.schema.parse(stored), problem: null }
  } catch (thrown) {
    const kept = `${file}.bad`
    await rename(file, kept)
    return {
      value: null,
      problem: {
        code: 'FILE_DAMAGED',
        message: `This file could not be read and was kept as ${kept}: ${reasonOf(thrown)}`,
        hint: 'The defaults are in use. Mend the file and put it back, or change the settings anew.',
      },
    }
  }
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof z.ZodError) {
    const issue = thrown.issues[0]
    return `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not as expected'}`
  }
  return thrown instanceof Error ? thrown.message : 'not JSON'
}

/** Replaces the file in one step (write aside, sync, rename), readable by its owner only. */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
}
