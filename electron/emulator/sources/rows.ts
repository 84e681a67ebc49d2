/** One row of a source file: parsed, numbers as numbers, datetimes in the original's text. */
import { parse } from 'csv-parse/sync'
import { AppError } from '../../../shared/errors.ts'
import type { Row } from '../types.ts'

/** Where the rows of a file are, in bytes. */
export interface Lines {
  readonly size: number
  /** `end` is the byte after the row's last. */
  range(index: number): { readonly start: number; readonly end: number }
  /** Of a CSV file; undefined for NDJSON. */
  readonly columns?: readonly string[]
}

/** Columns that are numbers in the database; everything else of a CSV stays text (`follower_count` is text there). */
const numeric = new Set(['index', 'ind', 'downloaded', 'latitude', 'longitude', 'age'])
const moments = new Set(['timestamp', 'date_joined'])

/** Throws AppError SOURCE_ROW_BROKEN naming the line. */
export function parseJsonRow(text: string, path: string, index: number): Row {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw brokenRow(path, index, 'it is no JSON', cause)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw brokenRow(path, index, 'it is no JSON object')
  }
  return Object.fromEntries(Object.entries(value).map(([name, cell]) => [name, cellOf(name, cell)]))
}

/** Throws AppError SOURCE_ROW_BROKEN naming the row. */
export function parseCsvRow(text: string, columns: readonly string[], path: string, index: number): Row {
  let cells: string[]
  try {
    cells = (parse(text, { relax_column_count: true, skip_empty_lines: true }) as string[][])[0] ?? []
  } catch (cause) {
    throw brokenRow(path, index, 'it is no CSV', cause)
  }
  if (cells.length !== columns.length) {
    throw brokenRow(path, index, `it has ${cells.length} columns and not ${columns.length}`)
  }
  return Object.fromEntries(columns.map((name, i) => [name, csvCell(name, cells[i] ?? '')]))
}

function csvCell(name: string, text: string): string | number | null {
  if (!numeric.has(name)) return momentOf(name, text)
  if (text.trim() === '') return null
  const value = Number(text)
  return Number.isFinite(value) ? value : text
}

function cellOf(name: string, cell: unknown): string | number | boolean | null {
  if (typeof cell === 'string') return momentOf(name, cell)
  if (typeof cell === 'number' || typeof cell === 'boolean' || cell === null) return cell
  return JSON.stringify(cell)
}

/** ISO 8601 and fractions of seconds become `YYYY-MM-DD HH:MM:SS`. */
function momentOf(name: string, text: string): string {
  if (!moments.has(name)) return text
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|\+00:00)?$/.exec(text)
  return match ? `${match[1]} ${match[2]}` : text
}

function brokenRow(path: string, index: number, reason: string, cause?: unknown): AppError {
  return new AppError(
    {
      code: 'SOURCE_ROW_BROKEN',
      message: `Row ${index} cannot be read, because ${reason}: ${path}`,
      hint: 'Rows are numbered from 0. Correct the file and start again.',
      field: 'options.source.paths',
    },
    cause,
  )
}
