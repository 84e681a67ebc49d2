/** A file of values, one at a time: a JSON array, or one value a line (NDJSON). Never more of it in memory than needed. */
import { AppError } from '../../../shared/errors.ts'

/** A JSON array cannot be read in parts; larger ones are asked for as lines. */
const largestArray = 64 * 1024 * 1024

export interface FileValue {
  readonly text: string
  /** Line of the file, or place in the array; from 1 on. */
  readonly at: number
}

const unreadable = (message: string) =>
  new AppError({
    code: 'FILE_UNREADABLE',
    message,
    hint: 'Choose another file, or mend this one.',
    field: 'file',
  })

/** Throws AppError FILE_UNREADABLE where the file is no list of values. */
export async function* valuesIn(file: File): AsyncGenerator<FileValue, void, void> {
  const head = await file.slice(0, 1_024).text()
  if (head.trimStart().startsWith('[')) yield* arrayValues(file)
  else yield* lineValues(file)
}

async function* arrayValues(file: File): AsyncGenerator<FileValue, void, void> {
  if (file.size > largestArray)
    throw unreadable('A JSON array above 64 MB is not read. Write one value a line instead (NDJSON).')
  let values: unknown
  try {
    values = JSON.parse(await file.text())
  } catch (thrown) {
    throw unreadable(`The file is no JSON: ${thrown instanceof Error ? thrown.message : ''}`)
  }
  if (!Array.isArray(values)) throw unreadable('The file is no JSON array.')
  for (const [nth, value] of values.entries()) yield { text: JSON.stringify(value), at: nth + 1 }
}

async function* lineValues(file: File): AsyncGenerator<FileValue, void, void> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  let at = 0
  for (;;) {
    const { done, value } = await reader.read()
    const lines = (rest + (value ?? '')).split(/\r?\n/)
    rest = done ? '' : (lines.pop() ?? '')
    for (const text of lines) {
      at += 1
      if (text.trim() !== '') yield { text, at }
    }
    if (done) return
  }
}
