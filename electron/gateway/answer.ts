/** What a handler answers, and the three error bodies: the REST proxy's, the Kinesis API's and API Gateway's own. */

export interface Answer {
  readonly status: number
  /** JSON text; null means no body (204, or 200 with nothing as the Kinesis API does). */
  readonly body: string | null
  /** Media type; the route's own where it is left out. */
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Thrown by a handler to answer at once with something that is not a success. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super(answer.body ?? String(answer.status))
    this.name = 'Refusal'
    this.answer = answer
  }
}

/** The REST proxy's error: `{error_code, message}` (facts/apis.md 4.1). */
export function proxyError(
  status: number,
  code: number,
  message: string,
  headers?: Answer['headers'],
): Refusal {
  return new Refusal({
    status,
    body: JSON.stringify({ error_code: code, message }),
    ...(headers === undefined ? {} : { headers }),
  })
}

/** The Kinesis API's error as its API Gateway integration hands it on: `{__type, message}` with its status. */
export function awsError(
  status: number,
  type: string,
  message: string,
  headers?: Answer['headers'],
): Refusal {
  return new Refusal({
    status,
    type: 'application/json',
    body: JSON.stringify({ __type: type, message }),
    ...(headers === undefined ? {} : { headers }),
  })
}

/** API Gateway's own error: `{message}`. */
export function gatewayError(status: number, message: string, headers?: Answer['headers']): Refusal {
  return new Refusal({
    status,
    type: 'application/json',
    body: JSON.stringify({ message }),
    ...(headers === undefined ? {} : { headers }),
  })
}

/** What API Gateway answers where no stage, resource or method fits (F-31). */
export function missingToken(): Refusal {
  return gatewayError(403, 'Missing Authentication Token', {
    'x-amzn-errortype': 'MissingAuthenticationTokenException',
  })
}

/** A success with a JSON body. */
export function ok(body: string, type?: string): Answer {
  return { status: 200, body, ...(type === undefined ? {} : { type }) }
}

/** A success without a body: what the proxy's void calls answer. */
export const noContent: Answer = { status: 204, body: null }
