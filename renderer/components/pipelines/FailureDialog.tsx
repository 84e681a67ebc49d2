/** A failure of something that was asked for in a menu, which is closed by then. */
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ProblemNotice } from '../ProblemNotice.tsx'

interface FailureDialogProps {
  readonly title: string
  readonly failure: { readonly error: unknown; readonly reset: () => void }
}

export function FailureDialog({ title, failure }: FailureDialogProps) {
  return (
    <Dialog
      open={failure.error !== null}
      title={title}
      onClose={failure.reset}
      footer={
        <Button variant="primary" onClick={failure.reset}>
          OK
        </Button>
      }
    >
      <ProblemNotice problem={failure.error} />
    </Dialog>
  )
}
