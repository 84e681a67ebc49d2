/** One call of Airflow's own REST API behind MWAA's InvokeRestApi. */
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { mwaaCall } from './mwaaCall.ts'
import type { AwsAccess } from './types.ts'

/** Whose Airflow. */
export interface AirflowAt {
  readonly access: AwsAccess
  readonly environment: string
  /** Its version, such as `2.10.3`. */
  readonly airflow: string
}

export interface Ask<T> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly answer: z.ZodType<T>
  readonly what: string
}

/** What an id of a run has beside letters may stand in a path as it is: MWAA's own tools send it so. */
const segment = (text: string) => encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2B', '+')

/** Rejects with AppError. */
export async function ask<T>(
  { access, environment }: AirflowAt,
  { method, path, query, body, answer, what }: Ask<T>,
): Promise<T> {
  const { RestApiResponse } = await mwaaCall(access, {
    ...{ method: 'POST', host: 'env', path: ['restapi', environment], what },
    repeatable: method === 'GET',
    body: {
      Method: method,
      // Without /api/v1 or /api/v2: MWAA knows its own.
      Path: `/${path.map(segment).join('/')}`,
      ...(query === undefined ? {} : { QueryParameters: query }),
      ...(body === undefined ? {} : { Body: body }),
    },
    answer: z.object({ RestApiStatusCode: z.int(), RestApiResponse: answer }),
  })
  return RestApiResponse as T
}

/** For answers that are not looked at: AWS need not send one, as after a deletion. */
export const nothing = z.unknown().optional()

/** Null instead of AIRFLOW_NOT_FOUND. */
export async function found<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'AIRFLOW_NOT_FOUND') return null
    throw thrown
  }
}

/** ms since 1970. */
export const time = z
  .string()
  .nullish()
  .transform((value) => (value == null ? null : Date.parse(value)))
/** Empty where there is none. */
export const words = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
