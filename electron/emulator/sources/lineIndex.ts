/** Where the lines of an NDJSON file are. */
import { createReadStream } from 'node:fs'
import type { Lines } from './rows.ts'

const newline = 10

/** Reads the file once; empty lines are left out. */
export async function indexLines(path: string, signal: AbortSignal): Promise<Lines> {
  const starts: number[] = []
  const ends: number[] = []
  let position = 0
  let start = 0
  const line = (end: number) => {
    if (end > start) {
      starts.push(start)
      ends.push(end)
    }
    start = end + 1
  }
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 1_048_576 })) {
    const bytes = chunk as Buffer
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) line(position + at)
    position += bytes.length
  }
  line(position)
  return {
    size: starts.length,
    range: (index) => ({ start: starts[index] ?? 0, end: ends[index] ?? 0 }),
  }
}
