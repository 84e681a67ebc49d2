/** Consent to destructive calls: asked by the host, given as a one-time token bound to exactly what was shown. */
import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { ConsentQuestion, ConsentRequest } from '../../shared/contract/app.ts'
import { AppError } from '../../shared/errors.ts'
import type { Platform } from '../platform.ts'
import type { ConsentDesk } from './deps.ts'

/** Long enough to read and type, short enough not to lie around. */
const validMs = 120_000

type Describe = (request: ConsentRequest) => Promise<ConsentQuestion>

export interface Consent extends ConsentDesk {
  question(request: ConsentRequest): Promise<ConsentQuestion>
  /** Null where the person said no. */
  ask(request: ConsentRequest, typed: string): Promise<string | null>
}

export function consentDesk(platform: Pick<Platform, 'consent'>, now: () => number = Date.now): Consent {
  const describers = new Map<ConsentRequest['action'], Describe>()
  const given = new Map<string, { readonly request: ConsentRequest; readonly until: number }>()

  const question = async (request: ConsentRequest): Promise<ConsentQuestion> => {
    const describe = describers.get(request.action)
    if (describe === undefined) throw new Error(`Nothing describes ${request.action}`)
    return describe(request)
  }

  return {
    question,
    describe: (action, describe) => {
      // The map is keyed by the action that the request's type is narrowed by.
      describers.set(action, describe as Describe)
    },
    async ask(request, typed) {
      if (!(await platform.consent(await question(request), typed))) return null
      for (const [token, { until }] of given) if (until < now()) given.delete(token)
      const token = randomBytes(24).toString('base64url')
      given.set(token, { request: structuredClone(request), until: now() + validMs })
      return token
    },
    async redeem(token, request) {
      const held = given.get(token)
      given.delete(token)
      if (held === undefined || held.until < now() || !isDeepStrictEqual(held.request, request)) {
        throw new AppError({
          code: 'CONSENT_NEEDED',
          message: 'This deletes something and was not agreed to, or the agreement has run out.',
          hint: 'Ask again and confirm what is shown.',
        })
      }
    },
  }
}
