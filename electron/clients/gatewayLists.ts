/** The names of the topics or streams behind a gateway: API Gateway with the REST proxy, or ours. */
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'

const lists = {
  topics: z.array(z.string()),
  streams: z.object({ StreamNames: z.array(z.string()) }).transform(({ StreamNames }) => StreamNames),
} as const

/** API Gateway gives up after 29 s; a person who presses a button waits less. */
const patienceMs = 10_000

/** Throws AppError GATEWAY_UNREACHABLE or GATEWAY_STRANGE. */
export async function listOf(base: string, what: keyof typeof lists): Promise<string[]> {
  const url = `${base.replace(/\/+$/, '')}/${what}`
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).catch((cause) => {
    throw new AppError(
      {
        code: 'GATEWAY_UNREACHABLE',
        message: `The gateway does not answer: ${url}`,
        hint: 'Is the address right, with its stage? Is the machine behind it running? (F-30)',
      },
      cause,
    )
  })
  const parsed = lists[what].safeParse(await response.json().catch(() => null))
  if (response.ok && parsed.success) return parsed.data
  throw new AppError({
    code: 'GATEWAY_STRANGE',
    message: `The gateway answered ${response.status} instead of a list of ${what}: ${url}`,
    hint:
      response.status === 403
        ? 'API Gateway answers 403 where the stage is missing from the address or the API was not deployed. (F-31)'
        : 'Check that the address is the invoke URL of the API, with its stage.',
  })
}
