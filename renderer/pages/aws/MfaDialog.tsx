/** The six digits of an authenticator. */
import { useState } from 'react'
import { mfaCodeSchema } from '../../../shared/aws.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'

interface MfaDialogProps {
  readonly open: boolean
  readonly onClose: () => void
}

export function MfaDialog({ open, onClose }: MfaDialogProps) {
  const pipeline = usePipeline().id
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const checked = mfaCodeSchema.safeParse(code)
  const close = () => {
    setCode('')
    setTried(false)
    onClose()
  }
  const test = useAction(client.aws.test, ({ problem }) => {
    setCode('')
    setTried(false)
    if (problem === null) onClose()
  })
  return (
    <Dialog
      open={open}
      title="Code of your authenticator"
      onClose={close}
      onSubmit={() => {
        setTried(true)
        if (checked.success) test.mutate({ pipeline, mfaCode: checked.data })
      }}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="primary" busy={test.isPending}>
            Connect
          </Button>
        </>
      }
    >
      <p>The role of this profile is given only with a code. It is sent to AWS once and kept nowhere.</p>
      <TextField
        label="Six digits"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        value={code}
        onChange={setCode}
        error={tried && !checked.success ? 'The code has six digits.' : undefined}
      />
      <ProblemNotice problem={test.data?.problem ?? test.error} alert />
    </Dialog>
  )
}
