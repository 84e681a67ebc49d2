/** The dry run: each kind's records as NDJSON in a folder. */
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { type Kind, kinds } from '../../../shared/names.ts'
import type { Sink } from '../types.ts'

/** Appends to `<folder>/<kind>.ndjson`; a record is acknowledged once the system has taken it. */
export function fileSink(folder: string): Sink {
  const files = new Map<Kind, { readonly path: string; readonly file: number; line: number }>()

  const open = (kind: Kind) => {
    const known = files.get(kind)
    if (known) return known
    const path = filePath(folder, kind)
    mkdirSync(folder, { recursive: true })
    const opened = { path, file: openSync(path, 'a', 0o600), line: countLines(path) }
    files.set(kind, opened)
    return opened
  }

  return {
    id: 'file',
    send: async (kind, records) => {
      try {
        const opened = open(kind)
        const bytes = Buffer.from(records.map((record) => `${record.json}\n`).join(''))
        for (let done = 0; done < bytes.length; ) done += writeSync(opened.file, bytes, done)
        return records.map(() => ({
          ok: true,
          position: { to: 'file', path: opened.path, line: opened.line++ },
        }))
      } catch (thrown) {
        const { code, message, hint } = fileError(folder, thrown)
        return records.map(() => ({ ok: false, code, message, hint, retriable: false, uncertain: true }))
      }
    },
    preview: (kind, records) =>
      records.map((record) => ({
        sink: 'file',
        kind,
        target: filePath(folder, kind),
        headers: [],
        body: record.json,
      })),
    close: async () => {
      for (const { file } of files.values()) closeSync(file)
      files.clear()
    },
  }
}

/** The files a folder gets. */
export const filePaths = (folder: string): readonly string[] => kinds.map((kind) => filePath(folder, kind))

const filePath = (folder: string, kind: Kind) => join(folder, `${kind}.ndjson`)

function countLines(path: string): number {
  return readFileSync(path).reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 0)
}

function fileError(folder: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AppError(
    {
      code: 'FILE_SINK_FAILED',
      message: `The records could not be written to ${folder}: ${reason}`,
      hint: 'Choose a folder you may write to, on a disk with free space.',
      field: 'options.filePath',
    },
    cause,
  )
}
