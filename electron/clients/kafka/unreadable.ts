/** Bytes of a broker that make no sense. */
import { AppError } from '../../../shared/errors.ts'

export function unreadable(error: unknown): AppError {
  return new AppError(
    {
      code: 'KAFKA_UNREADABLE',
      message: `The broker’s answer cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'A record may be damaged or packed in a way this app does not know. Go on behind it.',
    },
    error,
  )
}
