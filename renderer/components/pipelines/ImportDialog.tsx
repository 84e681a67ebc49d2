/** Makes a pipeline from a file that Export wrote. */
import { useId, useState } from 'react'
import { AppError } from '../../../shared/errors.ts'
import { client } from '../../api/client.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { useMakeAndSwitch } from './useMakeAndSwitch.ts'

/** Characters; what the contract takes. */
const largest = 1_000_000

async function imported(file: File | null) {
  if (file === null || file.size > largest) {
    throw new AppError({
      code: 'IMPORT_INVALID',
      message:
        file === null ? 'No file is chosen.' : `This is not an exported pipeline: ${file.name} is too large`,
      hint: 'Choose a file that was made with Export.',
    })
  }
  return client.pipelines.import({ text: await file.text() })
}

export function ImportDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const id = useId()
  const [file, setFile] = useState<File | null>(null)
  const run = useMakeAndSwitch(imported, onClose)
  const close = () => {
    setFile(null)
    run.reset()
    onClose()
  }
  return (
    <Dialog
      open={open}
      title="Import a pipeline"
      onClose={close}
      onSubmit={() => {
        if (!run.isPending) run.mutate(file)
      }}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="primary" busy={run.isPending}>
            Import
          </Button>
        </>
      }
    >
      <div className="grid gap-1">
        <label htmlFor={id} className="text-sm font-medium">
          Exported file
        </label>
        <input
          id={id}
          type="file"
          accept=".json,application/json"
          className="input"
          aria-describedby={`${id}-text`}
          onChange={(event) => {
            setFile(event.target.files?.[0] ?? null)
            run.reset()
          }}
        />
        <p id={`${id}-text`} className="text-xs text-ink-2">
          Its settings become a new pipeline; the data and the secrets of the other one are not in it.
        </p>
      </div>
      <ProblemNotice problem={run.error} alert />
    </Dialog>
  )
}
