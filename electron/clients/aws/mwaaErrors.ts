/** From what MWAA, and the Airflow behind it, refuse to errors a person can act on. */

import { ZodError } from 'zod'
import { AppError, type ErrorDetail } from '../../../shared/errors.ts'
import { saidOf } from './errors.ts'

/** What AWS said, with its own name for it. */
export class MwaaFault extends Error {
  readonly status: number
  readonly body: unknown
  constructor(name: string, message: string, status: number, body: unknown) {
    super(message)
    this.name = name
    this.status = status
    this.body = body
  }
}

/** Undefined for what every service of AWS says alike. */
export function mwaaError(thrown: unknown, what: string): AppError | undefined {
  // An answer may hold what was asked for, so it is not kept as the cause.
  const tell = (detail: ErrorDetail) => new AppError(detail)
  if (thrown instanceof ZodError)
    return tell({
      code: 'MWAA_ANSWER',
      message: `MWAA answered something else than its documents say for ${what}: ${thrown.issues[0]?.path.join('.') ?? ''} ${thrown.issues[0]?.message ?? ''}`,
      hint: 'A newer version of this app may know it.',
    })
  if (!(thrown instanceof MwaaFault)) return undefined
  switch (thrown.name) {
    case 'ResourceNotFoundException':
      return tell({
        code: 'MWAA_UNKNOWN',
        message: `There is no such environment in this account and region: ${what}`,
        hint: 'Look at the list (pipeline airflow environments), and at the region on the page AWS.',
      })
    case 'ValidationException':
      return tell({
        code: 'MWAA_REFUSED',
        message: `MWAA refuses this for ${what}: ${saidOf(thrown)}`,
        hint: 'The message above is MWAA’s own. An environment that is being changed takes no other change meanwhile.',
      })
    case 'RestApiClientException':
    case 'RestApiServerException':
      return airflowError(thrown, what, tell)
    case 'AccessDeniedException':
      if (!/No Airflow role/i.test(thrown.message)) return undefined
      return tell({
        code: 'AIRFLOW_NO_ROLE',
        message: `This identity has no role in the Airflow of ${what}.`,
        hint: 'Allow it airflow:InvokeRestApi on arn:aws:airflow:<region>:<account>:role/<environment>/Op.',
      })
    default:
      return undefined
  }
}

type Tell = (detail: ErrorDetail) => AppError

/** What Airflow itself answered; its status stands in the answer. */
function airflowError({ body }: MwaaFault, what: string, tell: Tell): AppError {
  const { RestApiStatusCode: status = 0, RestApiResponse: answer } = (body ?? {}) as Refusal
  const said = saidOf(new Error(answerText(answer)))
  switch (status) {
    case 401:
    case 403:
      return tell({
        code: 'AIRFLOW_DENIED',
        message: `Airflow does not let this identity do this for ${what}: ${said}`,
        hint: 'Its role in Airflow is too small: allow airflow:InvokeRestApi on the role Op or Admin of the environment.',
      })
    case 404:
      return tell({
        code: 'AIRFLOW_NOT_FOUND',
        message: `Airflow does not know ${what}: ${said}`,
        hint: 'A new file of a DAG is seen within 30 s to some minutes; then look again.',
      })
    case 409:
      return tell({
        code: 'AIRFLOW_CONFLICT',
        message: `Airflow has ${what} already: ${said}`,
        hint: 'Look again: it may be there.',
      })
    default:
      return tell({
        ...(status >= 500 || status === 0 ? { code: 'AIRFLOW_FAILED' } : { code: 'AIRFLOW_REFUSED' }),
        message: `Airflow answered ${status || 'with a fault'} for ${what}: ${said}`,
        hint: 'The message above is Airflow’s own; its web server’s log in CloudWatch says more.',
      })
  }
}

interface Refusal {
  readonly RestApiStatusCode?: number
  readonly RestApiResponse?: unknown
}

/** Airflow 2: `title` and `detail`; Airflow 3: `detail`, a text or a list, whose `input` quotes what was sent and is left out. */
function answerText(answer: unknown): string {
  if (typeof answer === 'string') return answer
  const { title, detail } = (answer ?? {}) as { readonly title?: unknown; readonly detail?: unknown }
  const details = Array.isArray(detail)
    ? detail.map((each: { readonly loc?: unknown[]; readonly msg?: string }) =>
        [each.loc?.join('.'), each.msg].filter((text) => text !== undefined).join(' '),
      )
    : [detail]
  return [title, ...details].filter((text) => typeof text === 'string').join(': ')
}
