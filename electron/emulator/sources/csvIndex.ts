/** Where the rows of a CSV file are: a row may hold line breaks in quotes, so the parser itself must say. */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import type { Lines } from './rows.ts'

/** Reads the file once. The first row names the columns; a column without a name (pandas' own index) keeps its number. */
export async function indexCsv(path: string, signal: AbortSignal): Promise<Lines> {
  const ends: number[] = []
  let columns: string[] = []
  const parser = parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true })
  const collect = async (rows: AsyncIterable<{ record: string[]; info: { bytes: number } }>) => {
    for await (const { record, info } of rows) {
      if (ends.length === 0) columns = record.map((name, i) => name || `column_${i}`)
      ends.push(info.bytes)
    }
  }
  await pipeline(createReadStream(path), parser, collect, { signal })
  return {
    size: Math.max(0, ends.length - 1),
    columns,
    range: (index) => ({ start: ends[index] ?? 0, end: ends[index + 1] ?? 0 }),
  }
}
