/** Consent in the terminal: what would be lost is listed, and the name typed; `--yes` types it. */
import type { ConsentRequest } from '../../../shared/contract/app.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Client, Terminal } from './session.ts'

/** The one-time token for exactly this request. Throws AppError where the person said no or cannot be asked. */
export async function consentFor(
  client: Client,
  terminal: Terminal,
  request: ConsentRequest,
  yes: boolean,
): Promise<string> {
  const question = await client.app.consentQuestion(request)
  if (!yes && !terminal.interactive) {
    throw new AppError({
      code: 'CONSENT_NEEDED',
      message: `${question.title} Nobody can be asked here.`,
      hint: 'Add --yes if you mean it.',
    })
  }
  terminal.note(question.title)
  terminal.note(question.lead)
  for (const loss of question.losses) terminal.note(`  ${loss}`)
  const typed = yes ? question.typed : await terminal.ask(`Type ${question.typed} to go on: `)
  const { token } = await client.app.consent({ request, typed })
  if (token !== null) return token
  throw new AppError({
    code: 'CONSENT_REFUSED',
    message: 'Nothing was changed.',
    hint: `Type ${question.typed} exactly to agree.`,
  })
}
