/** A row that the source does not have (F-75): an error that says so, never an empty record. */
import { AppError } from '../../../shared/errors.ts'

export function beyondSource(index: number, size: number): AppError {
  return new AppError({
    code: 'ROW_BEYOND_SOURCE',
    message: `The source has ${size} posts, numbered from 0; it has no post ${index}.`,
    hint: 'Load the missing rows into the source, or choose another source.',
  })
}
