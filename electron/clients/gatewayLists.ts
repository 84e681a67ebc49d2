/** The names of the topics or streams behind a gateway: API Gateway with the REST proxy, or ours. */
import { z } from 'zod'
import { AppError, type ErrorDetail } from '../../shared/errors.ts'
import { connectGateway, type GatewayLine, trimSlash } from './gatewayHttp.ts'
import type { Refusal } from './refusal.ts'

const lists = {
  topics: z.array(z.string()),
  streams: z.object({ StreamNames: z.array(z.string()) }).transform(({ StreamNames }) => StreamNames),
} as const

/** API Gateway gives up after 29 s; a person who presses a button waits less. */
const patienceMs = 10_000

/** Throws AppError: GATEWAY_STRANGE where the answer is no list, else as `connectGateway` refuses. */
export async function listOf(
  line: GatewayLine,
  what: keyof typeof lists,
  signal: AbortSignal = AbortSignal.timeout(patienceMs),
): Promise<string[]> {
  const url = `${trimSlash(line.base)}/${what}`
  const http = connectGateway(line)
  try {
    const headers = { accept: 'application/json' }
    const answer = await http.send({ method: 'GET', url, headers, body: '' }, signal)
    if (!answer.ok) throw new AppError(told(answer.refusal, url))
    const parsed = lists[what].safeParse(answer.body)
    if (parsed.success) return parsed.data
    throw new AppError({
      code: 'GATEWAY_STRANGE',
      message: `The gateway answered ${answer.status} without a list of ${what}: ${url}`,
      hint: 'Check that the address is the invoke URL of the API, with its stage.',
    })
  } finally {
    await http.close()
  }
}

/** Here nothing was sent that could be lost or sent again. */
function told({ code, message, hint }: Refusal, url: string): ErrorDetail {
  if (code !== 'GATEWAY_UNREACHABLE' && code !== 'GATEWAY_SILENT') return { code, message, hint }
  return {
    code: 'GATEWAY_UNREACHABLE',
    message: `The gateway does not answer: ${url}`,
    hint: 'Is the address right, with its stage? Is the machine behind it running? (F-30)',
  }
}
