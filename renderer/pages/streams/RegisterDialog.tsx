/** Registers our consumer where that costs money: the price stands here before anything is made. */
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'

interface RegisterDialogProps {
  readonly stream: string
  readonly name: string
  readonly cost: string
  readonly busy: boolean
  readonly problem: unknown
  readonly onRegister: () => void
  readonly onClose: () => void
}

export function RegisterDialog(props: RegisterDialogProps) {
  const { stream, name, cost, busy, problem, onRegister, onClose } = props
  return (
    <Dialog
      open
      title={`Register a consumer with ${stream}?`}
      onClose={onClose}
      onSubmit={onRegister}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={busy}>
            Register and accept the cost
          </Button>
        </>
      }
    >
      <p>
        Enhanced fan-out needs a consumer of its own, <span className="num">{name}</span>. {cost}
      </p>
      <p className="text-ink-2">
        It stays registered, and costs, until you deregister it on the tab Consumers; ending the tail is not
        enough.
      </p>
      <ProblemNotice problem={problem} alert />
    </Dialog>
  )
}
