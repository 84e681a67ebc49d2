/** Three files, NDJSON or CSV, as a source: line n of each belongs to the same post. */
import { open } from 'node:fs/promises'
import type { SourceOptions } from '../../../shared/emulation.ts'
import { AppError } from '../../../shared/errors.ts'
import { type Kind, kinds } from '../../../shared/names.ts'
import type { Row, Source } from '../types.ts'
import { beyondSource } from './beyond.ts'
import { indexCsv } from './csvIndex.ts'
import { indexLines } from './lineIndex.ts'
import { type Lines, parseCsvRow, parseJsonRow } from './rows.ts'

/** Reads where each row begins (8 bytes a row in memory); rows are read when they are asked for. */
export async function filesSource(
  options: Extract<SourceOptions, { kind: 'files' }>,
  signal: AbortSignal,
): Promise<Source> {
  const files: Partial<Record<Kind, RowFile>> = {}
  const close = async () => {
    await Promise.all(Object.values(files).map((file) => file.close()))
  }
  try {
    for (const kind of kinds) files[kind] = await openFile(options.paths[kind], options.format, kind, signal)
  } catch (thrown) {
    await close()
    throw thrown
  }
  const sizes = kinds.map((kind) => files[kind]?.size ?? 0)
  const size = Math.min(...sizes)
  if (size === 0) {
    await close()
    throw emptyFile(options.paths[kinds[sizes.indexOf(0)] ?? 'pin'])
  }
  const read = async (kind: Kind, index: number): Promise<Row> => {
    const row = await files[kind]?.read(index)
    if (row === undefined) throw beyondSource(index, size)
    return row
  }
  return {
    size,
    warnings:
      new Set(sizes).size > 1
        ? [`The files have different numbers of rows (${sizes.join(', ')}); the smallest counts.`]
        : [],
    read: async (index) => {
      if (index >= size) throw beyondSource(index, size)
      const [pin, geo, user] = await Promise.all([
        read('pin', index),
        read('geo', index),
        read('user', index),
      ])
      return { index, rows: { pin, geo, user } }
    },
    close,
  }
}

interface RowFile {
  readonly size: number
  read(index: number): Promise<Row>
  close(): Promise<void>
}

async function openFile(
  path: string,
  format: 'ndjson' | 'csv',
  kind: Kind,
  signal: AbortSignal,
): Promise<RowFile> {
  const field = `options.source.paths.${kind}`
  const file = await open(path, 'r').catch((thrown: unknown) => {
    throw unreadable(path, field, thrown)
  })
  try {
    const lines: Lines = format === 'csv' ? await indexCsv(path, signal) : await indexLines(path, signal)
    return {
      size: lines.size,
      read: async (index) => {
        const { start, end } = lines.range(index)
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(end - start), 0, end - start, start)
        const text = buffer.toString('utf8', 0, bytesRead)
        return lines.columns ? parseCsvRow(text, lines.columns, path, index) : parseJsonRow(text, path, index)
      },
      close: () => file.close(),
    }
  } catch (thrown) {
    await file.close()
    throw thrown instanceof AppError ? thrown : unreadable(path, field, thrown)
  }
}

function unreadable(path: string, field: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AppError(
    {
      code: 'SOURCE_FILE_UNREADABLE',
      message: `A source file cannot be read: ${reason}`,
      hint: `Check the path and that you may read the file: ${path}`,
      field,
    },
    cause,
  )
}

function emptyFile(path: string): AppError {
  return new AppError({
    code: 'SOURCE_FILE_EMPTY',
    message: `A source file has no rows: ${path}`,
    hint: 'Choose a file with one JSON object a line, or CSV with a header line.',
    field: 'options.source.paths',
  })
}
