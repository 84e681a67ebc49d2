/** Asks before anything is destroyed: what exactly would be lost, and a typed name (on the desktop the native dialog). */
import { useState } from 'react'
import type { ConsentQuestion, ConsentRequest } from '../../shared/contract/app.ts'
import { client } from '../api/client.ts'
import { useAppInfo } from '../api/query.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { TextField } from '../ui/Field.tsx'
import { ProblemNotice } from './ProblemNotice.tsx'

interface Asked {
  readonly request: ConsentRequest
  readonly question: ConsentQuestion
  readonly answer: (token: string | null) => void
}

/**
 * `ask` resolves with the one-time token, or null where the person said no; it throws what `consentQuestion` throws.
 * `dialog` is drawn by the caller.
 */
export function useConsent(): {
  ask: (request: ConsentRequest) => Promise<string | null>
  dialog: React.ReactNode
} {
  const desktop = useAppInfo().data?.door === 'desktop'
  const [asked, setAsked] = useState<Asked | null>(null)

  const ask = async (request: ConsentRequest): Promise<string | null> => {
    const question = await client.app.consentQuestion(request)
    if (desktop) return (await client.app.consent({ request, typed: '' })).token
    return new Promise((answer) => setAsked({ request, question, answer }))
  }
  const settle = (token: string | null) => {
    asked?.answer(token)
    setAsked(null)
  }
  return { ask, dialog: asked === null ? null : <ConsentDialog asked={asked} settle={settle} /> }
}

function ConsentDialog({ asked, settle }: { asked: Asked; settle: (token: string | null) => void }) {
  const [typed, setTyped] = useState('')
  const [failure, setFailure] = useState<unknown>(null)
  const { question, request } = asked
  const agree = async () => {
    try {
      settle((await client.app.consent({ request, typed })).token)
    } catch (thrown) {
      setFailure(thrown)
    }
  }
  return (
    <Dialog
      open
      title={question.title}
      onClose={() => settle(null)}
      onSubmit={() => {
        if (typed === question.typed) void agree()
      }}
      footer={
        <>
          <Button onClick={() => settle(null)}>Cancel</Button>
          <Button type="submit" variant="danger" disabled={typed !== question.typed}>
            {question.agree}
          </Button>
        </>
      }
    >
      <p>{question.lead}</p>
      <ul className="grid list-disc gap-1 pl-5">
        {question.losses.map((loss) => (
          <li key={loss}>{loss}</li>
        ))}
      </ul>
      <TextField label={`Type “${question.typed}” to agree`} value={typed} onChange={setTyped} />
      <ProblemNotice problem={failure} alert />
    </Dialog>
  )
}
