/** A passphrase: the one there is, a new one typed twice, or both. */
import { useState } from 'react'
import { shortestPassphrase } from '../../../shared/contract/secrets.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/Field.tsx'

interface PassphraseFormProps {
  readonly action: string
  /** Asks for a new one, twice. */
  readonly fresh?: boolean
  /** Asks for the present one; always where no new one is asked for. */
  readonly old?: boolean
  readonly busy: boolean
  readonly problem: unknown
  readonly onSubmit: (given: { readonly passphrase: string; readonly next: string }) => void
}

export function PassphraseForm({
  action,
  fresh = false,
  old = !fresh,
  busy,
  problem,
  onSubmit,
}: PassphraseFormProps) {
  const [passphrase, setPassphrase] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const missing = old && passphrase === ''
  const short = fresh && next.length < shortestPassphrase
  const differs = fresh && next !== again
  return (
    <form
      noValidate
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (missing || short || differs) return
        onSubmit({ passphrase, next })
        setPassphrase('')
      }}
    >
      {old && (
        <TextField
          label={fresh ? 'Present passphrase' : 'Passphrase'}
          type="password"
          value={passphrase}
          onChange={setPassphrase}
          error={tried && missing && !busy ? 'Enter the passphrase.' : undefined}
        />
      )}
      {fresh && (
        <>
          <TextField
            label="New passphrase"
            type="password"
            value={next}
            onChange={setNext}
            help={`At least ${shortestPassphrase} characters; several words are easiest.`}
            error={tried && short ? `At least ${shortestPassphrase} characters.` : undefined}
          />
          <TextField
            label="The same again"
            type="password"
            value={again}
            onChange={setAgain}
            error={tried && differs ? 'The two differ.' : undefined}
          />
        </>
      )}
      <ProblemNotice problem={problem} alert />
      <Button type="submit" busy={busy}>
        {action}
      </Button>
    </form>
  )
}
