/** From what the Kinesis client throws to the error bodies AWS answers, with their status. */
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { awsError, gatewayError, Refusal } from './answer.ts'

/** The Kinesis API's own error, which the client keeps as the cause of what it throws. */
interface ServiceError extends Error {
  readonly $fault: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

function isServiceError(value: unknown): value is ServiceError {
  return value instanceof Error && '$fault' in value
}

/**
 * The whole call's answer for what was thrown by a Kinesis call: AWS's words where Kinesis spoke. Where it could not be
 * reached 503 (nothing was written, sending again is safe); where it fell silent 504, as API Gateway says it.
 */
export function kinesisRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown
  const cause = thrown instanceof AppError ? thrown.cause : thrown
  if (isServiceError(cause)) {
    return awsError(cause.$metadata?.httpStatusCode ?? 400, cause.name, cause.message)
  }
  const detail = toErrorDetail(thrown)
  if (detail.code === 'KINESIS_UNREACHABLE') {
    return awsError(503, 'ServiceUnavailable', detail.message, { 'retry-after': '1' })
  }
  return gatewayError(504, `Endpoint request timed out: ${detail.message}`)
}
